"""What is known of each release's prices, in the budget's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.model.cart import PriceLevel
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Money, RateTable, round_half_up
from discogs_assistant.model.release import MarketStats

ENOUGH_COPIES = 3
"""Known listings from which on their median counts as the release's price (original.md)."""


def price_levels(
    release: Ints, price: Ints, stats: Mapping[ReleaseId, MarketStats], rates: RateTable
) -> dict[ReleaseId, PriceLevel]:
    """The lowest of all that is known, the median of the known copies, and how many those are, by release.

    `release`, `price`: (n,) of the copies for sale, in minor units of the target of `rates`.
    """
    order = np.lexsort((price, release))
    ids, starts = np.unique(release[order], return_index=True)
    asked = {
        ReleaseId(int(id)): prices.tolist()
        for id, prices in zip(ids, np.split(price[order], starts[1:]), strict=False)
    }
    floors = {
        id: floor for id, stat in stats.items() if (floor := _converted(stat.lowest, rates)) is not None
    }
    return {
        id: _level(asked.get(id, []), floors.get(id), rates) for id in sorted(asked.keys() | floors.keys())
    }


def typical_price(
    release: ReleaseId,
    levels: Mapping[ReleaseId, PriceLevel],
    stats: Mapping[ReleaseId, MarketStats],
    rates: RateTable,
) -> Money | None:
    """The median of the known listings if there are three or more, else the stats' lowest, else not known."""
    level = levels.get(release)
    if level is not None and level.copies >= ENOUGH_COPIES:
        return level.median
    return _converted(stats[release].lowest, rates) if release in stats else None


def _level(asked: Sequence[int], floor: Money | None, rates: RateTable) -> PriceLevel:
    """The level of prices in ascending order."""
    known = [*asked[:1], *([floor.minor] if floor is not None else [])]
    median = Money(_median(asked), rates.target) if asked else None
    return PriceLevel(Money(min(known), rates.target), median, len(asked))


def _median(ordered: Sequence[int]) -> int:
    """The middle one; of an even number the mean of the two in the middle, rounded half up."""
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return round_half_up(Decimal(ordered[middle - 1] + ordered[middle]) / 2)


def _converted(money: Money | None, rates: RateTable) -> Money | None:
    if money is None or not rates.has_rate(money.currency):
        return None
    return rates.convert(money)
