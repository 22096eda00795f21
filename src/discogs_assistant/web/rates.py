"""The day's exchange rates for what a page shows."""

from __future__ import annotations

from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.pipelines.exchange import rate_table
from discogs_assistant.store import exchange_rates
from discogs_assistant.web.visitor import Visitor


def rates_into(visitor: Visitor, currency: Currency) -> RateTable:
    """The newest rates held into `currency`."""
    held = exchange_rates.rates(visitor.ctx.db, visitor.now.date())
    if held is None:
        # Reading those that were installed takes longer than a page may: once only, the next finds them kept.
        return rate_table(visitor.ctx.db, currency, visitor.now.date())
    day, source, per_euro = held
    return RateTable.from_euro(day, source, currency, per_euro)
