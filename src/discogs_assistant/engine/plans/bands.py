"""Shipping of many sellers as bands in flat columns: what the bound and the model of a plan read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.shipping.tariffs import Method, Step
from discogs_assistant.model.shipping import ShippingUnit

Floats: TypeAlias = NDArray[np.float64]

_MOST_ITEMS = 4096
"""Items of a shop up to which the cost of each number of them is looked at."""

_LARGEST_DEN = 200

_Line: TypeAlias = tuple[int, int, float, float, bool]
"""Low, high, base, slope, exact."""


@dataclass(frozen=True, slots=True)
class Bands:
    """k bands by shop, ascending; those of shop j are start[j] … start[j + 1], every other column (k,).

    A load x in low … high costs base + slope·x where `exact`; else that is at most the cost, which is the
    next whole number. Loads past what a shop's whole stock weighs are cut off.
    """

    start: Ints
    low: Ints
    high: Ints
    base: Floats
    slope: Floats
    exact: Mask

    def of(self, shops: Ints) -> Bands:
        """Those of some shops, in their order."""
        counts = np.diff(self.start)[shops]
        start = np.concatenate([[0], np.cumsum(counts)])
        k = np.repeat(self.start[shops] - start[:-1], counts) + np.arange(start[-1])
        return Bands(start, self.low[k], self.high[k], self.base[k], self.slope[k], self.exact[k])

    def dearer(self, extra: int) -> Bands:
        """The same where each load costs `extra` more."""
        return replace(self, base=self.base + extra) if extra else self


def bands_of(methods: Sequence[Method], loads: Ints, *, exact: bool = False) -> Bands:
    """The bands of one method a shop (s,), up to the shop's whole load (s,).

    Where `exact`, bands by items that are not become shorter ones that are.
    """
    counts, lines = [0], list[_Line]()
    for method, load in zip(methods, loads.tolist(), strict=True):
        by_items = method.unit is ShippingUnit.ITEMS and load <= _MOST_ITEMS
        for step in method.steps:
            if step.low <= load and (step.high is None or step.low <= step.high):
                line = _line(step, method.den, load)
                if line[-1] or not by_items:
                    lines.append(line)
                else:
                    lines += _runs(method, *line[:2]) if exact else [_tight(method, line)]
        counts.append(len(lines))
    columns = zip(*lines, strict=True) if lines else ((),) * 5
    kinds = (np.int64, np.int64, np.float64, np.float64, np.bool_)
    return Bands(
        np.array(counts), *(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True))
    )


def free_bands(loads: Ints) -> Bands:
    """Any load for nothing."""
    count = len(loads)
    zeros = np.zeros(count)
    return Bands(
        start=np.arange(count + 1),
        low=np.zeros(count, dtype=np.int64),
        high=loads,
        base=zeros,
        slope=zeros,
        exact=np.ones(count, dtype=np.bool_),
    )


def _line(step: Step, den: int, load: int) -> _Line:
    """N/den rounded half up is floor((2N + den) / 2den): the next whole number from (2N − den + 1) / 2den."""
    high = load if step.high is None else min(step.high, load)
    exact = step.num % den == 0 and step.slope % den == 0
    at_zero = step.num - step.slope * step.origin
    base = at_zero / den if exact else (2 * at_zero - den + 1) / (2 * den)
    return step.low, high, base, step.slope / den, exact


def _runs(method: Method, low: int, high: int) -> Iterator[_Line]:
    """Lines through the costs of low … high, each as long as the costs rise evenly."""
    costs = [method.cost(items) or 0 for items in range(low, high + 1)]
    begin = 0
    while begin < len(costs):
        end = begin + 1
        rise = costs[end] - costs[begin] if end < len(costs) else 0
        while end + 1 < len(costs) and costs[end + 1] - costs[end] == rise:
            end += 1
        end = min(end, len(costs) - 1)
        yield low + begin, low + end, float(costs[begin] - rise * (low + begin)), float(rise), True
        begin = end + 1


def _tight(method: Method, line: _Line) -> _Line:
    """A line that is nowhere above the cost nor a whole unit below: the cost is still the next whole number.

    Of those the one with the smallest denominator, as numbers that differ in their tenth digit have led HiGHS
    to wrong answers; where there is none, the line as it is.
    """
    low, high, _, slope, exact = line
    costs = np.array([method.cost(items) or 0 for items in range(low, high + 1)])
    den = np.arange(1, _LARGEST_DEN)[:, None]
    rise = np.round(slope * den)
    above = den * costs - rise * np.arange(low, high + 1)
    least = above.min(axis=1)
    fits = np.flatnonzero(above.max(axis=1) - least < den[:, 0])
    if not len(fits):
        return line
    best = fits[0]
    return low, high, float(least[best] / den[best, 0]), float(rise[best, 0] / den[best, 0]), exact
