"""The exchange rates for a command that needs nothing else of the database."""

from __future__ import annotations

from datetime import date

from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.model.clock import SystemClock
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.database import migrate, open_database


def rates_into(target: Currency, day: date | None) -> RateTable:
    """The newest rates held that are not after `day`, or not after today."""
    db = open_database(read_settings().database)
    try:
        migrate(db)
        return rate_table(db, target, day or SystemClock().now().date())
    finally:
        db.close()
