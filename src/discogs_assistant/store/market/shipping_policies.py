"""What sellers charge for shipping: policies that a person entered, and costs reported by copies for sale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.store.database import Database
from discogs_assistant.store.market.listing_rows import money_of
from discogs_assistant.store.schema import SHARED_OWNER, listing
from discogs_assistant.store.schema import shipping_policy as table
from discogs_assistant.store.statements import upsert

_FOR_SALE = "For Sale"


@dataclass(frozen=True, slots=True)
class ReportedShipping:
    """What sending one copy alone costs, or that it is not sent, as its listing reported at `as_of`."""

    seller: str
    ships_from: str | None
    shipping: Money | None
    as_of: datetime
    blocked: bool = False


def save_policy(db: Database, owner: OwnerId, policy: ShippingPolicy, now: datetime) -> None:
    """Store what the owner enters `now` for a seller and a destination, in place of an earlier policy.

    One statement.
    """
    row = {
        "owner": owner,
        "seller": policy.seller,
        "ships_to": policy.ships_to,
        "methods": [method_row(method) for method in policy.methods],
        "currency": policy.currency.value,
        "free_from": policy.free_from,
        "min_order": policy.min_order,
        "source": policy.source.value,
        "reported_at": now,
    }
    with db.write() as connection:
        connection.execute(upsert(connection, table), row)


def policies(db: Database, owner: OwnerId) -> list[ShippingPolicy]:
    """The owner's policies, by seller and destination; one statement."""
    query = select(table).where(table.c.owner == owner).order_by(table.c.seller, table.c.ships_to)
    with db.read() as connection:
        return [_policy_of(row) for row in connection.execute(query).mappings()]


def forget_policy(db: Database, owner: OwnerId, seller: str, ships_to: str) -> bool:
    """Remove a policy of the owner; False if there was none. One statement."""
    which = (table.c.owner == owner) & (table.c.seller == seller) & (table.c.ships_to == ships_to)
    with db.write() as connection:
        return bool(connection.execute(delete(table).where(which)).rowcount)


def forget_policies(db: Database, owner: OwnerId, seller: str) -> int:
    """Remove all policies of the owner for a seller; how many. One statement."""
    which = (table.c.owner == owner) & (table.c.seller == seller)
    with db.write() as connection:
        return connection.execute(delete(table).where(which)).rowcount


def reported_shipping(
    db: Database, owner: OwnerId, since: datetime, *, shared: bool
) -> list[ReportedShipping]:
    """The shipping costs that copies for sale reported since then: the newest row of each copy.

    With `shared` also those of copies that everybody sees. One statement.
    """
    owners = (SHARED_OWNER, owner) if shared else (owner,)
    query = (
        select(listing)
        .where(listing.c.owner.in_(owners), listing.c.as_of >= since, listing.c.status == _FOR_SALE)
        .where(or_(listing.c.shipping_minor.is_not(None), listing.c.shipping_blocked))
        .order_by(listing.c.as_of, listing.c.owner)
    )
    with db.read() as connection:
        freshest = {row["id"]: _reported(row) for row in connection.execute(query).mappings()}
    return [freshest[id] for id in sorted(freshest)]


def _reported(row: RowMapping) -> ReportedShipping:
    shipping = money_of(row["shipping_minor"], row["shipping_currency"])
    blocked = shipping is None and bool(row["shipping_blocked"])
    return ReportedShipping(row["seller"], row["ships_from"], shipping, row["as_of"], blocked)


def method_row(method: ShippingMethod) -> dict[str, Any]:
    """A method as plain JSON."""
    return {
        "name": method.name,
        "unit": method.unit.value,
        "bands": [_band_row(band) for band in method.bands],
    }


def _band_row(band: Band) -> list[str | None]:
    return [str(band.low), None if band.high is None else str(band.high), str(band.cost), str(band.per_unit)]


def _band_of(row: list[Any]) -> Band:
    low, high, cost, per_unit = row
    return Band(Decimal(low), None if high is None else Decimal(high), Decimal(cost), Decimal(per_unit))


def method_of(row: Mapping[str, Any]) -> ShippingMethod:
    """The method of its plain JSON."""
    return ShippingMethod(
        row["name"], ShippingUnit(row["unit"]), tuple(_band_of(band) for band in row["bands"])
    )


def _policy_of(row: RowMapping) -> ShippingPolicy:
    return ShippingPolicy(
        seller=row["seller"],
        ships_to=row["ships_to"],
        methods=tuple(method_of(method) for method in row["methods"]),
        currency=Currency(row["currency"]),
        source=ShippingSource(row["source"]),
        free_from=row["free_from"],
        min_order=row["min_order"],
        reported_at=row["reported_at"],
    )
