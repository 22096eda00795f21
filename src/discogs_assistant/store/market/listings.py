"""Copies for sale: keeping listings and finding them by release or seller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    distinct,
    exists,
    func,
    or_,
    select,
)

from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing, ListingColumns, Origin, Seller
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.listed_names import forget_names, save_names
from discogs_assistant.store.market.listing_rows import listing_columns, listing_of
from discogs_assistant.store.market.revisions import raise_revision, revision
from discogs_assistant.store.market.sellers import known_sellers, put_sellers
from discogs_assistant.store.schema import SHARED_OWNER, inventory, price_floor, seller_shipping
from discogs_assistant.store.schema import listing as table
from discogs_assistant.store.statements import among, put_columns, upsert

FOR_SALE = "For Sale"

_other = table.alias()
_fresher = or_(
    _other.c.as_of > table.c.as_of, and_(_other.c.as_of == table.c.as_of, _other.c.owner > table.c.owner)
)


@dataclass(frozen=True, slots=True)
class MarketSummary:
    """What is known to be for sale: counts, and the age of the oldest and newest listing."""

    listings: int
    sellers: int
    releases: int
    oldest: datetime | None
    newest: datetime | None
    by_origin: Mapping[Origin, int]


@dataclass(frozen=True, slots=True)
class SellerMatch:
    """A seller with `wanted` requested releases, in `listings` copies, the oldest reported at `as_of`."""

    seller: Seller
    wanted: int
    listings: int
    as_of: datetime


def save_listings(
    db: Database, owner: OwnerId, listings: Sequence[Listing], sellers: Sequence[Seller]
) -> None:
    """Keep listings and their sellers; an older row never replaces a newer one. One transaction.

    `owner` is `SHARED_OWNER` for what the API reported, else the only person who sees them.
    """
    columns = ListingColumns.of(listings).by_id()
    with db.write() as connection:
        put_sellers(connection, owner, sellers)
        if len(columns):
            insert = upsert(connection, table, not_older="as_of")
            put_columns(connection, insert, table, listing_columns(owner, columns))
            save_names(connection, owner, columns)
            raise_revision(connection, owner)


def stored_by(db: Database, owner: OwnerId) -> int:
    """How many copies a person's uploads hold, of any age; one statement."""
    with db.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.owner == owner)
        return connection.execute(query).scalar_one()


def stored_among(db: Database, owner: OwnerId, ids: Iterable[ListingId]) -> set[ListingId]:
    """Those of the listings that a person's uploads hold already; one statement."""
    with db.read() as connection:
        query = select(table.c.id).where(table.c.owner == owner, among(connection, table.c.id, ids))
        return {ListingId(id) for id in connection.scalars(query)}


def replace_inventory(db: Database, owner: OwnerId, seller: str, started_at: datetime, *, whole: bool) -> int:
    """Remove the seller's shared listings older than `started_at`, when a reading began; how many rows.

    A `whole` reading also removes copies that `owner`, who asked for it, uploaded before and it did not find:
    they are sold. Uploads that it found stay, as they may contain more than the API gives. Other people's
    uploads stay. One transaction.
    """
    older = and_(table.c.seller == seller, table.c.as_of < started_at)
    met = table.alias()
    unmet = ~exists().where(met.c.id == table.c.id, met.c.owner == SHARED_OWNER)
    with db.write() as connection:
        gone = connection.execute(delete(table).where(older, table.c.owner == SHARED_OWNER)).rowcount
        if whole:
            gone += connection.execute(delete(table).where(older, table.c.owner == owner, unmet)).rowcount
        raise_revision(connection, SHARED_OWNER)
    return gone


def listings_for(
    db: Database, owner: OwnerId, release_ids: Iterable[ReleaseId], *, since: datetime
) -> list[Listing]:
    """Copies of these releases for sale, reported since then, by listing id; the freshest row of each counts.

    One statement.
    """
    with db.read() as connection:
        return read_listings(
            connection, for_sale(owner, since, among(connection, table.c.release_id, release_ids))
        )


def listings_of(db: Database, owner: OwnerId, seller: str, since: datetime) -> list[Listing]:
    """A seller's copies for sale, reported since then, by listing id; one statement."""
    with db.read() as connection:
        return read_listings(connection, for_sale(owner, since, table.c.seller == seller))


def listing(db: Database, owner: OwnerId, id: ListingId) -> Listing | None:
    """The freshest row of one listing, whatever its status and age; one statement."""
    query = (
        select(table)
        .where(table.c.id == id, _seen_by(owner))
        .order_by(table.c.as_of.desc(), table.c.owner.desc())
    )
    with db.read() as connection:
        row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else listing_of(row)


