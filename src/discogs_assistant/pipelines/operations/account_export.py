"""A person's whole account as one JSON object, without prices that may be shown no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.carts.expiry import fresh
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.documents import OtherVersionError, printed
from discogs_assistant.pipelines.runtime.results.finished import read_result
from discogs_assistant.pipelines.runtime.results.json_stream import json_pieces
from discogs_assistant.store.accounts import personal_data
from discogs_assistant.store.accounts.personal_data import Part

_AGED = "Copies for sale are left out if they were uploaded longer ago than Discogs' terms allow."


def export_account(ctx: Context, owner: OwnerId) -> Iterator[str]:
    """Everything personal as the text of one JSON object, in pieces that are made while they are taken.

    Never the token itself, and no price older than may be shown.
    """
    exported = personal_data.export_account(ctx.db, owner)
    return json_pieces(_fresh_export(exported, ctx.clock.now(), ctx.settings.max_data_age))


def _fresh_export(exported: Iterable[Part], now: datetime, max_age: timedelta) -> Iterator[Part]:
    """An account's export as it may be handed out now; what was left out is said in `partial`, at the end."""
    left_out: list[str] = []
    for name, rows in exported:
        if name == "result":
            yield name, _fresh_results(rows, now, max_age)
        elif name == "listing":
            yield name, _young_copies(rows, now - max_age, left_out)
        else:
            yield name, rows
    yield "partial", iter(left_out)


def _fresh_results(rows: Iterator[Any], now: datetime, max_age: timedelta) -> Iterator[Any]:
    for row in rows:
        yield {**row, "document": _shown(row["kind"], row["document"], now, max_age)}


def _young_copies(rows: Iterator[Any], oldest: datetime, left_out: list[str]) -> Iterator[Any]:
    for row in rows:
        if datetime.fromisoformat(row["as_of"]) >= oldest:
            yield row
        elif not left_out:
            left_out.append(_AGED)


def _shown(kind: str, document: Any, now: datetime, max_age: timedelta) -> object | None:
    """As the API prints it; None where another version made it, whose prices cannot be distinguished."""
    try:
        return printed(fresh(read_result(kind, document), now, max_age))
    except OtherVersionError:
        return None
