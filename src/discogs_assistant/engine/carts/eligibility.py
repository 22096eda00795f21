"""Which copies for sale meet a person's criteria, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from math import ceil
from typing import TypeVar

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.model.criteria import ListingCriteria

UNKNOWN = -1
"""In columns of ratings and of places: unknown."""

Value = TypeVar("Value")

_MICRO = 10**6


@dataclass(frozen=True, slots=True)
class ListingColumns:
    """n copies for sale, each column (n,).

    `price` in minor units of the budget's currency; grades as the model's, or `UNGRADED`; `rating` in
    millionths of a percent, rounded down, as no criterion asks for more places. `seller`, `country` and
    `format` are places in the tuples beside them: names, ISO codes, and the words that `format_words` finds.
    `UNKNOWN` stands for an unknown value.
    """

    seller: Ints
    sellers: tuple[str, ...]
    price: Ints
    media: Ints
    sleeve: Ints
    rating: Ints
    ratings: Ints
    country: Ints
    countries: tuple[str, ...]
    format: Ints
    formats: tuple[frozenset[str], ...]

    def take(self, rows: Ints | Mask) -> ListingColumns:
        """The copies in `rows` alone."""
        columns = {
            column.name: getattr(self, column.name)[rows]
            for column in fields(self)
            if column.name not in {"sellers", "countries", "formats"}
        }
        return replace(self, **columns)


def eligible(columns: ListingColumns, criteria: ListingCriteria) -> tuple[Mask, dict[str, int]]:
    """(n,) which copies pass every criterion, and how many each criterion refuses.

    This is the one place of the rule. A copy counts once, under the first criterion that it fails, in the
    order of the criteria's fields; a field that is not known fails a criterion that asks for it.
    """
    passed = np.ones(len(columns.price), bool)
    excluded: dict[str, int] = {}
    for name, passes in _asked(columns, criteria):
        refused = int(np.count_nonzero(passed & ~passes))
        passed &= passes
        if refused:
            excluded[name] = refused
    return passed, excluded


def _asked(columns: ListingColumns, criteria: ListingCriteria) -> Iterator[tuple[str, Mask]]:
    """Name and (n,) mask of each criterion that is given."""
    if criteria.min_media is not None:
        yield "media", columns.media >= criteria.min_media
    if criteria.min_sleeve is not None:
        yield "sleeve", columns.sleeve >= criteria.min_sleeve
    if criteria.min_seller_rating is not None:
        yield "seller_rating", columns.rating >= ceil(criteria.min_seller_rating * _MICRO)
    if criteria.min_seller_ratings is not None:
        yield "seller_ratings", columns.ratings >= criteria.min_seller_ratings
    if criteria.ships_from:
        yield "ships_from", _of(columns.country, columns.countries, criteria.ships_from.__contains__)
    if criteria.exclude_sellers:
        yield "seller", ~_of(columns.seller, columns.sellers, criteria.exclude_sellers.__contains__)
    if criteria.max_price is not None:
        yield "price", columns.price <= criteria.max_price.minor
    if criteria.formats:
        wanted = frozenset(word.casefold() for word in criteria.formats)
        yield "format", _of(columns.format, columns.formats, lambda words: not wanted.isdisjoint(words))


def _of(places: Ints, values: tuple[Value, ...], holds: Callable[[Value], bool]) -> Mask:
    """(n,) where `holds` of the value at a place; nowhere where there is none."""
    held = np.array([*map(holds, values), False])
    return held[places]
