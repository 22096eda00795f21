"""Listings as columns, and those that meet criteria."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import floor
from typing import TypeVar

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.eligibility import UNKNOWN, ListingColumns, eligible
from discogs_assistant.engine.shipping.estimates import worth_in
from discogs_assistant.model.criteria import ListingCriteria, format_words
from discogs_assistant.model.grade import UNGRADED
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.store.market.listing_columns import MarketRow

_MICRO = 10**6
Value = TypeVar("Value", bound=Hashable)


def eligible_rows(
    rows: Sequence[MarketRow],
    known: Mapping[str, Seller],
    criteria: ListingCriteria,
    rates: RateTable | None = None,
) -> list[MarketRow]:
    """The rows that meet the criteria; `rates` lead into the currency of `max_price` where that is given.

    A price that cannot be converted is within no `max_price`. `known` may lack sellers.
    """
    price, priced = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=bool)
    if criteria.max_price is not None and rates is not None:
        found = [converted(row.price_minor, row.currency, rates.target, rates) for row in rows]
        price, priced = ints(row[0] for row in found), np.array([row[2] for row in found], dtype=bool)
    named = {row.seller: known.get(row.seller, Seller(row.seller)) for row in rows}
    passed, _ = eligible(listing_columns(rows, named, price), criteria)
    return [rows[place] for place in np.flatnonzero(passed & priced).tolist()]


def listing_columns(rows: Sequence[MarketRow], known: Mapping[str, Seller], price: Ints) -> ListingColumns:
    """What criteria ask of n listings, as columns; `known` holds each seller, `price` is (n,) minor units."""
    names = tuple(sorted({row.seller for row in rows}))
    seller = _places((row.seller for row in rows), names)
    country, countries = _distinct([row.ships_from or known[row.seller].ships_from for row in rows])
    form, formats = _distinct([row.format for row in rows])
    return ListingColumns(
        seller=seller,
        sellers=names,
        price=price,
        media=ints(UNGRADED if row.media is None else row.media for row in rows),
        sleeve=ints(UNGRADED if row.sleeve is None else row.sleeve for row in rows),
        rating=ints(_rating(known[name]) for name in names)[seller],
        ratings=ints(UNKNOWN if (n := known[name].ratings) is None else n for name in names)[seller],
        country=country,
        countries=countries,
        format=form,
        formats=tuple(format_words(text) for text in formats),
    )


def converted(minor: int, currency: str, worth: Currency, rates: RateTable) -> tuple[int, int, bool]:
    """A price in the target currency and in `worth`, in minor units; zeros and False without a rate."""
    money = Money(minor, Currency(currency))
    if not rates.has_rate(money.currency):
        return 0, 0, False
    return rates.convert(money).minor, worth_in(money, worth, rates), True


def _rating(seller: Seller) -> int:
    return UNKNOWN if seller.rating is None else floor(seller.rating * _MICRO)


def ints(values: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.fromiter(values, dtype=np.int64)


def _distinct(values: Sequence[Value | None]) -> tuple[Ints, tuple[Value, ...]]:
    """The place of each value among the distinct ones, in the order they are met; `UNKNOWN` for None."""
    distinct = tuple(dict.fromkeys(value for value in values if value is not None))
    return _places(values, distinct), distinct


def _places(values: Iterable[Value | None], among: Sequence[Value]) -> Ints:
    place: dict[Value | None, int] = {value: at for at, value in enumerate(among)}
    place[None] = UNKNOWN
    return ints(place[value] for value in values)
