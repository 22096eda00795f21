"""Shipping policies as exact integers in the budget's currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import gcd, lcm

from discogs_assistant.model.money import RateTable
from discogs_assistant.model.shipping import Confidence, ShippingPolicy, ShippingUnit


@dataclass(frozen=True, slots=True)
class Step:
    """(num + slope × (x − origin)) / the tariff's `den`, rounded half up, for low ≤ x ≤ high (or no end)."""

    low: int
    high: int | None
    origin: int
    num: int
    slope: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a parcel of x costs to send, in minor units of the budget's currency.

    x counts items, grams, or minor units of the policy's currency (the column `worth`), by `unit`.
    `steps` ascend and never overlap; an x in none is not sent. `min_order` in the same units as `worth`.
    """

    unit: ShippingUnit
    steps: tuple[Step, ...]
    den: int
    min_order: int
    confidence: Confidence

    def cost(self, x: int) -> int | None:
        """The shipping of x; None where it is not sent."""
        step = next((s for s in self.steps if s.low <= x and (s.high is None or x <= s.high)), None)
        if step is None:
            return None
        return (2 * (step.num + step.slope * (x - step.origin)) + self.den) // (2 * self.den)


def tariff(policy: ShippingPolicy, rates: RateTable) -> Tariff:
    """`policy` in the currency of `rates`; `BadInputError` where no rate is held for its own.

    At a shared edge the lower band holds, so the upper one begins one unit later, but counts from its edge.
    """
    scale = 10**policy.currency.decimals if policy.unit is ShippingUnit.VALUE else 1
    den, costs = _exact(policy, rates, scale)
    steps: list[Step] = []
    for band, (num, slope) in zip(policy.bands, costs, strict=True):
        origin = _whole(band.low, scale)
        high = None if band.high is None else _whole(band.high, scale)
        edge = steps[-1].high if steps else None
        low = origin + 1 if edge is not None and edge == origin else origin
        steps.append(Step(low, high, origin, num, slope))
    return Tariff(policy.unit, tuple(steps), den, _min_order(policy), policy.origin.confidence)


def _exact(policy: ShippingPolicy, rates: RateTable, scale: int) -> tuple[int, list[tuple[int, int]]]:
    """The smallest common denominator, and over it each band's cost and that of a further unit.

    In minor units of the target; whole numbers all along, because fractions took most of a file's loading.
    """
    num, den = rates.rate(policy.currency).as_integer_ratio()
    num *= 10**rates.target.decimals
    ratios = [(band.cost.as_integer_ratio(), band.per_unit.as_integer_ratio()) for band in policy.bands]
    common = lcm(*(part for cost, per_unit in ratios for part in (cost[1], per_unit[1]))) * den * scale
    exact = [
        (
            num * cost[0] * (common // (cost[1] * den)),
            num * per_unit[0] * (common // (per_unit[1] * den * scale)),
        )
        for cost, per_unit in ratios
    ]
    shared = gcd(common, *(part for pair in exact for part in pair))
    return common // shared, [(cost // shared, slope // shared) for cost, slope in exact]


def _whole(edge: Decimal, scale: int) -> int:
    return int(edge * scale)


def _min_order(policy: ShippingPolicy) -> int:
    return 0 if policy.min_order is None else int(policy.min_order * 10**policy.currency.decimals)
