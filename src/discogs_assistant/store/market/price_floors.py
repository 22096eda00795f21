"""Price floors: the lowest price of a release, where no copy's seller is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency
from discogs_assistant.model.release import MarketStats
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.listing_rows import money_of
from discogs_assistant.store.schema import price_floor
from discogs_assistant.store.statements import among, upsert

_NONE_FOR_SALE = ""


def save_stats(db: Database, found: Sequence[MarketStats]) -> None:
    """Store price floors, the newer of two; one transaction."""
    rows = [
        {
            "release_id": floor.release_id,
            "currency": floor.lowest.currency.value if floor.lowest else _NONE_FOR_SALE,
            "lowest_minor": floor.lowest.minor if floor.lowest else None,
            "for_sale": floor.for_sale,
            "blocked": floor.blocked,
            "as_of": floor.as_of,
        }
        for floor in sorted(found, key=lambda floor: floor.release_id)
    ]
    if rows:
        with db.write() as connection:
            connection.execute(upsert(connection, price_floor, not_older="as_of"), rows)


def stats(
    db: Database, ids: Iterable[ReleaseId], currency: Currency, since: datetime
) -> dict[ReleaseId, MarketStats]:
    """The newest floor in `currency` of each release, reported since then; one statement.

    That none is for sale holds for every currency.
    """
    table = price_floor
    with db.read() as connection:
        query = (
            select(table)
            .where(
                among(connection, table.c.release_id, ids),
                table.c.currency.in_((currency.value, _NONE_FOR_SALE)),
                table.c.as_of >= since,
            )
            .order_by(table.c.as_of)
        )
        return {
            ReleaseId(row.release_id): MarketStats(
                release_id=ReleaseId(row.release_id),
                lowest=money_of(row.lowest_minor, row.currency),
                for_sale=row.for_sale,
                blocked=row.blocked,
                as_of=row.as_of,
            )
            for row in connection.execute(query)
        }
