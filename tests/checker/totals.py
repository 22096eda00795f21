"""What a parcel costs to send by a raw policy, computed again in fractions.

It reads a policy's attributes as the model names them, in decimals of the policy's currency, and shares no
code with what makes tariffs of policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tests.checker.shipping import half_up


class RawBand(Protocol):
    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def cost(self) -> Decimal: ...
    @property
    def per_unit(self) -> Decimal: ...


class RawMethod(Protocol):
    @property
    def unit(self) -> str: ...
    @property
    def bands(self) -> Sequence[RawBand]: ...


class RawPolicy(Protocol):
    @property
    def methods(self) -> Sequence[RawMethod]: ...
    @property
    def currency(self) -> str: ...
    @property
    def free_from(self) -> Decimal | None: ...
    @property
    def min_order(self) -> Decimal | None: ...


@dataclass(frozen=True)
class Line:
    """So many of a copy, each at a price in its own currency."""

    price: Decimal
    currency: str
    grams: int
    count: int = 1


@dataclass(frozen=True)
class Exchange:
    """What a unit of each currency is in `target`, and how many decimals each has."""

    target: str
    rates: Mapping[str, Decimal]
    decimals: Mapping[str, int]

    def minor(self, amount: Fraction, currency: str, into: str) -> int:
        """`amount` of a currency in minor units of another, rounded half up."""
        exact = amount if currency == into else amount * self._rate(currency) / self._rate(into)
        return half_up(exact * 10 ** self.decimals[into])

    def _rate(self, currency: str) -> Fraction:
        return Fraction(1) if currency == self.target else Fraction(self.rates[currency])


def merchandise(lines: Sequence[Line], money: Exchange, into: str) -> int:
    """What the copies cost in minor units of a currency, each rounded by itself."""
    return sum(line.count * money.minor(Fraction(line.price), line.currency, into) for line in lines)


def shipping(policy: RawPolicy, lines: Sequence[Line], money: Exchange) -> int | None:
    """Minor units of the target; None where no method carries the parcel."""
    worth = Fraction(merchandise(lines, money, policy.currency), 10 ** money.decimals[policy.currency])
    measured = {
        "items": Fraction(sum(line.count for line in lines)),
        "grams": Fraction(sum(line.count * line.grams for line in lines)),
        "value": worth,
    }
    costs = [cost for method in policy.methods if (cost := _cost(method, measured)) is not None]
    if not costs:
        return None
    if policy.free_from is not None and worth >= policy.free_from:
        return 0
    return money.minor(min(costs), policy.currency, money.target)


def reaches_minimum(policy: RawPolicy, lines: Sequence[Line], money: Exchange) -> bool:
    """Whether the parcel is worth the minimum order."""
    scale = 10 ** money.decimals[policy.currency]
    worth = Fraction(merchandise(lines, money, policy.currency), scale)
    return policy.min_order is None or worth >= policy.min_order


def _cost(method: RawMethod, measured: Mapping[str, Fraction]) -> Fraction | None:
    """In the policy's currency; at an edge that two bands share, that of the lower one."""
    x = measured[str(method.unit)]
    for band in method.bands:
        if band.low <= x and (band.high is None or x <= band.high):
            return Fraction(band.cost) + Fraction(band.per_unit) * (x - Fraction(band.low))
    return None
