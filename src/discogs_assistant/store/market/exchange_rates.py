"""Exchange rates by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from discogs_assistant.model.money import Currency
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import exchange_rate
from discogs_assistant.store.statements import upsert


def save_rates(db: Database, day: date, source: str, per_euro: Mapping[Currency, Decimal]) -> None:
    """Store how many units of each currency one euro bought that day; one statement."""
    rows = [
        {"day": day, "currency": currency.value, "source": source, "per_euro": units}
        for currency, units in per_euro.items()
    ]
    if rows:
        with db.write() as connection:
            connection.execute(upsert(connection, exchange_rate), rows)


def rates(db: Database, on_or_before: date) -> tuple[date, str, Mapping[Currency, Decimal]] | None:
    """The newest day's rates not after `on_or_before`: day, source, units per euro. One statement."""
    table = exchange_rate
    newest = select(func.max(table.c.day)).where(table.c.day <= on_or_before).scalar_subquery()
    query = select(table).where(table.c.day == newest).order_by(table.c.currency)
    with db.read() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return None
    return rows[0].day, rows[0].source, {Currency(row.currency): row.per_euro for row in rows}
