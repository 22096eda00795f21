"""What each shop's best parcel is worth at given prices of the wants: the inner problem of a plan's bound."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.compiler import kernel
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.offers import Stock

NOTHING = -1e300
"""The worth of a parcel that no load makes."""


@kernel
def fill(stock: Stock, u: Floats, order: Ints, value: Floats, taken: Floats, mark: Floats) -> None:
    """Each shop's best parcel where a copy of want i is paid u[i] for: (s,) `value`, (n,) copies `taken`.

    Never below the true best: where there are bands, copies may be split, and a band limits one load alone.
    `mark` (n,) is what a copy more of each offer adds to the shipping. `order` (1 or 3, n) by unit is kept
    from call to call, as it hardly changes; shops of one unit have the first row.
    """
    for j in range(len(value)):
        begin, end = stock.start[j], stock.start[j + 1]
        if stock.linear[j]:
            worth = -stock.base[j]
            for at in range(begin, end):
                gain = u[stock.want[at]] - stock.price[at]
                taken[at] = 0.0
                if gain > 0.0:
                    worth += gain * stock.most[at]
                    taken[at] = stock.most[at]
            value[j] = worth
        elif stock.mixed[j]:
            _fill_mixed(stock, u, order, j, value, taken, mark)
        else:
            _fill_bands(stock, u, order[0, begin:end], begin, j, value, taken, mark)


@kernel
def _sorted(
    stock: Stock, weights: Floats, u: Floats, order: Ints, begin: int
) -> tuple[Floats, Floats, Floats, float]:
    """Sorts a shop's `order` by falling gain a unit of load: the ratios, sums of gain and load before each.

    `weights` (n,) is what a copy of each offer adds to the load.

    Copies without weight are last and count nothing; what they bring is returned by itself.
    """
    count = len(order)
    ratio, gain, load = np.empty(count), np.empty(count), np.empty(count)
    extra = 0.0
    for at in range(count):
        worth = u[stock.want[begin + at]] - stock.price[begin + at]
        weight = weights[begin + at]
        gain[at] = worth * stock.most[begin + at]
        load[at] = weight * stock.most[begin + at]
        if weight > 0.0:
            ratio[at] = worth / weight
        else:
            extra += max(0.0, gain[at])
            ratio[at], gain[at] = NOTHING, 0.0
    for at in range(1, count):
        moved = order[at]
        place = at
        while place > 0 and ratio[order[place - 1] - begin] < ratio[moved - begin]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = moved
    gains, loads = np.zeros(count + 1), np.zeros(count + 1)
    for at in range(count):
        offer = order[at] - begin
        loads[at + 1] = loads[at] + load[offer]
        gains[at + 1] = gains[at] + gain[offer]
    return ratio, gains, loads, extra


@kernel
def _before(ratio: Floats, order: Ints, begin: int, slope: float) -> int:
    """How many of `order` have a ratio above `slope`."""
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if ratio[order[middle] - begin] > slope:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _best_in(
    stock: Stock, k: int, order: Ints, begin: int, ratio: Floats, gains: Floats, loads: Floats
) -> tuple[float, float, float]:
    """The best value in band k, its load, and what one more unit of load is worth there."""
    if loads[-1] < stock.low[k]:
        return NOTHING, 0.0, 0.0
    natural = _before(ratio, order, begin, stock.slope[k])
    load = min(max(loads[natural], stock.low[k]), stock.high[k])
    if load == loads[natural]:
        return gains[natural] - stock.slope[k] * load - stock.line[k], load, stock.slope[k]
    at = max(np.searchsorted(loads, load) - 1, 0)
    price = ratio[order[at] - begin]
    gain = gains[at] + (load - loads[at]) * price
    return gain - stock.slope[k] * load - stock.line[k], load, price


@kernel
def _fill_bands(
    stock: Stock, u: Floats, order: Ints, begin: int, j: int, value: Floats, taken: Floats, mark: Floats
) -> None:
    ratio, gains, loads, extra = _sorted(stock, stock.weight, u, order, begin)
    best, best_load, best_price = NOTHING, 0.0, 0.0
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        found, load, price = _best_in(stock, k, order, begin, ratio, gains, loads)
        if found > best:
            best, best_load, best_price = found, load, price
    value[j] = best + extra if best > NOTHING else NOTHING
    _take(stock, stock.weight, u, order, loads, best_load, best_price, taken, mark)


@kernel
def _take(
    stock: Stock, weights: Floats, u: Floats, order: Ints, loads: Floats, load: float, price: float,
    taken: Floats, mark: Floats,
) -> None:  # fmt: skip
    """Takes offers in `order` up to a load, and marks what a copy more adds at the price of a unit of it."""
    for at in range(len(order)):
        offer = order[at]
        mark[offer] = price * weights[offer]
        if weights[offer] > 0.0:
            room = (load - loads[at]) / weights[offer]
            taken[offer] = min(stock.most[offer], max(0.0, room))
        else:
            taken[offer] = stock.most[offer] if u[stock.want[offer]] > stock.price[offer] else 0.0


@kernel
def _fill_mixed(
    stock: Stock, u: Floats, order: Ints, j: int, value: Floats, taken: Floats, mark: Floats
) -> None:
    """The best of a shop's bands in all units: each limits its own load, and none of the others."""
    begin, end = stock.start[j], stock.start[j + 1]
    value[j] = NOTHING
    for unit in range(3):
        if not _has_unit(stock, j, unit):
            continue
        weights, own = stock.loads[unit], order[unit, begin:end]
        ratio, gains, loads, extra = _sorted(stock, weights, u, own, begin)
        best, best_load, best_price = NOTHING, 0.0, 0.0
        for k in range(stock.band_start[j], stock.band_start[j + 1]):
            if stock.band_unit[k] == unit:
                found, load, price = _best_in(stock, k, own, begin, ratio, gains, loads)
                if found > best:
                    best, best_load, best_price = found, load, price
        if best > NOTHING and best + extra > value[j]:
            value[j] = best + extra
            _take(stock, weights, u, own, loads, best_load, best_price, taken, mark)


