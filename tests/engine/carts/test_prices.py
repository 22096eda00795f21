"""What is known of the prices of records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest

from discogs_assistant.engine.carts.prices import price_levels, typical_price
from discogs_assistant.model.cart import PriceLevel
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.release import MarketStats

ONE = ReleaseId(1)
RATES = RateTable(
    date(2026, 11, 24),
    "test",
    Currency.USD,
    {Currency.USD: Decimal(1), Currency.EUR: Decimal("1.0850000000")},
)


def stats(lowest: Money | None) -> dict[ReleaseId, MarketStats]:
    return {ONE: MarketStats(ONE, lowest, 4, False, datetime(2026, 11, 24, tzinfo=UTC))}


def usd(minor: int) -> Money:
    return Money(minor, Currency.USD)


def levels(known: dict[ReleaseId, MarketStats], *prices: int) -> dict[ReleaseId, PriceLevel]:
    return price_levels(np.full(len(prices), ONE), np.array(prices, dtype=np.int64), known, RATES)


def test_the_lowest_price_is_the_lowest_of_listings_and_stats() -> None:
    level = levels(stats(Money(400, Currency.EUR)), 900, 500)[ONE]
    assert (level.lowest, level.median, level.copies) == (usd(434), usd(700), 2)
    assert str(level.ratio(usd(521))) == "1.20"


def test_each_release_has_its_own_level() -> None:
    found = price_levels(np.array([2, 1, 2]), np.array([300, 100, 200]), {}, RATES)
    assert found == {1: PriceLevel(usd(100), usd(100), 1), 2: PriceLevel(usd(200), usd(250), 2)}


@pytest.mark.parametrize(
    ("prices", "lowest", "expected"),
    [
        ([500, 900, 1000], usd(100), usd(900)),
        ([500, 900, 1000, 1101], usd(100), usd(950)),
        ([500, 900], usd(100), usd(100)),
        ([500, 900], None, None),
        ([], usd(100), usd(100)),
    ],
)
def test_the_usual_price_is_the_median_of_three_or_else_the_stats_lowest(
    prices: list[int], lowest: Money | None, expected: Money | None
) -> None:
    known = stats(lowest)
    assert typical_price(ONE, levels(known, *prices), known, RATES) == expected
