"""A person's whole account as one JSON object, without expired prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.carts.price_expiry import shown
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
    return json_pieces(_fresh_export(exported, ctx.fresh_since()))


def _fresh_export(exported: Iterable[Part], since: datetime) -> Iterator[Part]:
    """An account's export; `partial`, at the end, says what was left out because it has expired."""
    left_out: list[str] = []
    for name, rows in exported:
        if name == "result":
            yield name, _fresh_results(rows, since)
        elif name == "listing":
            yield name, _young_copies(rows, since, left_out)
        else:
            yield name, rows
    yield "partial", iter(left_out)


def _fresh_results(rows: Iterator[Any], since: datetime) -> Iterator[Any]:
    for row in rows:
        yield {**row, "document": _shown(row["kind"], row["document"], since)}


def _young_copies(rows: Iterator[Any], since: datetime, left_out: list[str]) -> Iterator[Any]:
    for row in rows:
        if datetime.fromisoformat(row["as_of"]) >= since:
            yield row
        elif not left_out:
            left_out.append(_AGED)


def _shown(kind: str, document: Any, since: datetime) -> object | None:
    """As the API prints it; None where another version made it, whose prices cannot be distinguished."""
    try:
        return printed(shown(read_result(kind, document), since))
    except OtherVersionError:
        return None
