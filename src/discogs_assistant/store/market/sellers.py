"""Sellers: their known data, the favourites, and readings of their inventories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.listing_rows import seller_of, seller_row
from discogs_assistant.store.schema import SHARED_OWNER, favourite, inventory, listing, seller
from discogs_assistant.store.statements import among, insert_into, insert_new, upsert


@dataclass(frozen=True, slots=True)
class InventoryState:
    """When a seller's inventory was last read; `complete` is False where a part is missing."""

    seller: str
    read_at: datetime
    complete: bool
    total: int
    note: str | None


def sellers(db: Database, owner: OwnerId, names: Iterable[str]) -> dict[str, Seller]:
    """The known sellers among `names`: what the API reported, completed with what the owner uploaded.

    One statement.
    """
    with db.read() as connection:
        return known_sellers(connection, owner, names)


def known_sellers(connection: Connection, owner: OwnerId, names: Iterable[str]) -> dict[str, Seller]:
    """As `sellers`, inside the caller's transaction."""
    visible = seller.c.owner.in_((SHARED_OWNER, owner))
    query = select(seller).where(visible, among(connection, seller.c.name, names)).order_by(seller.c.owner)
    known: dict[str, Seller] = {}
    for row in connection.execute(query).mappings():
        found = seller_of(row)
        known[found.name] = _filled(known[found.name], found) if found.name in known else found
    return known


def put_sellers(connection: Connection, owner: OwnerId, found: Sequence[Seller]) -> None:
    """Store sellers; values that a source does not report stay. Inside the caller's transaction."""
    rows = [seller_row(owner, seller) for seller in sorted(found, key=lambda seller: seller.name)]
    if not rows:
        return
    insert = insert_into(connection, seller)
    changes = {
        column.name: func.coalesce(insert.excluded[column.name], column)
        for column in seller.c
        if not column.primary_key
    }
    connection.execute(insert.on_conflict_do_update(index_elements=["owner", "name"], set_=changes), rows)


def seller_names(db: Database, owner: OwnerId, since: datetime) -> list[str]:
    """Sellers with any listing reported since then, by name; one statement."""
    query = select(listing.c.seller).where(
        listing.c.owner.in_((SHARED_OWNER, owner)), listing.c.as_of >= since
    )
    with db.read() as connection:
        return sorted(connection.scalars(query.distinct()))


def favourites(db: Database, owner: OwnerId) -> list[str]:
    """The owner's favourite sellers by name; one statement."""
    with db.read() as connection:
        return sorted(connection.scalars(select(favourite.c.seller).where(favourite.c.owner == owner)))


def add_favourite(db: Database, owner: OwnerId, name: str) -> None:
    """Remember a favourite; may be done twice. One statement."""
    with db.write() as connection:
        connection.execute(insert_new(connection, favourite), {"owner": owner, "seller": name})


def remove_favourite(db: Database, owner: OwnerId, name: str) -> None:
    """Forget a favourite; one statement."""
    with db.write() as connection:
        connection.execute(delete(favourite).where(favourite.c.owner == owner, favourite.c.seller == name))


def save_inventory_state(
    db: Database, name: str, now: datetime, complete: bool, total: int, note: str | None = None
) -> None:
    """Store when and how far a seller's inventory was read; one statement."""
    row = {"seller": name, "read_at": now, "complete": complete, "total": total, "note": note}
    with db.write() as connection:
        connection.execute(upsert(connection, inventory, not_older="read_at"), row)


def inventory_states(db: Database, names: Iterable[str]) -> dict[str, InventoryState]:
    """The states of those among `names` whose inventory was read; one statement."""
    with db.read() as connection:
        query = select(inventory).where(among(connection, inventory.c.seller, names))
        return {row["seller"]: InventoryState(**row) for row in connection.execute(query).mappings()}


def _filled(first: Seller, second: Seller) -> Seller:
    """`first`, with what it does not know taken from `second`."""
    pairs = {f.name: (getattr(first, f.name), getattr(second, f.name)) for f in fields(Seller)}
    return Seller(**{name: there if here is None else here for name, (here, there) in pairs.items()})
