"""The market in few columns: the same copies as whole listings, and a mark that changes with them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from itertools import pairwise

from tests.store.fakes import HOUR, NOW, ORDER, POLICY, REPORT, make_listing

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import (
    listing_columns,
    own_orders,
    price_floors,
    seller_shipping,
    shipping_policies,
)
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)
SINCE = NOW - HOUR


def keep(db: Database, owner: OwnerId, *listings: Listing) -> None:
    stored_listings.save_listings(db, owner, listings, [])


def seen(db: Database, owner: OwnerId, *ids: int) -> list[int]:
    wanted = [ReleaseId(id) for id in ids]
    rows = listing_columns.market_rows(db, owner, wanted, since=SINCE)
    assert [row.id for row in rows] == [
        listing.id for listing in stored_listings.listings_for(db, owner, wanted, since=SINCE)
    ]
    return [row.id for row in rows]


def test_rows_are_those_of_the_listings(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    keep(db, EVERYBODY, make_listing(3), make_listing(1), make_listing(2, as_of=NOW - 2 * HOUR))
    keep(db, EVERYBODY, make_listing(4, release=2), make_listing(5, status="Sold"))
    keep(db, stranger, make_listing(6))
    keep(db, owner, make_listing(7), replace(make_listing(1, as_of=NOW + HOUR), status="Sold"))
    assert seen(db, owner, 1) == [3, 7]
    assert seen(db, owner, 1, 2, 9) == [3, 4, 7]
    assert seen(db, stranger, 1) == [1, 3, 6]


def test_a_row_tells_what_the_engines_need(db: Database, owner: OwnerId) -> None:
    graded = replace(make_listing(1), media=Grade.NEAR_MINT, ships_from="DE", grams=460, format="2xLP")
    keep(db, EVERYBODY, graded)
    [row] = listing_columns.market_rows(db, owner, [ReleaseId(1)], since=SINCE)
    assert row == listing_columns.MarketRow(
        1, 1, "seller-1", 1000, "EUR", int(Grade.NEAR_MINT), None, "DE", 1, 460, "2xLP", NOW
    )


def test_listings_by_id_are_for_sale_and_fresh(db: Database, owner: OwnerId) -> None:
    keep(db, EVERYBODY, make_listing(1), make_listing(2, status="Sold"), make_listing(3), make_listing(4))
    found = listing_columns.listings(db, owner, [ListingId(3), ListingId(2), ListingId(1)], since=SINCE)
    assert found == [make_listing(1), make_listing(3)]


def test_the_mark_changes_only_with_new_data(db: Database, owner: OwnerId) -> None:
    marks: list[Hashable] = [listing_columns.market_mark(db, owner)]
    keep(db, EVERYBODY, make_listing(1))
    marks.append(listing_columns.market_mark(db, owner))
    keep(db, EVERYBODY, make_listing(1, as_of=NOW + HOUR))
    marks.append(listing_columns.market_mark(db, owner))
    stored_listings.replace_inventory(db, owner, "seller-1", NOW + 2 * HOUR, whole=False)
    marks.append(listing_columns.market_mark(db, owner))
    floor = MarketStats(ReleaseId(1), Money(100, Currency.EUR), 1, False, NOW)
    price_floors.save_stats(db, [floor])
    marks.append(listing_columns.market_mark(db, owner))
    seller_shipping.save_report(db, REPORT)
    marks.append(listing_columns.market_mark(db, owner))
    own_orders.save_order(db, owner, ORDER)
    marks.append(listing_columns.market_mark(db, owner))
    shipping_policies.save_policy(db, owner, POLICY, NOW)
    marks.append(listing_columns.market_mark(db, owner))
    shipping_policies.forget_policy(db, owner, POLICY.seller, POLICY.ships_to)
    assert len(marks) == 8
    assert [before for before, after in pairwise(marks) if before == after] == []
    assert listing_columns.market_mark(db, owner) == marks[-2]


def test_what_others_typed_in_leaves_the_mark(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    before = listing_columns.market_mark(db, owner)
    shipping_policies.save_policy(db, stranger, POLICY, NOW)
    own_orders.save_order(db, stranger, ORDER)
    assert listing_columns.market_mark(db, owner) == before
