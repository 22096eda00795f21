"""Copies for sale are the same in columns and as objects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.fakes import make_listing

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.listing import Listing, ListingColumns

COPIES = [make_listing(3, artist="A"), make_listing(1, media=Grade.MINT), make_listing(2, seller="other")]
LISTINGS = st.lists(st.sampled_from(COPIES), max_size=6)


@given(LISTINGS)
def test_columns_hold_the_copies_in_their_order(listings: list[Listing]) -> None:
    columns = ListingColumns.of(listings)
    assert list(columns) == listings
    assert columns.column("seller") == tuple(listing.seller for listing in listings)
    assert ListingColumns.of(columns) is columns


@given(st.lists(LISTINGS, min_size=1, max_size=4))
def test_joined_columns_hold_the_copies_of_all_parts(parts: list[list[Listing]]) -> None:
    joined = ListingColumns.joined(map(ListingColumns.of, parts))
    assert list(joined) == [listing for part in parts for listing in part]


@given(LISTINGS)
def test_columns_by_id_are_sorted(listings: list[Listing]) -> None:
    found = list(ListingColumns.of(listings).by_id())
    assert found == sorted(listings, key=lambda listing: listing.id)


def test_copies_are_taken_by_their_places() -> None:
    columns = ListingColumns.of(COPIES)
    assert list(columns.take([2, 0])) == [COPIES[2], COPIES[0]]
    assert list(columns[1:]) == COPIES[1:]
    assert columns[-1] == COPIES[-1]


def test_a_field_without_a_column_has_its_default() -> None:
    plain = make_listing(1)
    required = ("id", "release_id", "seller", "price", "as_of", "origin")
    columns = ListingColumns.of_columns(1, {name: [getattr(plain, name)] for name in required})
    assert list(columns) == [plain]


def test_a_required_field_without_a_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        ListingColumns.of_columns(1, {"id": [1]})