@kernel
def _has_unit(stock: Stock, j: int, unit: int) -> bool:
    """Whether a shop has a band in a unit."""
    found = False
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        found = found or stock.band_unit[k] == unit
    return bool(found)


@kernel
def losses(
    stock: Stock, u: Floats, order: Ints, value: Floats, least: float, offer: Floats, band: Floats
) -> None:
    """How much worse than max(least, value) a shop is when it must sell an offer (n,), or use a band (k,)."""
    for j in range(len(value)):
        begin, end = stock.start[j], stock.start[j + 1]
        reference = max(least, value[j])
        if stock.linear[j]:
            for at in range(begin, end):
                offer[at] = reference - value[j] - min(0.0, u[stock.want[at]] - stock.price[at])
            for k in range(stock.band_start[j], stock.band_start[j + 1]):
                band[k] = reference - value[j]
            continue
        for at in range(begin, end):
            offer[at] = -NOTHING
        if not stock.mixed[j]:
            _lose(stock, stock.weight, u, order[0, begin:end], j, -1, reference, offer, band)
            continue
        for unit in range(3):
            if _has_unit(stock, j, unit):
                own = order[unit, begin:end]
                _lose(stock, stock.loads[unit], u, own, j, unit, reference, offer, band)


@kernel
def _lose(
    stock: Stock, weights: Floats, u: Floats, order: Ints, j: int, unit: int, reference: float,
    offer: Floats, band: Floats,
) -> None:  # fmt: skip
    """The losses of a shop's offers in its bands of a unit (−1: all of them), where they are the least so
    far."""
    begin, end = stock.start[j], stock.start[j + 1]
    ratio, gains, loads, extra = _sorted(stock, weights, u, order, begin)
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if unit < 0 or stock.band_unit[k] == unit:
            found, _, price = _best_in(stock, k, order, begin, ratio, gains, loads)
            band[k] = reference - found - extra
            for at in range(begin, end):
                gain = u[stock.want[at]] - stock.price[at] - price * weights[at]
                offer[at] = min(offer[at], band[k] - min(0.0, gain))
