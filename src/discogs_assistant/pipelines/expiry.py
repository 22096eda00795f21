"""Whatever leaves the product with prices in it, held against the age that Discogs' terms allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines import runs
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.price_age import prices_expired, shown_carts, shown_check
from discogs_assistant.store.personal_data import Part

_AGED = "Left out are copies for sale that were handed in longer ago than Discogs' terms let them be shown."


def shown_result(ctx: Context, owner: OwnerId, run_id: RunId) -> dict[str, Any]:
    """As `runs.result`, without prices that may be shown no more."""
    kind, document = runs.find(ctx, owner, run_id).kind, runs.result(ctx, owner, run_id)
    return fresh(kind, document, ctx.clock.now(), ctx.settings.max_data_age)


def fresh(kind: str, document: dict[str, Any], now: datetime, max_age: timedelta) -> dict[str, Any]:
    """The result of a run of that kind as it may be shown now; unchanged while its prices are young."""
    if kind == RunKind.CHECK:
        shown = shown_check(document, now, max_age)
        return shown if shown["prices_expired"] else document
    expired = kind == RunKind.SHOP and prices_expired(document, now, max_age)
    return shown_carts(document, now, max_age) if expired else document


def fresh_export(exported: Iterable[Part], now: datetime, max_age: timedelta) -> Iterator[Part]:
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
        yield {**row, "document": fresh(row["kind"], row["document"], now, max_age)}


def _young_copies(rows: Iterator[Any], oldest: datetime, left_out: list[str]) -> Iterator[Any]:
    for row in rows:
        if datetime.fromisoformat(row["as_of"]) >= oldest:
            yield row
        elif not left_out:
            left_out.append(_AGED)
