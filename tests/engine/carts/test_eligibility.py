"""All copies at once pass exactly those criteria that each of them passes by itself, by a plain oracle."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.eligibility import UNKNOWN, ListingColumns, eligible
from discogs_assistant.model.criteria import ListingCriteria, format_words
from discogs_assistant.model.grade import UNGRADED, Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money

SELLERS = ("A", "a", "é")
COUNTRIES = ("DE", "GB", "US")
FORMATS = ("", "2xLP, Album", "CD + DVD", '7", Single', "cd")
RATINGS = st.decimals(98, 100, places=2)
MEDIA = st.sampled_from([*Grade])

Offer = tuple[Listing, Seller]


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    seller = Seller(
        draw(st.sampled_from(SELLERS)),
        rating=draw(st.none() | RATINGS),
        ratings=draw(st.none() | st.integers(0, 3)),
    )
    listing = Listing(
        id=ListingId(1),
        release_id=ReleaseId(1),
        seller=seller.name,
        price=Money(draw(st.integers(1, 5)), Currency.USD),
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        origin=Origin.FILE,
        media=draw(st.none() | MEDIA),
        sleeve=draw(st.none() | st.sampled_from([*SleeveGrade])),
        ships_from=draw(st.none() | st.sampled_from(COUNTRIES)),
        format=draw(st.none() | st.sampled_from(FORMATS)),
    )
    return listing, seller


CRITERIA = st.builds(
    ListingCriteria,
    min_media=st.none() | MEDIA,
    min_sleeve=st.none() | MEDIA.map(lambda grade: SleeveGrade(grade.value)),
    min_seller_rating=st.none() | RATINGS,
    min_seller_ratings=st.none() | st.integers(0, 3),
    ships_from=st.frozensets(st.sampled_from([*COUNTRIES, "JP"]), max_size=2),
    exclude_sellers=st.frozensets(st.sampled_from([*SELLERS, "nobody"]), max_size=2),
    max_price=st.none() | st.integers(1, 5).map(lambda minor: Money(minor, Currency.USD)),
    formats=st.frozensets(st.sampled_from(["LP", "lp", "CD", "Vinyl", '7"', "Album"]), max_size=2),
)


def column(values: list[int | None], unknown: int = UNKNOWN) -> Ints:
    return np.array([unknown if value is None else value for value in values], np.int64)


def columns(found: list[Offer]) -> ListingColumns:
    countries = [COUNTRIES.index(listing.ships_from) if listing.ships_from else None for listing, _ in found]
    formats = [FORMATS.index(copy.format) if copy.format is not None else None for copy, _ in found]
    ratings = [int(seller.rating * 10**6) if seller.rating is not None else None for _, seller in found]
    return ListingColumns(
        seller=column([SELLERS.index(listing.seller) for listing, _ in found]),
        sellers=SELLERS,
        price=column([listing.price.minor for listing, _ in found]),
        media=column([copy.media for copy, _ in found], UNGRADED),
        sleeve=column([copy.sleeve for copy, _ in found], UNGRADED),
        rating=column(ratings),
        ratings=column([seller.ratings for _, seller in found]),
        country=column(countries),
        countries=COUNTRIES,
        format=column(formats),
        formats=tuple(format_words(text) for text in FORMATS),
    )


def refusal(criteria: ListingCriteria, listing: Listing, seller: Seller) -> str | None:
    """The first criterion that a copy fails, field by field: the oracle of the columns."""
    wanted = {word.casefold() for word in criteria.formats}
    checks = (
        ("media", _below(listing.media, criteria.min_media)),
        ("sleeve", _below(listing.sleeve, criteria.min_sleeve)),
        ("seller_rating", _below(seller.rating, criteria.min_seller_rating)),
        ("seller_ratings", _below(seller.ratings, criteria.min_seller_ratings)),
        ("ships_from", bool(criteria.ships_from) and listing.ships_from not in criteria.ships_from),
        ("seller", listing.seller in criteria.exclude_sellers),
        ("price", criteria.max_price is not None and listing.price > criteria.max_price),
        ("format", bool(wanted) and not wanted & format_words(listing.format or "")),
    )
    return next((name for name, fails in checks if fails), None)


def _below(value: Any, least: Any) -> bool:
    return least is not None and (value is None or value < least)


@given(st.lists(offers(), max_size=8), CRITERIA)
def test_columns_are_judged_as_each_listing_by_itself(found: list[Offer], criteria: ListingCriteria) -> None:
    refusals = [refusal(criteria, listing, seller) for listing, seller in found]
    passed, excluded = eligible(columns(found), criteria)
    assert passed.tolist() == [refusal is None for refusal in refusals]
    assert excluded == Counter(refusal for refusal in refusals if refusal is not None)


@pytest.mark.parametrize(
    ("text", "wanted", "passes"),
    [("2xLP, Album", "LP", True), ("2xLP, Album", "2xLP", True), ("CD + DVD", "dvd", True),
     ('7", Single', '7"', True), ("LP", "CD", False), ("", "LP", False), ("Album", "LP", False)],
)  # fmt: skip
def test_a_format_is_met_by_any_of_its_words(text: str, wanted: str, passes: bool) -> None:
    assert (wanted.casefold() in format_words(text)) == passes


def test_a_limit_is_within_itself() -> None:
    listing = Listing(
        ListingId(1), ReleaseId(1), "A", Money(5, Currency.USD), datetime(2026, 1, 1, tzinfo=UTC), Origin.FILE
    )
    just = ListingCriteria(min_seller_rating=Decimal("99.5"), max_price=Money(5, Currency.USD))
    passed, excluded = eligible(columns([(listing, Seller("A", rating=Decimal("99.5")))]), just)
    assert (passed.tolist(), excluded) == ([True], {})
