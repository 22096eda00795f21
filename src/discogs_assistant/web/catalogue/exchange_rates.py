"""The day's exchange rates for what a page shows."""

from __future__ import annotations

from datetime import date

from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates
from discogs_assistant.web.session import Visitor


def rates_into(visitor: Visitor, currency: Currency) -> RateTable:
    """The newest rates held into `currency`."""
    day = visitor.now.date()
    return visitor.site.memory.recall(
        ("rates", currency, day), visitor.now, lambda: _read(visitor.ctx.db, currency, day)
    )


def _read(db: Database, currency: Currency, day: date) -> RateTable:
    held = exchange_rates.rates(db, day)
    if held is None:
        # Reading those that were installed takes longer than a page may: once only, the next finds them kept.
        return rate_table(db, currency, day)
    return RateTable.from_euro(held[0], held[1], currency, held[2])
