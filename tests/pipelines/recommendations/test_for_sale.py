"""What is on sale now: by fresh copies and price floors, within a price and a grade, and said honestly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import MarketStats
from discogs_assistant.pipelines.recommendations.for_sale import OnSale, on_sale
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import exchange_rates, listings, price_floors
from discogs_assistant.store.schema import SHARED_OWNER

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SINCE = NOW - timedelta(hours=6)
IDS = [ReleaseId(id) for id in range(1, 6)]


def sell(db: Database, release: int, cents: int, **changes: Any) -> None:
    owner = changes.pop("owner", OwnerId(SHARED_OWNER))
    copy = Listing(
        ListingId(100 + release),
        ReleaseId(release),
        "somebody",
        Money(cents, changes.pop("currency", Currency.EUR)),
        changes.pop("as_of", NOW),
        Origin.INVENTORY,
        media=changes.pop("media", Grade.NEAR_MINT),
    )
    listings.save_listings(db, owner, [copy], [])


def ask(db: Database, **filters: Any) -> OnSale:
    owner = accounts.local_account(db, NOW)
    exchange_rates.save_rates(
        db, NOW.date(), "ECB", {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.25")}
    )
    return on_sale(db, owner, IDS, RecommendationFilters(**filters), since=SINCE, now=NOW)


def test_a_copy_at_the_limit_is_within_it_and_one_above_is_only_known(db: Database) -> None:
    sell(db, 1, 2000)
    sell(db, 2, 2001)
    found = ask(db, max_price=Money(2000, Currency.EUR))
    assert found.asked == 5
    assert found.known == {1, 2}
    assert found.within == {1}


def test_prices_in_other_currencies_are_converted_by_the_days_rates(db: Database) -> None:
    sell(db, 1, 2500, currency=Currency.USD)
    sell(db, 2, 2501, currency=Currency.USD)
    sell(db, 3, 100, currency=Currency.JPY)
    assert ask(db, max_price=Money(2000, Currency.EUR)).within == {1}
    assert ask(db, max_price=Money(1999, Currency.EUR)).within == set()


def test_a_copy_past_the_age_of_data_is_not_known_to_be_for_sale(db: Database) -> None:
    sell(db, 1, 500, as_of=SINCE - timedelta(seconds=1))
    assert ask(db, max_price=Money(2000, Currency.EUR)).known == set()


def test_what_somebody_else_uploaded_is_not_seen(db: Database) -> None:
    other = accounts.add_account(db, "other", NOW)
    sell(db, 1, 500, owner=other)
    assert ask(db, max_price=Money(2000, Currency.EUR)).known == set()


def test_a_least_grade_needs_a_copy_that_meets_it_at_that_price(db: Database) -> None:
    sell(db, 1, 500, media=Grade.VERY_GOOD)
    sell(db, 2, 500, media=None)
    sell(db, 3, 500, media=Grade.VERY_GOOD_PLUS)
    assert ask(db, min_media=Grade.VERY_GOOD_PLUS).within == {3}
    limit = Money(499, Currency.EUR)
    assert ask(db, max_price=limit, min_media=Grade.VERY_GOOD_PLUS).within == set()


def test_a_price_floor_tells_a_price_and_no_grade(db: Database) -> None:
    low = Money(900, Currency.EUR)
    price_floors.save_stats(db, [MarketStats(ReleaseId(4), low, 2, False, NOW)])
    price_floors.save_stats(db, [MarketStats(ReleaseId(5), None, 0, False, NOW)])
    limit = Money(1000, Currency.EUR)
    assert ask(db, max_price=limit).within == {4}
    graded = ask(db, max_price=limit, min_media=Grade.GOOD)
    assert graded.known == {4}
    assert graded.within == set()


@pytest.mark.parametrize(
    ("known", "within", "says"),
    [
        ({1, 2}, {1}, "Of 1,200 records 2 are known to be for sale now, 1 of them for 20.00 EUR or less."),
        ({1}, set(), "Of 1,200 records 1 is known to be for sale now, none of them for 20.00 EUR or less."),
        (set(), set(), "No copy of 1,200 records is known to be for sale now"),
    ],
)
def test_the_sentence_counts_what_is_known(known: set[Any], within: set[Any], says: str) -> None:
    found = OnSale(1200, frozenset(known), frozenset(within))
    assert found.sentence(RecommendationFilters(max_price=Money(2000, Currency.EUR))).startswith(says)
