"""Bounds of plans by prices of the wants: the Lagrangian relaxation of buying each as often as it is wanted.

At any prices u a plan that covers a set of groups costs at least Σ u·need less what the best parcels of the
shops that may open are worth at u. Subgradient steps of Polyak's length raise that bound (Polyak 1969).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.compiler import kernel
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.offers import Demand, Stock
from discogs_assistant.engine.plans.parcel_pricing import fill

PATIENCE = 10
"""Steps without a better bound after which they get shorter."""

SHORTER = 0.6

HALVINGS = 60


class Goal(NamedTuple):
    """The lowest total that covers `cover` groups; or, where `most`, the highest score for `budget`.

    At most `cap` shops open. The bound of a lowest total is from below, that of a highest score from above:
    it is held as its negative, so that a greater one is always the better.
    """

    most: bool
    cover: int
    cap: int
    budget: float


class State(NamedTuple):
    """What a bound is computed from and into: prices u (r,) and their range, and the fields of `fill`."""

    u: Floats
    lowest: Floats
    highest: Floats
    order: Ints
    value: Floats
    taken: Floats
    mark: Floats
    opened: Mask
    chosen: Ints
    slack: Floats
    move: Floats


@kernel
def bound_at(stock: Stock, demand: Demand, goal: Goal, state: State) -> tuple[float, float, float]:
    """The bound at state.u, the price of a minor unit, and the worth of the last shop that may open.

    Leaves which shops open, the want chosen of each group (or −1), and copies wanted less copies taken (r,).
    """
    fill(stock, state.u, state.order, state.value, state.taken, state.mark)
    parcels, least = _open(state.value, goal.cap, state.opened)
    if goal.most:
        bound, price = _choose_most(demand, state.u, goal.budget, parcels, state.chosen)
    else:
        bound, price = _choose_cheapest(demand, state.u, goal.cover, state.chosen) - parcels, 1.0
    state.slack[:] = 0.0
    for want in state.chosen:
        if want >= 0:
            state.slack[want] = demand.need[want]
    for j in range(len(state.value)):
        if state.opened[j]:
            for at in range(stock.start[j], stock.start[j + 1]):
                state.slack[stock.want[at]] -= state.taken[at]
    return bound, price, least


@kernel
def _open(value: Floats, cap: int, opened: Mask) -> tuple[float, float]:
    """Opens the shops worth most, at most `cap`; their worth together, and what one more has to be worth."""
    opened[:] = value > 0.0
    count = opened.sum()
    if count < cap:
        return float(value[opened].sum()), 0.0
    ranked = np.argsort(-value, kind="mergesort")[:cap]
    opened[:] = False
    opened[ranked] = True
    return float(value[ranked].sum()), float(value[ranked[-1]])


@kernel
def _choose_cheapest(demand: Demand, u: Floats, cover: int, chosen: Ints) -> float:
    """The want of each group that costs least, of the `cover` groups that cost least; what they cost."""
    groups = len(chosen)
    cost = np.empty(groups)
    required = 0
    for group in range(groups):
        chosen[group] = -1
        for at in range(demand.first[group], demand.first[group + 1]):
            want = demand.member[at]
            paid = u[want] * demand.need[want]
            if chosen[group] < 0 or paid < cost[group]:
                cost[group], chosen[group] = paid, want
        if demand.required[chosen[group]]:
            required += 1
    if cover < groups:
        rank = cost.copy()
        for group in range(groups):
            if demand.required[chosen[group]]:
                rank[group] = -np.inf
        for group in np.argsort(rank, kind="mergesort")[max(cover, required) :]:
            if cost[group] >= 0.0:
                cost[group], chosen[group] = 0.0, -1
    return float(cost.sum())


@kernel
def _choose_most(
    demand: Demand, u: Floats, budget: float, parcels: float, chosen: Ints
) -> tuple[float, float]:
    """Minus the most that can be scored for budget + parcels at prices u, wants split; score a minor unit."""
    if budget == np.inf:
        return -(parcels + _scored(demand, u, 1.0, chosen)[0]), 1.0
    money = budget + parcels
    if _scored(demand, u, 0.0, chosen)[1] <= money:
        return -_scored(demand, u, 0.0, chosen)[0], 0.0
    low, high = 0.0, 1.0
    while high < 1e15 and _scored(demand, u, high, chosen)[1] > money:
        low, high = high, high * 16.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if _scored(demand, u, middle, chosen)[1] > money:
            low = middle
        else:
            high = middle
        if high - low < 1e-9 * high:
            break
    return -(high * money + _scored(demand, u, high, chosen)[0]), high


@kernel
def _scored(demand: Demand, u: Floats, price: float, chosen: Ints) -> tuple[float, float]:
    """Of each group the want of the greatest score less price × cost, if above 0 or required; sum and
    cost."""
    total, cost = 0.0, 0.0
    for group in range(len(chosen)):
        chosen[group] = -1
        best = 0.0
        for at in range(demand.first[group], demand.first[group + 1]):
            want = demand.member[at]
            gain = demand.score[want] - price * u[want] * demand.need[want]
            if gain > best or demand.required[want]:
                best, chosen[group] = gain, want
        total += best
        if chosen[group] >= 0:
            cost += u[chosen[group]] * demand.need[chosen[group]]
    return total, cost


@kernel
def _room(demand: Demand, goal: Goal, state: State) -> float:
    """What the budget leaves when all that is chosen is paid for at prices u."""
    room = goal.budget + state.value[state.opened].sum()
    for want in state.chosen:
        if want >= 0:
            room -= state.u[want] * demand.need[want]
    return float(room)


@kernel
def ascend(
    stock: Stock, demand: Demand, goal: Goal, state: State, known: float, length: float, steps: int
) -> tuple[float, float]:
    """Raises the bound in at most `steps` steps; the best, its prices in state.u, and the next step's length.

    No bound exceeds `known`. Ends early there, or where steps have become too short to matter.
    """
    best = -np.inf
    best_u = state.u.copy()
    move = state.move
    idle = 0
    for _ in range(steps):
        bound, price, _ = bound_at(stock, demand, goal, state)
        if bound > best:
            best, idle = bound, 0
            best_u[:] = state.u
        else:
            idle += 1
        if idle >= PATIENCE:
            length, idle = length * SHORTER, 0
            state.u[:] = best_u
        move[:] = 0.7 * move + 0.3 * state.slack
        square = (move * move).sum()
        if square == 0.0 or length < 1e-6 or best >= known:
            break
        if price == 0.0:
            # Everything seems to be within the budget: only more expensive wants raise the bound.
            hoped, price = 1.05 * _room(demand, goal, state), 1.0
        else:
            hoped = min(known, best + 0.05 * abs(best)) + 0.02 * abs(best) - bound
        state.u[:] += length * hoped / (price * square) * move
        state.u[:] = np.minimum(np.maximum(state.u, state.lowest), state.highest)
    state.u[:] = best_u
    return best, length
