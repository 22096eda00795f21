"""Shipping policies as exact integers in the budget's currency: what a parcel costs to send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from math import gcd, lcm
from typing import NamedTuple

from discogs_assistant.engine.shipping.step_functions import Piece, least_of, ranges_of
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import RateTable
from discogs_assistant.model.shipping import (
    MOST_BANDS,
    Confidence,
    ShippingMethod,
    ShippingPolicy,
    ShippingUnit,
)


class ParcelSize(NamedTuple):
    """What shipping depends on: `worth` is the merchandise in minor units of the policy's currency."""

    items: int
    grams: int
    worth: int

    def measured_in(self, unit: ShippingUnit) -> int:
        """What a method in `unit` counts."""
        return self[_PLACES[unit]]


_PLACES = {unit: place for place, unit in enumerate(ShippingUnit)}


@dataclass(frozen=True, slots=True)
class Step:
    """(num + slope × (x − origin)) / the method's `den`, rounded half up, for low ≤ x ≤ high (or no end)."""

    low: int
    high: int | None
    origin: int
    num: int
    slope: int


class Bracket(NamedTuple):
    """Parcels of low ≤ x ≤ high in `unit` cost (base + slope × x) / den, rounded half up.

    Their merchandise is at least `least_worth`, in minor units of the policy's currency.
    """

    unit: ShippingUnit
    low: int
    high: int | None
    base: int
    slope: int
    den: int
    least_worth: int = 0

    def cost(self, x: int) -> int:
        """The shipping of x."""
        return (2 * (self.base + self.slope * x) + self.den) // (2 * self.den)


@dataclass(frozen=True, slots=True)
class Method:
    """What a parcel of x costs by one method, in minor units of the budget's currency.

    x counts items, grams, or minor units of the policy's currency, by `unit`. `steps` ascend and never
    overlap; an x in none is not sent.
    """

    name: str
    unit: ShippingUnit
    steps: tuple[Step, ...]
    den: int

    def cost(self, x: int) -> int | None:
        """The shipping of x; None where it is not sent."""
        for step in self.steps:
            if step.low <= x and (step.high is None or x <= step.high):
                return (2 * (step.num + step.slope * (x - step.origin)) + self.den) // (2 * self.den)
        return None

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """Its steps as brackets; much used, so that each is made at once."""
        found = []
        for step in self.steps:
            if step.high is None or step.low <= step.high:
                base, slope, den = step.num - step.slope * step.origin, step.slope, self.den
                if den > 1:
                    common = gcd(den, base, slope)
                    base, slope, den = base // common, slope // common, den // common
                found.append(Bracket(self.unit, step.low, step.high, base, slope, den))
        return tuple(found)

    def pieces(self, den: int) -> list[Piece]:
        """The steps over `den`, a multiple of the method's own."""
        times = den // self.den
        return [
            Piece(step.low, step.high, times * (step.num - step.slope * step.origin), times * step.slope)
            for step in self.steps
        ]


class Quote(NamedTuple):
    """What sending a parcel costs, in minor units of the budget's currency, and the name of the method."""

    minor: int
    method: str


