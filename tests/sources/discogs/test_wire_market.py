"""Listings, sellers and price floors from Discogs' JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.sources.discogs.fakes import page_of

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.grade import SleeveGrade
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_lists import read_page
from discogs_assistant.sources.discogs.wire_market import read_listing, read_stats, unknown_parts

AS_OF = datetime(2026, 11, 24, tzinfo=UTC)
ROW: dict[str, Any] = {
    "id": 50,
    "status": "For Sale",
    "condition": "Very Good Plus (VG+)",
    "sleeve_condition": "No Cover",
    "comments": "B&amp;W label &lt;small mark&gt;",
    "ships_from": "Germany",
    "price": {"value": Decimal("12.5"), "currency": "EUR"},
    "original_price": {"value": Decimal("12.5"), "curr_abbr": "EUR"},
    "shipping_price": {},
    "seller": {"id": 8, "username": "shop", "stats": {"rating": "99.8", "total": 120}, "min_order_total": 5},
    "release": {"id": 11, "title": "First", "year": 0},
}


def offer(**changes: Any) -> tuple[Listing, Seller]:
    return read_listing(Fields({**ROW, **changes}, ""), as_of=AS_OF, origin=Origin.LISTING)


def seller(**changes: Any) -> Seller:
    return offer(seller={**ROW["seller"], **changes})[1]


def test_comments_are_unescaped() -> None:
    assert offer()[0].comments == "B&W label <small mark>"


def test_a_rating_written_as_text_is_an_exact_number() -> None:
    assert (seller().rating, seller().ratings) == (Decimal("99.8"), 120)


@pytest.mark.parametrize("stats", [{"rating": "0.0", "total": 0}, {"total": 0}, None, {}])
def test_a_seller_without_ratings_has_no_rating(stats: Any) -> None:
    assert seller(stats=stats).rating is None


def test_a_minimum_order_is_in_the_sellers_currency() -> None:
    listing, shop = offer(price={"value": 1800, "currency": "JPY"})
    assert listing.price == Money(1250, Currency.EUR)
    assert shop.min_order == Money(500, Currency.EUR)


def test_a_minimum_order_of_0_is_known_and_a_missing_one_is_not() -> None:
    assert seller(min_order_total=0).min_order == Money(0, Currency.EUR)
    assert seller(min_order_total=None).min_order is None


def test_a_converted_shipping_price_is_taken_in_the_sellers_currency() -> None:
    listing, _ = offer(
        shipping_price={"value": Decimal("6.70"), "currency": "USD"},
        original_shipping_price={"value": 6, "curr_abbr": "EUR"},
    )
    assert listing.shipping == Money(600, Currency.EUR)


def test_a_price_without_an_original_is_taken_as_it_is() -> None:
    assert offer(original_price=None)[0].price == Money(1250, Currency.EUR)


@pytest.mark.parametrize(("said", "read"), [({}, None), ({"shipping_is_blocked": True}, True)])
def test_a_copy_may_not_be_sent_to_who_looks(said: dict[str, Any], read: bool | None) -> None:
    assert offer(**said)[0].shipping_blocked is read


def test_an_empty_shipping_price_is_unknown() -> None:
    assert offer()[0].shipping is None


def test_a_sleeve_that_is_not_there_is_known() -> None:
    assert offer()[0].sleeve is SleeveGrade.NO_COVER


def test_a_sold_copy_says_so() -> None:
    assert offer(status="Sold")[0].status == "Sold"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"price": None, "original_price": None}, "price is missing"),
        ({"price": {"value": 0, "currency": "EUR"}}, "price.value is not above 0"),
        ({"price": {"value": -3, "currency": "EUR"}}, "price.value"),
        ({"price": {"value": 3, "currency": "BTC"}, "original_price": None}, "“BTC”, an unknown currency"),
        ({"price": {"value": 10**15, "currency": "EUR"}}, "sensible amount"),
        ({"condition": "Shiny"}, "“Shiny”, which is no grade"),
        ({"sleeve_condition": "\x1b[31m"}, "which is no grade"),
        ({"seller": {}}, "seller.username is missing"),
        ({"seller": None}, "seller is missing"),
        ({"release": {"id": 0}}, "release.id is not an id"),
        ({"release": []}, "release is not an object"),
        ({"id": True}, "id is not a number"),
        ({"posted": "soon"}, "posted is not a moment"),
        ({"allow_offers": "yes"}, "allow_offers is neither"),
    ],
)
def test_a_listing_that_cannot_be_used_says_why(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        offer(**changes)
    assert place in caught.value.sentence
    assert caught.value.sentence.isprintable()


def test_one_bad_listing_does_not_take_the_page_with_it() -> None:
    bad = {**ROW, "price": {"value": 3, "currency": "BTC"}, "original_price": None}
    page = read_page(
        Fields(page_of("listings", [bad, ROW]), ""),
        "listings",
        lambda fields: read_listing(fields, as_of=AS_OF, origin=Origin.INVENTORY),
        unknown_parts,
    )
    assert [listing.id for listing, _ in page.items] == [50]
    assert page.unread == 1
    assert "listings[0].price.value is in “BTC”, an unknown currency" in page.problems[0]


def test_an_unknown_country_is_reported_and_the_listing_kept() -> None:
    fields = Fields({**ROW, "ships_from": "Atlantis"}, "")
    listing, _ = read_listing(fields, as_of=AS_OF, origin=Origin.INVENTORY)
    assert listing.ships_from is None
    assert "Atlantis" in unknown_parts(fields)[0]
    assert unknown_parts(Fields(ROW, "")) == []


@pytest.mark.parametrize(
    ("document", "lowest", "for_sale", "blocked"),
    [
        ({"lowest_price": None, "num_for_sale": 0, "blocked_from_sale": False}, None, 0, False),
        ({"lowest_price": None, "num_for_sale": None, "blocked_from_sale": True}, None, 0, True),
        (
            {"lowest_price": {"value": Decimal("2.09"), "currency": "GBP"}, "num_for_sale": 26},
            Money(209, Currency.GBP),
            26,
            False,
        ),
    ],
)
def test_a_price_floor_is_none_where_none_is_for_sale(
    document: dict[str, Any], lowest: Money | None, for_sale: int, blocked: bool
) -> None:
    stats = read_stats(Fields(document, ""), ReleaseId(11), AS_OF)
    assert (stats.lowest, stats.for_sale, stats.blocked) == (lowest, for_sale, blocked)
