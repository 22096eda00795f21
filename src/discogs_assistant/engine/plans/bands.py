"""Shipping of many sellers as bands in flat columns: what the bound and the model of a plan read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.shipping.tariffs import Bracket, Tariff
from discogs_assistant.model.shipping import ShippingUnit

Floats: TypeAlias = NDArray[np.float64]

_MOST_ITEMS = 4096
"""Items of a shop up to which the cost of each number of them is looked at."""

_LARGEST_DEN = 200

ITEMS, GRAMS, VALUE = range(3)
"""What loads are measured in, in the order of `ShippingUnit`."""

_KINDS = (np.int64, np.int64, np.int64, np.float64, np.float64, np.bool_, np.int64)

UNIT_CODES = {unit: code for code, unit in enumerate(ShippingUnit)}


_Line: TypeAlias = tuple[int, int, int, float, float, bool, int]
"""Unit, low, high, base, slope, exact, least worth: a plain tuple, which the garbage collector forgets."""


@dataclass(frozen=True, slots=True)
class Bands:
    """k bands by shop; those of shop j are start[j] … start[j + 1], every other column (k,).

    A load x of low … high in `unit`, with merchandise of `least_worth`, costs base + slope·x where `exact`;
    else that is at most the cost, which is the next whole number. Loads past what a shop's whole stock comes
    to are cut off. Those of one unit ascend; of several that hold a parcel the cheapest counts.
    """

    start: Ints
    unit: Ints
    low: Ints
    high: Ints
    base: Floats
    slope: Floats
    exact: Mask
    least_worth: Ints

    @property
    def owner(self) -> Ints:
        """(k,) whose band each is."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def first_unit(self) -> Ints:
        """(s,) the unit of each shop's first band."""
        if not len(self.unit):
            return np.zeros(len(self.start) - 1, dtype=np.int64)
        return self.unit[np.minimum(self.start[:-1], len(self.unit) - 1)]

    def mixed(self) -> Mask:
        """(s,) shops whose bands are not of one unit, or some of which ask for a worth besides."""
        own = self.owner
        differs = (self.unit != self.first_unit()[own]) | (self.least_worth > 0)
        return np.bincount(own[differs], minlength=len(self.start) - 1) > 0

    def of(self, shops: Ints) -> Bands:
        """Those of some shops, in their order."""
        counts = np.diff(self.start)[shops]
        start = np.concatenate([[0], np.cumsum(counts)])
        k = np.repeat(self.start[shops] - start[:-1], counts) + np.arange(start[-1])
        columns = (getattr(self, column.name)[k] for column in fields(self)[1:])
        return Bands(start, *columns)

    def dearer(self, extra: int) -> Bands:
        """The same where each load costs `extra` more."""
        return replace(self, base=self.base + extra) if extra else self


def bands_of(tariffs: Iterable[Tariff | None], totals: Ints, *, exact: bool = False) -> Bands:
    """The bands of one tariff a shop, up to what its offers come to together: totals (3, s) by unit.

    Where `exact`, bands by items that are not become shorter ones that are.
    """
    counts, lines = [0], list[_Line]()
    for tariff, total in zip(tariffs, totals.T.tolist(), strict=True):
        for bracket in tariff.brackets if tariff is not None else ():
            unit = UNIT_CODES[bracket.unit]
            if bracket.low > total[unit] or bracket.least_worth > total[VALUE]:
                continue
            line = _line(bracket, unit, total[unit])
            if line[5] or unit != ITEMS or total[unit] > _MOST_ITEMS:
                lines.append(line)
            else:
                lines += _runs(bracket, line) if exact else [_tight(bracket, line)]
        counts.append(len(lines))
    columns = zip(*lines, strict=True) if lines else ((),) * len(_KINDS)
    return Bands(
        np.array(counts),
        *(np.array(column, dtype=kind) for column, kind in zip(columns, _KINDS, strict=True)),
    )


def free_bands(loads: Ints) -> Bands:
    """Any load (s,) of items for nothing."""
    count = len(loads)
    zeros = np.zeros(count)
    return Bands(
        start=np.arange(count + 1),
        unit=np.full(count, ITEMS),
        low=np.zeros(count, dtype=np.int64),
        high=loads,
        base=zeros,
        slope=zeros,
        exact=np.ones(count, dtype=np.bool_),
        least_worth=np.zeros(count, dtype=np.int64),
    )


def _line(bracket: Bracket, unit: int, load: int) -> _Line:
    """N/den rounded half up is floor((2N + den) / 2den): the next whole number from (2N − den + 1) / 2den."""
    _, low, high, base, slope, den, least_worth = bracket
    high = load if high is None or high > load else high
    if base % den == 0 and slope % den == 0:
        return unit, low, high, base / den, slope / den, True, least_worth
    return unit, low, high, (2 * base - den + 1) / (2 * den), slope / den, False, least_worth


def _runs(bracket: Bracket, line: _Line) -> Iterator[_Line]:
    """Lines through the costs of a band by items, each as long as the costs rise evenly."""
    _, low, high, *_ = line
    costs = [bracket.cost(items) for items in range(low, high + 1)]
    begin = 0
    while begin < len(costs):
        end = begin + 1
        rise = costs[end] - costs[begin] if end < len(costs) else 0
        while end + 1 < len(costs) and costs[end + 1] - costs[end] == rise:
            end += 1
        end, first = min(end, len(costs) - 1), low + begin
        base = float(costs[begin] - rise * first)
        yield ITEMS, first, low + end, base, float(rise), True, bracket.least_worth
        begin = end + 1


def _tight(bracket: Bracket, line: _Line) -> _Line:
    """A line that is nowhere above the cost nor a whole unit below: the cost is still the next whole number.

    Of those the one with the smallest denominator, as numbers that differ in their tenth digit have led HiGHS
    to wrong answers; where there is none, the line as it is.
    """
    _, low, high, _, slope, *_ = line
    items = np.arange(low, high + 1)
    costs = np.array([bracket.cost(number) for number in items.tolist()])
    den = np.arange(1, _LARGEST_DEN)[:, None]
    rise = np.round(slope * den)
    above = den * costs - rise * items
    least = above.min(axis=1)
    fits = np.flatnonzero(above.max(axis=1) - least < den[:, 0])
    if not len(fits):
        return line
    base, slope = (float(each[fits[0]] / den[fits[0], 0]) for each in (least, rise[:, 0]))
    return ITEMS, low, high, base, slope, False, bracket.least_worth
