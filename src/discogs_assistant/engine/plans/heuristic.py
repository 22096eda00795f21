"""A plan made at once from the prices of a bound: each want from the shop where it costs least there."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.compiler import kernel
from discogs_assistant.engine.plans.bands import VALUE, Floats
from discogs_assistant.engine.plans.bounds import Goal
from discogs_assistant.engine.plans.offers import Demand, Stock

ATTEMPTS = 20
"""How often to close shops that would not send their parcel and to buy everything again."""


@kernel
def guess(
    stock: Stock,
    demand: Demand,
    goal: Goal,
    opened: Mask,
    mark: Floats,
    wants: Ints,
) -> tuple[Floats, bool]:
    """(n,) copies to buy of each offer for `wants`, the first first; False where parcels remain unsent.

    From open shops at price and `mark` (n,) a copy, from others at full shipping of a copy. Wants that
    shops within the goal's cap and budget do not fill are left out.
    """
    shop = np.empty(len(stock.want), dtype=np.int64)
    for j in range(len(opened)):
        shop[stock.start[j] : stock.start[j + 1]] = j
    closed = np.zeros(len(opened), dtype=np.bool_)
    taken = np.zeros(len(stock.want))
    load = np.zeros((3, len(opened)))
    for _ in range(ATTEMPTS):
        taken[:] = 0.0
        load[:, :] = 0.0
        used = np.zeros(len(opened), dtype=np.bool_)
        parcels, budget = 0, goal.budget
        for want in wants:
            opening, cost = _buy(
                stock, demand, want, shop, opened, closed, used, goal.cap - parcels, budget, mark, taken, load
            )
            parcels += opening
            budget -= cost
        unsent = 0
        for j in range(len(opened)):
            if used[j] and not stock.linear[j] and not _sends(stock, j, taken):
                closed[j] = True
                unsent += 1
        if unsent == 0:
            return taken, True
    return taken, False


@kernel
def _buy(
    stock: Stock,
    demand: Demand,
    want: int,
    shop: Ints,
    opened: Mask,
    closed: Mask,
    used: Mask,
    room: int,
    budget: float,
    mark: Floats,
    taken: Floats,
    load: Floats,
) -> tuple[int, float]:
    """Takes what is wanted of `want`, cheapest first, or nothing; the parcels that it adds, and its cost."""
    missing, spent, added = demand.need[want], 0.0, 0
    offers = demand.offer[demand.offer_first[want] : demand.offer_first[want + 1]]
    while missing > 0.0:
        best = _cheapest(stock, offers, shop, opened, closed, used, added == room, mark, taken, load)
        if best >= 0:
            j = shop[best]
            left = stock.most[best] - taken[best]
            count = min(missing, left if stock.linear[j] else _room(stock, best, j, taken, load))
            spent += count * (stock.price[best] + mark[best])
            if not used[j]:
                spent += stock.base[j] if stock.linear[j] else _alone(stock, j, best)
        if best < 0 or spent > budget:
            for at in offers:
                if not stock.linear[shop[at]]:
                    _load(stock, at, shop[at], -taken[at], load)
                taken[at] = 0.0
            return added, 0.0
        added += 0 if used[j] else 1
        used[j] = True
        taken[best] += count
        if not stock.linear[j]:
            _load(stock, best, j, count, load)
        missing -= count
    return added, spent


@kernel
def _cheapest(
    stock: Stock, offers: Ints, shop: Ints, opened: Mask, closed: Mask, used: Mask, full: bool, mark: Floats,
    taken: Floats, load: Floats,
) -> int:  # fmt: skip
    """The cheapest of some offers that there are more of, or −1; where `full`, from shops in use alone.

    Linear shops are looked at here: a call with all of the stock takes longer than the rest of the loop.
    """
    best, lowest = -1, np.inf
    for at in offers:
        j = shop[at]
        if closed[j] or (full and not used[j]):
            continue
        left = stock.most[at] - taken[at] if stock.linear[j] else _room(stock, at, j, taken, load)
        if left < 1.0:
            continue
        cost = stock.price[at]
        if opened[j] or used[j]:
            cost += mark[at]
        else:
            cost += stock.base[j] if stock.linear[j] else _alone(stock, j, at)
        if cost < lowest:
            best, lowest = at, cost
    return best


@kernel
def _load(stock: Stock, at: int, j: int, count: float, load: Floats) -> None:
    """Adds copies to the loads (3, s) of a shop with bands: in all units, or in its own in the first row."""
    if stock.mixed[j]:
        for unit in range(3):
            load[unit, j] += stock.loads[unit, at] * count
    else:
        load[0, j] += stock.weight[at] * count


@kernel
def _room(stock: Stock, at: int, j: int, taken: Floats, load: Floats) -> float:
    """How many more copies of an offer a shop with bands has, and can send with what is taken from it."""
    left = stock.most[at] - taken[at]
    if stock.mixed[j]:
        return float(min(left, _room_in_all(stock, at, j, load)))
    if stock.weight[at] <= 0.0:
        return float(left)
    return float(min(left, (stock.high[stock.band_start[j + 1] - 1] - load[0, j]) // stock.weight[at]))


@kernel
def _room_in_all(stock: Stock, at: int, j: int, load: Floats) -> float:
    """How many more copies of an offer a shop with bands in several units can send by one of them."""
    room = 0.0
    for unit in range(3):
        spare, weight = stock.reach[unit, j] - load[unit, j], stock.loads[unit, at]
        if weight > 0.0:
            room = max(room, spare // weight)
        elif spare >= 0.0:
            room = np.inf
    return room


@kernel
def _alone(stock: Stock, j: int, at: int) -> float:
    """The shipping by bands of one copy by itself, or of the first load that is sent where that is not."""
    if stock.mixed[j]:
        return float(_alone_in_all(stock, j, at))
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if stock.weight[at] <= stock.high[k]:
            return float(stock.line[k] + stock.slope[k] * max(stock.weight[at], stock.low[k]))
    return np.inf


@kernel
def _alone_in_all(stock: Stock, j: int, at: int) -> float:
    """The same of a shop with bands in several units: the least of all that hold the copy."""
    lowest = np.inf
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        weight = stock.loads[stock.band_unit[k], at]
        if weight <= stock.high[k] and (stock.carries[k] or weight >= stock.low[k]):
            lowest = min(lowest, stock.line[k] + stock.slope[k] * max(weight, stock.low[k]))
    return lowest


@kernel
def _sends(stock: Stock, j: int, taken: Floats) -> bool:
    """True where a shop with bands sends what is taken from it, or nothing is."""
    if stock.mixed[j]:
        return bool(_sends_in_any(stock, j, taken))
    load, worth = 0.0, 0.0
    for at in range(stock.start[j], stock.start[j + 1]):
        load += stock.weight[at] * taken[at]
        worth += stock.worth[at] * taken[at]
    if load == 0.0:
        return True
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if stock.low[k] <= load <= stock.high[k]:
            return bool(worth >= stock.floor[j])
    return False


@kernel
def _sends_in_any(stock: Stock, j: int, taken: Floats) -> bool:
    """The same of a shop with bands in several units."""
    load, bought = np.zeros(3), 0.0
    for at in range(stock.start[j], stock.start[j + 1]):
        bought += taken[at]
        for unit in range(3):
            load[unit] += stock.loads[unit, at] * taken[at]
    if bought == 0.0:
        return True
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if stock.carries[k] and stock.low[k] <= load[stock.band_unit[k]] <= stock.high[k]:
            return bool(load[VALUE] >= stock.floor[j])
    return False
