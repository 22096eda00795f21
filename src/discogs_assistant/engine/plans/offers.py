"""The offers of a plan as flat arrays that compiled code walks shop by shop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.plans.bands import VALUE, Bands, Floats
from discogs_assistant.engine.plans.problem import PlanProblem


class Stock(NamedTuple):
    """n offers of s shops; those of shop j are start[j] … start[j + 1], its bands band_start[j] … likewise.

    `linear` shops send any set of their offers for `base`. Of others a load between `low` and `high` costs
    `line` + `slope` × load, or the next whole number, and merchandise of a `worth` below `floor` is not sent.
    `price` holds what a copy adds to the shipping where that does not depend on the others.

    Of `mixed` shops bands are in several units: `band_unit` (k,), in which a copy adds loads[unit] (3, n) to
    its parcel; `loads` is empty where there is no such shop. A band that does not `carry` (k,) holds what is
    free of what other bands carry. `reach` (3, s) is the highest load carried in a unit, below 0 where none
    is; bands[main_end[j] − 1] is the last of those of the shop's first unit, which `weight` is in.
    """

    start: Ints
    want: Ints
    price: Floats
    most: Floats
    weight: Floats
    worth: Floats
    linear: Mask
    base: Floats
    floor: Floats
    band_start: Ints
    low: Floats
    high: Floats
    line: Floats
    slope: Floats
    mixed: Mask
    band_unit: Ints
    carries: Mask
    main_end: Ints
    loads: Floats
    reach: Floats


class Demand(NamedTuple):
    """r wants in g groups: copies, score, required.

    The wants of group i are member[first[i]] … member[first[i + 1]], the offers of want i
    offer[offer_first[i]] … offer[offer_first[i + 1]].
    """

    need: Floats
    score: Floats
    required: Mask
    first: Ints
    member: Ints
    offer_first: Ints
    offer: Ints


def demand_of(problem: PlanProblem) -> Demand:
    """What is wanted."""
    member = np.argsort(problem.group, kind="stable")
    first = np.searchsorted(problem.group[member], np.arange(problem.groups + 1))
    offer = np.argsort(problem.want, kind="stable")
    return Demand(
        need=problem.need.astype(np.float64),
        score=problem.score.astype(np.float64),
        required=problem.required,
        first=first,
        member=member,
        offer_first=np.searchsorted(problem.want[offer], np.arange(len(problem.need) + 1)),
        offer=offer,
    )


def stock_of(problem: PlanProblem) -> Stock:
    """The offers, with each shop's shipping in the simplest form that is exact or else below the cost.

    A minimum order beside the one even band of a shop becomes that band's low end, in merchandise.
    """
    bands, shop = problem.bands, problem.shop
    even = even_shops(problem, bands)
    even[even] = bands.exact[bands.start[:-1][even]]
    poorest = np.full(len(problem.shops), np.iinfo(np.int64).max)
    np.minimum.at(poorest, shop, problem.worth)
    floored = even & (problem.floor > poorest)
    slope, base = np.zeros((2, len(problem.shops)))
    slope[even], base[even] = (side[bands.start[:-1][even]] for side in (bands.slope, bands.base))
    weight = np.where(floored[shop], problem.worth, problem.weight).astype(np.float64)
    line, rise = bands.base.copy(), bands.slope.copy()
    low, high = bands.low.astype(np.float64), bands.high.astype(np.float64)
    owner, free = bands.owner, bands.least_worth > 0
    moved = floored[owner]
    low[moved], high[moved], rise[moved] = problem.floor[owner][moved], np.inf, 0.0
    # What is free counts by its worth alone here: whether it is carried too could only make it dearer.
    low[free], high[free] = bands.least_worth[free], np.inf
    mixed = bands.mixed()
    in_main = ~free & (bands.unit == bands.first_unit()[owner])
    return Stock(
        start=problem.start,
        want=problem.want,
        price=problem.price + slope[shop] * problem.weight,
        most=problem.most.astype(np.float64),
        weight=weight,
        worth=problem.worth.astype(np.float64),
        linear=even & ~floored,
        base=base,
        floor=problem.floor.astype(np.float64),
        band_start=bands.start,
        low=low,
        high=high,
        line=line,
        slope=rise,
        mixed=mixed,
        band_unit=np.where(free, VALUE, bands.unit),
        carries=~free,
        main_end=bands.start[:-1] + np.bincount(owner[in_main], minlength=len(mixed)),
        loads=problem.measured().astype(np.float64) if mixed.any() else np.empty((3, 0)),
        reach=_reach(bands) if mixed.any() else np.empty((3, 0)),
    )


def _reach(bands: Bands) -> Floats:
    """(3, s) the highest load that each shop carries in a unit, below 0 where none is."""
    carries = bands.least_worth == 0
    reach = np.full((3, len(bands.start) - 1), -1.0)
    np.maximum.at(reach, (bands.unit[carries], bands.owner[carries]), bands.high[carries])
    return reach


def even_shops(problem: PlanProblem, bands: Bands) -> Mask:
    """(s,) True for shops whose one band holds for whatever is taken, and costs nothing by itself below 0."""
    lightest = np.full(len(problem.shops), np.iinfo(np.int64).max)
    np.minimum.at(lightest, problem.shop, problem.weight)
    even: Mask = (np.diff(bands.start) == 1) & ~bands.mixed()
    k = bands.start[:-1][even]
    even[even] = (
        (bands.base[k] >= 0) & (bands.low[k] <= lightest[even]) & (bands.high[k] >= problem.loads()[even])
    )
    return even


def without_prices(stock: Stock) -> Stock:
    """The same offers for nothing, where only what can be sent together matters."""
    return stock._replace(
        price=np.zeros_like(stock.price),
        base=np.zeros_like(stock.base),
        line=np.zeros_like(stock.line),
        slope=np.zeros_like(stock.slope),
    )


def first_shipping(stock: Stock, shop: Ints) -> Floats:
    """(n,) the shipping of one copy by itself, or of the shop's first load where that is not sent."""
    k = np.minimum(stock.band_start[shop], max(len(stock.low) - 1, 0))
    banded = (
        stock.line[k] + stock.slope[k] * np.maximum(stock.low[k], stock.weight) if len(stock.low) else 0.0
    )
    return np.where(stock.linear[shop], stock.base[shop], banded)


def price_range(stock: Stock, shop: Ints, need: Ints) -> tuple[Floats, Floats]:
    """(r,) between which prices of a want those of the best bound are looked for.

    From that of the cheapest copy to that of its parcel alone; of the dearest, where several are wanted.
    """
    alone = first_shipping(stock, shop)
    low, high = np.full((2, len(need)), np.inf)
    np.minimum.at(low, stock.want, stock.price - np.where(stock.linear[shop], 0.0, alone))
    np.minimum.at(high, stock.want, stock.price + alone)
    return low, np.where(need > 1, dearest(stock, shop, need), high)


def dearest(stock: Stock, shop: Ints, need: Ints) -> Floats:
    """(r,) the price of the dearest copy with that of its parcel alone."""
    prices = np.full(len(need), -np.inf)
    np.maximum.at(prices, stock.want, stock.price + first_shipping(stock, shop))
    return prices
