"""A plan made at once from the prices of a bound: each want from the shop where it costs least there."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.compiler import kernel
from discogs_assistant.engine.plans.bands import Floats
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

    From open shops at price and `mark` a unit of load, from others at full shipping of a copy. Wants that
    shops within the goal's cap and budget do not fill are left out.
    """
    shop = np.empty(len(stock.want), dtype=np.int64)
    for j in range(len(opened)):
        shop[stock.start[j] : stock.start[j + 1]] = j
    closed = np.zeros(len(opened), dtype=np.bool_)
    taken = np.zeros(len(stock.want))
    load = np.zeros(len(opened))
    for _ in range(ATTEMPTS):
        taken[:] = 0.0
        load[:] = 0.0
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
            if used[j] and not _sends(stock, j, taken):
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
    begin, end = demand.offer_first[want], demand.offer_first[want + 1]
    while missing > 0.0:
        best, lowest = -1, np.inf
        for at in demand.offer[begin:end]:
            j = shop[at]
            if closed[j] or (added == room and not used[j]) or _room(stock, at, j, taken, load) < 1.0:
                continue
            known = opened[j] or used[j]
            cost = stock.price[at] + (mark[j] * stock.weight[at] if known else alone(stock, j, at))
            if cost < lowest:
                best, lowest = at, cost
        if best >= 0:
            j = shop[best]
            count = min(missing, _room(stock, best, j, taken, load))
            spent += count * (stock.price[best] + mark[j] * stock.weight[best])
            spent += 0.0 if used[j] else alone(stock, j, best)
        if best < 0 or spent > budget:
            for at in demand.offer[begin:end]:
                load[shop[at]] -= stock.weight[at] * taken[at]
                taken[at] = 0.0
            return added, 0.0
        added += 0 if used[j] else 1
        used[j] = True
        taken[best] += count
        load[j] += stock.weight[best] * count
        missing -= count
    return added, spent


@kernel
def _room(stock: Stock, at: int, j: int, taken: Floats, load: Floats) -> float:
    """How many more copies of an offer there are, and can be sent with what is taken from its shop."""
    left = stock.most[at] - taken[at]
    if stock.linear[j] or stock.weight[at] <= 0.0:
        return float(left)
    return float(min(left, (stock.high[stock.band_start[j + 1] - 1] - load[j]) // stock.weight[at]))


@kernel
def alone(stock: Stock, j: int, at: int) -> float:
    """The shipping of one copy by itself, or of the first load that is sent where that is not."""
    if stock.linear[j]:
        return float(stock.base[j])
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if stock.weight[at] <= stock.high[k]:
            return float(stock.line[k] + stock.slope[k] * max(stock.weight[at], stock.low[k]))
    return np.inf


@kernel
def _sends(stock: Stock, j: int, taken: Floats) -> bool:
    """True where the shop sends what is taken from it, or nothing is."""
    load, worth = 0.0, 0.0
    for at in range(stock.start[j], stock.start[j + 1]):
        load += stock.weight[at] * taken[at]
        worth += stock.worth[at] * taken[at]
    if stock.linear[j] or load == 0.0:
        return True
    for k in range(stock.band_start[j], stock.band_start[j + 1]):
        if stock.low[k] <= load <= stock.high[k]:
            return bool(worth >= stock.floor[j])
    return False