def summary(db: Database, owner: OwnerId, since: datetime) -> MarketSummary:
    """Counts over all copies for sale reported since then; one transaction."""
    found = for_sale(owner, since).subquery()
    totals = select(
        func.count(),
        func.count(distinct(found.c.seller)),
        func.count(distinct(found.c.release_id)),
        func.min(found.c.as_of),
        func.max(found.c.as_of),
    )
    origins = select(found.c.origin, func.count()).group_by(found.c.origin).order_by(found.c.origin)
    with db.read() as connection:
        row = connection.execute(totals).one()
        by_origin = {Origin(origin): count for origin, count in connection.execute(origins)}
    return MarketSummary(row[0], row[1], row[2], row[3], row[4], by_origin)


def releases_for_sale(
    db: Database, owner: OwnerId, release_ids: Iterable[ReleaseId], *, since: datetime
) -> frozenset[ReleaseId]:
    """Those of the releases of which a copy is for sale, reported since then; one statement."""
    with db.read() as connection:
        found = for_sale(owner, since, among(connection, table.c.release_id, release_ids))
        query = found.with_only_columns(table.c.release_id).distinct()
        return frozenset(ReleaseId(id) for id in connection.scalars(query))


def copy_of_each(
    db: Database, owner: OwnerId, release_ids: Iterable[ReleaseId], *, since: datetime
) -> list[Listing]:
    """One copy for sale of each of the releases, by listing id, as in `listings_for`; one statement."""
    with db.read() as connection:
        found = for_sale(owner, since, among(connection, table.c.release_id, release_ids))
        first = found.with_only_columns(func.min(table.c.id)).group_by(table.c.release_id)
        return read_listings(connection, for_sale(owner, since, table.c.id.in_(first)))


def version(db: Database, owner: OwnerId, since: datetime) -> tuple[int, datetime | None]:
    """What changes when copies that `owner` sees are saved, removed or too old; one transaction.

    It is the number of the last change, and when the oldest copy was reported of those reported since then.
    """
    # A sum, so that no index but that of the moments serves: its first row usually is the answer.
    seen = (table.c.owner + 0).in_((SHARED_OWNER, owner))
    oldest = select(table.c.as_of).where(table.c.as_of >= since, seen).order_by(table.c.as_of)
    with db.read() as connection:
        return revision(connection, owner), connection.scalar(oldest.limit(1))


def seller_matches(
    db: Database, owner: OwnerId, release_ids: Iterable[ReleaseId], since: datetime
) -> list[SellerMatch]:
    """Sellers by how many of these releases they have, most first, then by name; one transaction."""
    with db.read() as connection:
        found = for_sale(owner, since, among(connection, table.c.release_id, release_ids)).subquery()
        query = select(
            found.c.seller,
            func.count(distinct(found.c.release_id)).label("wanted"),
            func.count().label("copies"),
            func.min(found.c.as_of).label("as_of"),
        ).group_by(found.c.seller)
        rows = connection.execute(query).all()
        known = known_sellers(connection, owner, [row.seller for row in rows])
    matches = [
        SellerMatch(known.get(row.seller, Seller(row.seller)), row.wanted, row.copies, row.as_of)
        for row in rows
    ]
    return sorted(matches, key=lambda match: (-match.wanted, -match.listings, match.seller.name))


def delete_older(db: Database, before: datetime) -> int:
    """Remove listings, price floors, inventories and sellers' shipping reported earlier; how many rows.

    One transaction.
    """
    moments = (table.c.as_of, price_floor.c.as_of, inventory.c.read_at, seller_shipping.c.reported_at)
    with db.write() as connection:
        gone = [
            connection.execute(delete(moment.table).where(moment < before)).rowcount for moment in moments
        ]
        if gone[0]:
            forget_names(connection)
        return sum(gone)


def _seen_by(owner: OwnerId) -> ColumnElement[bool]:
    return table.c.owner.in_((SHARED_OWNER, owner))


def for_sale(owner: OwnerId, since: datetime, *which: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    """The freshest visible row of each listing, where that row is for sale."""
    # By keys, since a window function would sort the whole table for each count.
    seen = _other.c.owner.in_((SHARED_OWNER, owner))
    outdated = exists().where(_other.c.id == table.c.id, seen, _other.c.as_of >= since, _fresher)
    current = and_(_seen_by(owner), table.c.as_of >= since, table.c.status == FOR_SALE, *which)
    return select(table).where(current, ~outdated)


def read_listings(connection: Connection, found: Select[tuple[Any, ...]]) -> list[Listing]:
    """The listings of `for_sale` by id, inside the caller's transaction."""
    return [listing_of(row) for row in connection.execute(found.order_by(table.c.id)).mappings()]
