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

    Never below the true best: where there are bands, copies may be split. `mark` (s,) is what one more unit
    of load costs. `order` (n,) is kept from call to call, as it hardly changes.
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
            mark[j] = 0.0
        else:
            _fill_bands(stock, u, order[begin:end], begin, j, value, taken, mark)


@kernel
def _sorted(stock: Stock, u: Floats, order: Ints, begin: int) -> tuple[Floats, Floats, Floats, float]:
    """Sorts a shop's `order` by falling gain a unit of load: the ratios, sums of gain and load before each.

    Copies without weight are last and count nothing; what they bring is returned by itself.
    """
    count = len(order)
    ratio, gain, load = np.empty(count), np.empty(count), np.empty(count)
    extra = 0.0
    for at in range(count):
        worth = u[stock.want[begin + at]] - stock.price[begin + at]
        weight = stock.weight[begin + at]
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
    ratio, gains, loads, extra = _sorted(stock, u, order, begin)
    best, best_load, best_price = NOTHING, 0.0, 0.0
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        found, load, price = _best_in(stock, k, order, begin, ratio, gains, loads)
        if found > best:
            best, best_load, best_price = found, load, price
    value[j] = best + extra if best > NOTHING else NOTHING
    mark[j] = best_price
    for at in range(len(order)):
        offer = order[at]
        if stock.weight[offer] > 0.0:
            room = (best_load - loads[at]) / stock.weight[offer]
            taken[offer] = min(stock.most[offer], max(0.0, room))
        else:
            taken[offer] = stock.most[offer] if u[stock.want[offer]] > stock.price[offer] else 0.0


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
        ratio, gains, loads, extra = _sorted(stock, u, order[begin:end], begin)
        for at in range(begin, end):
            offer[at] = -NOTHING
        for k in range(stock.band_start[j], stock.band_start[j + 1]):
            found, _, price = _best_in(stock, k, order[begin:end], begin, ratio, gains, loads)
            band[k] = reference - found - extra
            for at in range(begin, end):
                gain = u[stock.want[at]] - stock.price[at] - price * stock.weight[at]
                offer[at] = min(offer[at], band[k] - min(0.0, gain))
