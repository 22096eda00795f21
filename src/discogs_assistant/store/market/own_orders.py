"""Orders that people read or typed in: what parcels to them have cost. Records and prices are not stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import Order, OrderNumber
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import own_order as table
from discogs_assistant.store.statements import upsert


def save_order(db: Database, owner: OwnerId, order: Order) -> None:
    """Store an order of the owner, in place of what was stored under its number; one statement."""
    row: dict[str, Any] = {
        "owner": owner,
        "number": order.number,
        "seller": order.seller,
        "items": order.items,
        "shipping_minor": order.shipping.minor,
        "currency": order.shipping.currency.value,
        "ordered_at": order.ordered_at,
        "reported_at": order.reported_at,
    }
    with db.write() as connection:
        connection.execute(upsert(connection, table), row)


def orders(db: Database, owner: OwnerId, since: datetime) -> list[Order]:
    """The owner's orders that were placed since then, the newest first; one statement."""
    query = select(table).where(table.c.owner == owner, table.c.ordered_at >= since)
    with db.read() as connection:
        rows = connection.execute(query.order_by(table.c.ordered_at.desc(), table.c.number))
        return [_order_of(row) for row in rows.mappings()]


def forget_orders(db: Database, owner: OwnerId, seller: str) -> int:
    """Remove the owner's orders from a seller; how many. One statement."""
    with db.write() as connection:
        return connection.execute(
            delete(table).where(table.c.owner == owner, table.c.seller == seller)
        ).rowcount


def _order_of(row: RowMapping) -> Order:
    return Order(
        number=OrderNumber(row["number"]),
        seller=row["seller"],
        items=row["items"],
        shipping=Money(row["shipping_minor"], Currency(row["currency"])),
        ordered_at=row["ordered_at"],
        reported_at=row["reported_at"],
    )
