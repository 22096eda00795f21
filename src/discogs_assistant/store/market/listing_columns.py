"""The market as the cart engines need it: few columns of many copies, and a mark of its state."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.listings import for_sale, read_listings
from discogs_assistant.store.market.revisions import revision
from discogs_assistant.store.schema import listing as table
from discogs_assistant.store.schema import own_order, price_floor, seller_shipping, shipping_policy
from discogs_assistant.store.statements import among


class MarketRow(NamedTuple):
    """A copy for sale: its price in minor units of its currency, grades as their numbers."""

    id: int
    release_id: int
    seller: str
    price_minor: int
    currency: str
    media: int | None
    sleeve: int | None
    ships_from: str | None
    quantity: int
    grams: int | None
    format: str | None
    as_of: datetime


def market_rows(
    db: Database, owner: OwnerId, release_ids: Iterable[ReleaseId], *, since: datetime
) -> list[MarketRow]:
    """Copies of these releases for sale, reported since then, by id, as `market.listings_for` sees them.

    One statement.
    """
    with db.read() as connection:
        found = for_sale(owner, since, among(connection, table.c.release_id, release_ids))
        query = found.with_only_columns(*(table.c[name] for name in MarketRow._fields)).order_by(table.c.id)
        return [MarketRow(*row) for row in connection.execute(query)]


def listings(db: Database, owner: OwnerId, ids: Iterable[ListingId], *, since: datetime) -> list[Listing]:
    """These copies, where they are for sale and were reported since then, by id; one statement."""
    with db.read() as connection:
        return read_listings(connection, for_sale(owner, since, among(connection, table.c.id, ids)))


def market_mark(db: Database, owner: OwnerId) -> Hashable:
    """What changes whenever listings, price floors or what is known of shipping do; reads no listing."""
    newest = select(func.max(price_floor.c.as_of)).scalar_subquery()
    shipping = select(func.max(seller_shipping.c.reported_at)).scalar_subquery()
    with db.read() as connection:
        return (
            revision(connection, owner),
            *connection.execute(select(newest, shipping)).one(),
            *(
                value
                for table in (shipping_policy, own_order)
                for value in connection.execute(
                    select(func.count(), func.max(table.c.reported_at)).where(table.c.owner == owner)
                ).one()
            ),
        )