@dataclass(frozen=True)
class Tariff:
    """What parcels of a seller cost to send, by the cheapest of `methods` that carries each.

    `free_from` (None: never) and `min_order` (0: none) are merchandise in minor units of the policy's
    currency. Whether a minimum order holds is the caller's question.
    """

    methods: tuple[Method, ...]
    free_from: int | None
    min_order: int
    confidence: Confidence

    @property
    def by_value(self) -> bool:
        """True where what a parcel costs depends on what its records cost."""
        return self.free_from is not None or any(m.unit is ShippingUnit.VALUE for m in self.methods)

    @cached_property
    def brackets(self) -> tuple[Bracket, ...]:
        """Of all brackets that hold a parcel, the cheapest costs what `quote` says; none where that is None.

        Those of one unit and without `least_worth` ascend and do not overlap: methods in the same unit are
        one step function there. Others may cost more than the quote, as they say nothing of the other units.
        """
        if len(self.methods) == 1 and self.free_from is None:
            return self.methods[0].brackets
        units = [unit for unit in ShippingUnit if any(method.unit is unit for method in self.methods)]
        paid = [bracket for unit in units for bracket in self._paid(unit)]
        if self.free_from is None:
            return tuple(paid)
        free = [bracket for unit in units for bracket in self._free(unit, self.free_from)]
        return tuple([*paid, *free] if self.free_from > 0 else free)

    def quote(self, parcel: ParcelSize) -> Quote | None:
        """The cheapest method, of equal ones the first; it costs nothing from `free_from` on.

        None where no method carries the parcel.
        """
        best: Quote | None = None
        for method in self.methods:
            cost = method.cost(parcel.measured_in(method.unit))
            if cost is not None and (best is None or cost < best.minor):
                best = Quote(cost, method.name)
        if best is None or self.free_from is None or parcel.worth < self.free_from:
            return best
        return Quote(0, best.method)

    def _paid(self, unit: ShippingUnit) -> Iterator[Bracket]:
        """The step function of a unit, by value only below what is free."""
        methods = [method for method in self.methods if method.unit is unit]
        den = lcm(*(method.den for method in methods))
        functions = [method.pieces(den) for method in methods]
        below = self.free_from if unit is ShippingUnit.VALUE else None
        for low, end, base, slope in functions[0] if len(functions) == 1 else least_of(functions):
            high = end if below is None or (end is not None and end < below) else below - 1
            if high is None or low <= high:
                common = gcd(den, base, slope)
                yield Bracket(unit, low, high, base // common, slope // common, den // common)

    def _free(self, unit: ShippingUnit, free_from: int) -> Iterator[Bracket]:
        pieces = [piece for m in self.methods if m.unit is unit for piece in m.pieces(m.den)]
        for low, high in ranges_of(pieces):
            if unit is not ShippingUnit.VALUE:
                yield Bracket(unit, low, high, 0, 0, 1, free_from)
            elif high is None or high >= free_from:
                yield Bracket(unit, max(low, free_from), high, 0, 0, 1)


def added_to(tariff: Tariff, order: ParcelSize) -> Tariff:
    """What records add to the shipping of an open order of that size, which is not sent yet; never below 0.

    The order meets the minimum by itself, and its merchandise counts towards free shipping as far as `order`
    says. The tariff stays as it is where it does not send the order alone.
    """
    paid = tariff.quote(order)
    if paid is None:
        return tariff
    return Tariff(
        tuple(_beyond(method, order.measured_in(method.unit), paid.minor) for method in tariff.methods),
        None if tariff.free_from is None else max(0, tariff.free_from - order.worth),
        0,
        tariff.confidence,
    )


def _beyond(method: Method, ordered: int, paid: int) -> Method:
    """The method for what comes on top of `ordered` units, for which `paid` is due already."""
    steps: list[Step] = []
    for step in method.steps:
        if step.high is None or step.high >= ordered:
            high = None if step.high is None else step.high - ordered
            due = step.num - paid * method.den
            moved = Step(max(0, step.low - ordered), high, step.origin - ordered, due, step.slope)
            steps += _at_least_nothing(moved)
    return Method(method.name, method.unit, tuple(steps), method.den)


def _at_least_nothing(step: Step) -> Iterator[Step]:
    """The step, with what lies below 0 as a step of its own that costs nothing."""

    def value(x: int) -> int:
        return step.num + step.slope * (x - step.origin)

    def free(low: int, high: int | None) -> Step:
        return Step(low, high, low, 0, 0)

    if step.slope > 0 and value(step.low) < 0:
        paid_from = step.origin - step.num // step.slope
        if step.high is not None and paid_from > step.high:
            yield free(step.low, step.high)
        else:
            yield free(step.low, paid_from - 1)
            yield replace(step, low=paid_from)
    elif step.slope < 0 and (step.high is None or value(step.high) < 0):
        paid_to = step.origin + step.num // -step.slope
        if paid_to >= step.low:
            yield replace(step, high=paid_to)
        yield free(max(step.low, paid_to + 1), step.high)
    elif step.slope == 0 and step.num < 0:
        yield free(step.low, step.high)
    else:
        yield step


def single_method(
    unit: ShippingUnit,
    steps: tuple[Step, ...],
    confidence: Confidence = Confidence.KNOWN,
    *,
    den: int = 1,
    min_order: int = 0,
) -> Tariff:
    """The tariff of one method without a name."""
    return Tariff((Method("", unit, steps, den),), None, min_order, confidence)


def tariff(policy: ShippingPolicy, rates: RateTable) -> Tariff:
    """`policy` in the currency of `rates`; `BadInputError` where no rate is held for its own.

    Also where it has more than `MOST_BANDS`.
    """
    bands = sum(len(method.bands) for method in policy.methods)
    if bands > MOST_BANDS:
        raise BadInputError(
            f"The shipping policy of {policy.seller} has {bands:,} ranges, and at most {MOST_BANDS:,} count.",
            "Enter it with fewer ranges, or exclude this seller.",
        )
    scale = 10**policy.currency.decimals
    return Tariff(
        tuple(_method(method, policy, rates) for method in policy.methods),
        None if policy.free_from is None else int(policy.free_from * scale),
        0 if policy.min_order is None else int(policy.min_order * scale),
        policy.source.confidence,
    )


def _method(method: ShippingMethod, policy: ShippingPolicy, rates: RateTable) -> Method:
    """At a shared edge the lower band holds, so the upper one begins one unit later, but counts from its
    edge."""
    scale = 10**policy.currency.decimals if method.unit is ShippingUnit.VALUE else 1
    den, costs = _exact(method, rates.rate(policy.currency), 10**rates.target.decimals, scale)
    steps: list[Step] = []
    for band, (num, slope) in zip(method.bands, costs, strict=True):
        origin = int(band.low * scale)
        high = None if band.high is None else int(band.high * scale)
        edge = steps[-1].high if steps else None
        low = origin + 1 if edge is not None and edge == origin else origin
        steps.append(Step(low, high, origin, num, slope))
    return Method(method.name, method.unit, tuple(steps), den)


def _exact(
    method: ShippingMethod, rate: Decimal, minor: int, scale: int
) -> tuple[int, list[tuple[int, int]]]:
    """The smallest common denominator, and over it each band's cost and that of a further unit.

    In minor units of the target, `minor` to a unit of it. Whole numbers all along, because fractions took
    most of a file's loading.
    """
    num, den = rate.as_integer_ratio()
    num *= minor
    ratios = [(band.cost.as_integer_ratio(), band.per_unit.as_integer_ratio()) for band in method.bands]
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
