"""Listings and sellers as rows of their tables, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money

_ALIKE = [f.name for f in fields(Listing) if f.name not in {"price", "origin", "shipping"}]


def listing_row(owner: OwnerId, one: Listing) -> dict[str, Any]:
    """The row of a listing that `owner` sees."""
    return {name: getattr(one, name) for name in _ALIKE} | {
        "owner": owner,
        "price_minor": one.price.minor,
        "currency": one.price.currency.value,
        "origin": one.origin.value,
        "shipping_minor": one.shipping.minor if one.shipping else None,
        "shipping_currency": one.shipping.currency.value if one.shipping else None,
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
    )


def seller_row(owner: OwnerId, one: Seller) -> dict[str, Any]:
    """The row of a seller that `owner` sees."""
    return {
        "owner": owner,
        "name": one.name,
        "id": one.id,
        "rating": one.rating,
        "ratings": one.ratings,
        "ships_from": one.ships_from,
        "min_order_minor": one.min_order.minor if one.min_order else None,
        "min_order_currency": one.min_order.currency.value if one.min_order else None,
        "shipping_text": one.shipping_text,
        "payment": one.payment,
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
