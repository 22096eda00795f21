"""What a parcel costs to send, in exact fractions, from the decimals of its bands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor


@dataclass(frozen=True)
class Band:
    """`cost + per_unit × (x − low)` for `low ≤ x ≤ high`; no end where `high` is None."""

    low: Decimal
    high: Decimal | None
    cost: Decimal
    per_unit: Decimal


@dataclass(frozen=True)
class Method:
    """Bands in `unit`: items, grams or value."""

    unit: str
    bands: tuple[Band, ...]

    def cost(self, x: Decimal) -> Fraction | None:
        """In major units of the policy's currency; None where it does not carry x. Lower bands hold first."""
        for band in sorted(self.bands, key=lambda band: (band.low, band.high is None, band.high)):
            if band.low <= x and (band.high is None or x <= band.high):
                return Fraction(band.cost) + Fraction(band.per_unit) * Fraction(x - band.low)
        return None


@dataclass(frozen=True)
class ShippingTerms:
    """Methods, and what is free, in major units of `currency`.

    `rate` is what one major unit of it is in minor units of the budget's currency; `decimals` are its own.
    """

    methods: tuple[Method, ...]
    currency: str
    decimals: int
    rate: Fraction
    min_order: Decimal | None = None
    free_from: Decimal | None = None

    def cost(self, items: int, grams: int, worth: int) -> int | None:
        """Minor units of the budget's currency; None where nothing is sent. `worth` in minor units."""
        x = {"items": Decimal(items), "grams": Decimal(grams), "value": self.major(worth)}
        costs = [cost for method in self.methods if (cost := method.cost(x[method.unit])) is not None]
        if not costs:
            return None
        free = self.free_from is not None and x["value"] >= self.free_from
        return 0 if free else half_up(min(costs) * self.rate)

    def enough(self, worth: int) -> bool:
        """Whether merchandise of `worth` reaches the minimum order."""
        return self.min_order is None or self.major(worth) >= self.min_order

    def major(self, minor: int) -> Decimal:
        """Minor units of the policy's currency as its decimal."""
        return Decimal(minor).scaleb(-self.decimals)


FREE = ShippingTerms(
    (Method("items", (Band(Decimal(0), None, Decimal(0), Decimal(0)),)),), "", 2, Fraction(100)
)
"""Where there are no policies, and so no currency of theirs."""


def half_up(amount: Fraction) -> int:
    """The nearest integer, halves up."""
    return floor(amount + Fraction(1, 2))
