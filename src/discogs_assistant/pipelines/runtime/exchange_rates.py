"""The exchange rates that a search uses: the newest stored for a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from discogs_assistant.errors import UpstreamError
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.sources.exchange_rates import installed_rates
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates
from discogs_assistant.store.runs import progress

if TYPE_CHECKING:
    # The context imports every part; converting a price needs none of them.
    from discogs_assistant.model.run import Run
    from discogs_assistant.pipelines.runtime.context import Context


def renew_rates(ctx: Context, run: Run) -> None:
    """Fetch newer rates where the settings name a source; after a reported failure stored rates are used."""
    today = ctx.clock.now().date()
    stored = exchange_rates.rates(ctx.db, today)
    if stored is not None and stored[0] >= today - timedelta(days=1):
        return
    try:
        newer = ctx.sources.newer_rates()
    except UpstreamError as error:
        progress.add_partial(ctx.db, run.id, str(error))
        return
    if newer is not None:
        exchange_rates.save_rates(ctx.db, *newer)


def rate_table(db: Database, target: Currency, day: date) -> RateTable:
    """Rates into `target` of `day`, or of the last stored day before it."""
    stored = exchange_rates.rates(db, day)
    if stored is None or stored[0] < day:
        shipped = installed_rates(day)
        if stored is None or stored[0] < shipped[0]:
            exchange_rates.save_rates(db, *shipped)
            stored = shipped
    return RateTable.from_euro(stored[0], stored[1], target, stored[2])


def rates_json(rates: RateTable) -> dict[str, Any]:
    """The day's rates as decimal text: price × value is the amount in the budget's currency."""
    return {
        "date": rates.day.isoformat(),
        "source": rates.source,
        "values": {str(currency): str(rates.values[currency]) for currency in sorted(rates.values)},
    }
