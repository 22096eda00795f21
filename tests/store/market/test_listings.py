"""Copies for sale, sellers and price floors."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.fakes import HOUR, NOW, REPORT, make_listing

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import price_floors, seller_shipping, sellers
from discogs_assistant.store.schema import SHARED_OWNER

SHARED = OwnerId(SHARED_OWNER)
ONE, TWO = ReleaseId(1), ReleaseId(2)


def offered(db: Database, owner: OwnerId, *releases: int) -> list[int]:
    ids = [ReleaseId(id) for id in releases]
    return [listing.id for listing in stored_listings.listings_for(db, owner, ids, since=NOW - HOUR)]


def test_a_listing_comes_back_whole(db: Database, owner: OwnerId) -> None:
    listing = Listing(
        id=ListingId(2**40),
        release_id=ONE,
        seller="straße & söhne",
        price=Money(250_000, Currency.JPY),
        as_of=NOW,
        origin=Origin.PAGE,
        media=Grade.VERY_GOOD,
        sleeve=SleeveGrade.NO_COVER,
        comments="w/ obi",
        ships_from="JP",
        allow_offers=False,
        posted=NOW - 9 * HOUR,
        shipping=Money(725, Currency.USD),
        shipping_text="+$7.25 shipping",
        quantity=3,
        grams=230,
        format="LP, Album",
        artist="A",
        title="T",
        label="L",
        catno="C 1",
        year=1981,
        thumb="https://i.discogs.com/x.jpg",
        have=0,
        want=5,
    )
    stored_listings.save_listings(db, owner, [listing], [])
    assert stored_listings.listing(db, owner, listing.id) == listing
    assert stored_listings.listings_for(db, owner, [ONE], since=NOW) == [listing]
    assert stored_listings.listings_of(db, owner, "straße & söhne", NOW) == [listing]


def test_an_upload_is_seen_only_by_the_person_who_uploaded_it(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    stored_listings.save_listings(
        db, owner, [make_listing(5, minor=1)], [Seller("seller-1", rating=Decimal(1))]
    )
    assert offered(db, owner, 1) == [5]
    assert offered(db, stranger, 1) == []
    assert stored_listings.listing(db, stranger, ListingId(5)) is None
    assert stored_listings.listings_of(db, stranger, "seller-1", NOW - HOUR) == []
    assert sellers.seller_names(db, stranger, NOW - HOUR) == []
    assert sellers.sellers(db, stranger, ["seller-1"]) == {}
    assert stored_listings.seller_matches(db, stranger, [ONE], NOW - HOUR) == []
    assert stored_listings.summary(db, stranger, NOW - HOUR).listings == 0


def test_what_the_api_reported_is_seen_by_all(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(5)], [])
    assert offered(db, owner, 1) == offered(db, stranger, 1) == [5]


def test_of_a_listing_s_rows_the_freshest_counts(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(5, minor=900, as_of=NOW)], [])
    stored_listings.save_listings(db, owner, [make_listing(5, minor=100, as_of=NOW - HOUR / 2)], [])
    assert [
        listing.price.minor for listing in stored_listings.listings_for(db, owner, [ONE], since=NOW - HOUR)
    ] == [900]
    stored_listings.save_listings(db, owner, [make_listing(5, minor=200, as_of=NOW + HOUR)], [])
    found = stored_listings.listing(db, owner, ListingId(5))
    assert found is not None
    assert found.price.minor == 200


def test_a_copy_sold_meanwhile_is_no_longer_offered(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, owner, [make_listing(5, origin=Origin.PAGE)], [])
    sold = make_listing(5, as_of=NOW + HOUR, origin=Origin.LISTING, status="Sold")
    stored_listings.save_listings(db, SHARED, [sold], [])
    assert offered(db, owner, 1) == []
    assert stored_listings.seller_matches(db, owner, [ONE], NOW - HOUR) == []
    assert stored_listings.listing(db, owner, ListingId(5)) == sold


def test_an_older_row_never_replaces_a_newer_one(db: Database, owner: OwnerId) -> None:
    for hours, minor in [(0, 500), (-1, 400), (1, 600)]:
        stored_listings.save_listings(
            db, SHARED, [make_listing(5, minor=minor, as_of=NOW + hours * HOUR)], []
        )
        found = stored_listings.listing(db, owner, ListingId(5))
        assert found is not None
        assert found.price.minor == max(500, minor)


def test_listings_past_their_age_are_hidden(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(5, as_of=NOW - 2 * HOUR), make_listing(6)], [])
    assert offered(db, owner, 1) == [6]


def test_listings_come_by_number_for_the_asked_releases_only(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(
        db, SHARED, [make_listing(9, 2), make_listing(4, 1), make_listing(5, 3)], []
    )
    assert offered(db, owner, 1, 2) == [4, 9]
    assert offered(db, owner) == []


def test_a_whole_inventory_takes_the_place_of_the_one_before(db: Database, owner: OwnerId) -> None:
    before = [make_listing(1, as_of=NOW - HOUR / 2), make_listing(2, seller="other", as_of=NOW - HOUR / 2)]
    stored_listings.save_listings(db, SHARED, before, [])
    stored_listings.save_listings(db, owner, [make_listing(3, as_of=NOW - HOUR / 2, origin=Origin.PAGE)], [])
    stored_listings.save_listings(db, SHARED, [make_listing(4, as_of=NOW)], [])
    assert stored_listings.replace_inventory(db, owner, "seller-1", NOW, whole=False) == 1
    assert offered(db, owner, 1) == [2, 3, 4]


def test_a_whole_inventory_ends_what_its_reader_uploaded_before_it_and_is_not_in_it(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    before = NOW - HOUR / 2
    own = [make_listing(id, as_of=before, origin=Origin.PAGE) for id in (1, 2)]
    beside = [make_listing(3, seller="other", as_of=before), make_listing(4, as_of=NOW)]
    stored_listings.save_listings(db, owner, [*own, *beside], [])
    stored_listings.save_listings(db, stranger, [make_listing(5, as_of=before)], [])
    stored_listings.save_listings(db, SHARED, [make_listing(2, as_of=NOW + HOUR / 2)], [])
    assert stored_listings.replace_inventory(db, owner, "seller-1", NOW, whole=False) == 0
    assert (offered(db, owner, 1), offered(db, stranger, 1)) == ([1, 2, 3, 4], [2, 5])
    assert stored_listings.replace_inventory(db, owner, "seller-1", NOW, whole=True) == 1
    assert (offered(db, owner, 1), offered(db, stranger, 1)) == ([2, 3, 4], [2, 5])


def test_what_another_person_s_reading_met_counts_before_an_upload_that_stays(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    upload = [make_listing(id, minor=500, as_of=NOW - HOUR / 2, origin=Origin.PAGE) for id in (1, 2)]
    stored_listings.save_listings(db, stranger, upload, [])
    stored_listings.save_listings(db, SHARED, [make_listing(1, minor=700, as_of=NOW)], [])
    stored_listings.replace_inventory(db, owner, "seller-1", NOW, whole=True)
    found = stored_listings.listings_for(db, stranger, [ONE], since=NOW - HOUR)
    assert [(listing.id, listing.price.minor) for listing in found] == [(1, 700), (2, 500)]


def test_sellers_are_ranked_by_how_many_of_the_releases_they_have(db: Database, owner: OwnerId) -> None:
    listings = [
        make_listing(1, 1, "two", as_of=NOW - HOUR / 2),
        make_listing(2, 2, "two"),
        make_listing(3, 1, "copies"),
        make_listing(4, 1, "copies"),
        make_listing(5, 1, "b-one"),
        make_listing(6, 1, "a-one"),
        make_listing(7, 9, "none"),
    ]
    stored_listings.save_listings(db, SHARED, listings, [Seller("two", rating=Decimal("99.8"))])
    stored_listings.save_listings(db, owner, [make_listing(2, 2, "two", as_of=NOW - HOUR / 4)], [])
    found = stored_listings.seller_matches(db, owner, [ONE, TWO], NOW - HOUR)
    assert [(listing.seller.name, listing.wanted, listing.listings) for listing in found] == [
        ("two", 2, 2),
        ("copies", 1, 2),
        ("a-one", 1, 1),
        ("b-one", 1, 1),
    ]
    assert found[0].seller.rating == Decimal("99.8")
    assert found[0].as_of == NOW - HOUR / 2


def test_the_summary_counts_what_is_for_sale(db: Database, owner: OwnerId) -> None:
    shared = [make_listing(1, 1, as_of=NOW - HOUR), make_listing(2, 2, "other")]
    stored_listings.save_listings(db, SHARED, shared, [])
    stored_listings.save_listings(db, owner, [make_listing(3, 2, origin=Origin.PAGE)], [])
    found = stored_listings.summary(db, owner, NOW - HOUR)
    assert (found.listings, found.sellers, found.releases) == (3, 2, 2)
    assert (found.oldest, found.newest) == (NOW - HOUR, NOW)
    assert found.by_origin == {Origin.INVENTORY: 2, Origin.PAGE: 1}


def test_the_summary_of_nothing_is_empty(db: Database, owner: OwnerId) -> None:
    assert stored_listings.summary(db, owner, NOW) == stored_listings.MarketSummary(0, 0, 0, None, None, {})


def test_the_version_changes_when_copies_are_reported_sold_or_too_old(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    def version() -> object:
        return stored_listings.version(db, owner, NOW - HOUR)

    seen = [version()]
    assert seen == [(0, None)]
    stored_listings.save_listings(db, SHARED, [make_listing(1, as_of=NOW - HOUR), make_listing(2)], [])
    seen.append(version())
    stored_listings.save_listings(db, owner, [make_listing(3, as_of=NOW - HOUR / 2)], [])
    seen.append(version())
    stored_listings.save_listings(db, stranger, [make_listing(4)], [])
    assert version() == seen[-1] == (2, NOW - HOUR)
    stored_listings.replace_inventory(db, owner, "seller-1", NOW, whole=False)
    seen.append(version())
    assert len({str(order) for order in seen}) == 4
    assert stored_listings.version(db, owner, NOW)[1] == NOW


def test_rows_that_are_too_old_are_deleted(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(1, as_of=NOW - HOUR), make_listing(2)], [])
    stored_listings.save_listings(db, owner, [make_listing(3, as_of=NOW - HOUR)], [])
    price_floors.save_stats(db, [MarketStats(ONE, None, 0, False, NOW - HOUR)])
    sellers.save_inventory_state(db, "seller-1", NOW - HOUR, True, 2)
    for seller, reported_at in (("seller-1", NOW - HOUR), ("seller-2", NOW)):
        seller_shipping.save_report(db, replace(REPORT, seller=seller, reported_at=reported_at))
    assert stored_listings.delete_older(db, NOW) == 5
    assert [
        listing.id for listing in stored_listings.listings_for(db, owner, [ONE], since=NOW - 2 * HOUR)
    ] == [2]
    assert sellers.inventory_states(db, ["seller-1"]) == {}
    kept = [seller_shipping.report(db, name) is not None for name in ("seller-1", "seller-2")]
    assert kept == [False, True]


def test_a_seller_is_filled_up_from_several_sources(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [], [Seller("a", id=7, rating=Decimal("99.8"), ratings=10)])
    stored_listings.save_listings(
        db, SHARED, [], [Seller("a", min_order=Money(2000, Currency.EUR), ratings=11)]
    )
    stored_listings.save_listings(
        db, owner, [], [Seller("a", rating=Decimal(5), ships_from="DE", payment="PayPal")]
    )
    assert sellers.sellers(db, owner, ["a", "b"]) == {
        "a": Seller(
            "a",
            id=7,
            rating=Decimal("99.8"),
            ratings=11,
            ships_from="DE",
            min_order=Money(2000, Currency.EUR),
            payment="PayPal",
        )
    }


def test_known_sellers_are_listed_by_name(db: Database, owner: OwnerId) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(1, 1, "Zed"), make_listing(2, 1, "abc")], [])
    stored_listings.save_listings(db, owner, [make_listing(3, 1, "abc")], [])
    assert sellers.seller_names(db, owner, NOW) == ["Zed", "abc"]
    assert sellers.seller_names(db, owner, NOW + HOUR) == []


def test_a_seller_s_name_may_hold_anything(db: Database, owner: OwnerId) -> None:
    assert sellers.sellers(db, owner, ["\0", "\ud800", "', --", "日本"]) == {}


def test_favourites_are_one_s_own(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    for name in ("b", "a", "b"):
        sellers.add_favourite(db, owner, name)
    assert sellers.favourites(db, owner) == ["a", "b"]
    assert sellers.favourites(db, stranger) == []
    sellers.remove_favourite(db, owner, "a")
    assert sellers.favourites(db, owner) == ["b"]


def test_the_last_reading_of_an_inventory_counts(db: Database) -> None:
    sellers.save_inventory_state(db, "a", NOW, False, 25_000, "20,000 of 25,000 could be read")
    sellers.save_inventory_state(db, "a", NOW - HOUR, True, 3)
    assert sellers.inventory_states(db, ["a", "b"]) == {
        "a": sellers.InventoryState("a", NOW, False, 25_000, "20,000 of 25,000 could be read")
    }


def test_a_price_floor_is_given_in_its_currency(db: Database) -> None:
    euro = MarketStats(ONE, Money(450, Currency.EUR), 3, False, NOW)
    price_floors.save_stats(db, [euro, replace(euro, lowest=Money(500, Currency.USD))])
    assert price_floors.stats(db, [ONE, TWO], Currency.EUR, NOW) == {ONE: euro}
    assert price_floors.stats(db, [ONE], Currency.GBP, NOW) == {}
    assert price_floors.stats(db, [ONE], Currency.EUR, NOW + HOUR) == {}


def test_that_none_is_for_sale_holds_in_every_currency_until_one_is(db: Database) -> None:
    none = MarketStats(ONE, None, 0, False, NOW)
    price_floors.save_stats(db, [MarketStats(ONE, Money(450, Currency.EUR), 3, False, NOW - HOUR), none])
    assert price_floors.stats(db, [ONE], Currency.EUR, NOW - HOUR) == {ONE: none}
    again = MarketStats(ONE, Money(900, Currency.EUR), 1, False, NOW + HOUR)
    price_floors.save_stats(db, [again])
    assert price_floors.stats(db, [ONE], Currency.EUR, NOW - HOUR) == {ONE: again}


@pytest.mark.parametrize("count", [40_000])
def test_more_releases_than_a_statement_takes_parameters_can_be_asked(
    db: Database, owner: OwnerId, count: int
) -> None:
    stored_listings.save_listings(db, SHARED, [make_listing(id, id) for id in range(1, 101)], [])
    assert len(offered(db, owner, *range(1, count))) == 100


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["shared", "own", "strange"]),
            st.integers(1, 3),
            st.integers(-3, 3),
            st.sampled_from(["For Sale", "Sold"]),
        ),
        max_size=8,
        unique_by=lambda row: row[:3],
    )
)
def test_the_offers_are_those_that_a_slow_look_finds(
    db: Database, owner: OwnerId, stranger: OwnerId, rows: list[tuple[str, int, int, str]]
) -> None:
    stored_listings.delete_older(db, NOW + 99 * HOUR)
    owners = {"shared": SHARED, "own": owner, "strange": stranger}
    freshest: dict[int, tuple[int, bool, str]] = {}
    for who, id, hours, status in rows:
        listing = make_listing(id, as_of=NOW + hours * HOUR, status=status)
        stored_listings.save_listings(db, owners[who], [listing], [])
        if who != "strange" and hours >= -1:
            freshest[id] = max(freshest.get(id, (-9, False, "")), (hours, who == "own", status))
    expected = sorted(id for id, (_, _, status) in freshest.items() if status == "For Sale")
    assert offered(db, owner, 1) == expected
