"""Listings and sellers as rows of their tables, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import LISTING_FIELDS, Listing, ListingColumns, Origin, Seller
from discogs_assistant.model.money import Currency, Money

_ALIKE = [name for name in LISTING_FIELDS if name not in {"price", "shipping"}]


def listing_columns(owner: OwnerId, listings: ListingColumns) -> dict[str, Sequence[Any]]:
    """The columns of the table for listings that `owner` sees, (n,) each."""
    prices, shipping = listings.column("price"), listings.column("shipping")
    return {name: listings.column(name) for name in _ALIKE} | {
        "owner": [owner] * len(listings),
        "price_minor": [price.minor for price in prices],
        "currency": [price.currency for price in prices],
        "shipping_minor": [None if cost is None else cost.minor for cost in shipping],
        "shipping_currency": [None if cost is None else cost.currency for cost in shipping],
    }


def listing_of(row: RowMapping) -> Listing:
    """The listing of a row."""
    return Listing(
        id=ListingId(row["id"]),
        release_id=ReleaseId(row["release_id"]),
        seller=row["seller"],
        price=Money(row["price_minor"], Currency(row["currency"])),
        as_of=row["as_of"],
        origin=Origin(row["origin"]),
        media=None if row["media"] is None else Grade(row["media"]),
        sleeve=None if row["sleeve"] is None else SleeveGrade(row["sleeve"]),
        comments=row["comments"],
        ships_from=row["ships_from"],
        allow_offers=row["allow_offers"],
        posted=row["posted"],
        shipping=money_of(row["shipping_minor"], row["shipping_currency"]),
        quantity=row["quantity"],
        grams=row["grams"],
        format=row["format"],
        artist=row["artist"],
        title=row["title"],
        label=row["label"],
        catno=row["catno"],
        year=row["year"],
        thumb=row["thumb"],
        have=row["have"],
        want=row["want"],
        status=row["status"],
        shipping_text=row["shipping_text"],
        shipping_blocked=row["shipping_blocked"],
    )


def seller_row(owner: OwnerId, seller: Seller) -> dict[str, Any]:
    """The row of a seller that `owner` sees."""
    return {
        "owner": owner,
        "name": seller.name,
        "id": seller.id,
        "rating": seller.rating,
        "ratings": seller.ratings,
        "ships_from": seller.ships_from,
        "min_order_minor": seller.min_order.minor if seller.min_order else None,
        "min_order_currency": seller.min_order.currency.value if seller.min_order else None,
        "shipping_text": seller.shipping_text,
        "payment": seller.payment,
    }


def seller_of(row: RowMapping) -> Seller:
    """The seller of a row."""
    return Seller(
        name=row["name"],
        id=row["id"],
        rating=row["rating"],
        ratings=row["ratings"],
        ships_from=row["ships_from"],
        min_order=money_of(row["min_order_minor"], row["min_order_currency"]),
        shipping_text=row["shipping_text"],
        payment=row["payment"],
    )


def money_of(minor: int | None, currency: str | None) -> Money | None:
    """An amount, if there is one."""
    return None if minor is None or currency is None else Money(minor, Currency(currency))
