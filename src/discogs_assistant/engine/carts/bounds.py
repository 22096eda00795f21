"""Upper bounds of the carts of a subproblem in integers, and a good cart of each.

The Lagrange multipliers μ, λ, ν of kernels/lagrange.py are rounded to 1/2^bits; with any of them the bound
holds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.kernels.arrays import ascending, highest, lessened, taken
from discogs_assistant.engine.compiler import kernel

MU, PRICE, NU, BITS, SHIFT = 0, 1, 2, 5, 6
"""Columns of the whole multipliers: μ and λ, three ν (all times 2^BITS); costs count in units of 2^SHIFT."""
_ROOM = 2.0**60
_MOST_BITS = 40
_MOST_SPARE = 2**32
"""In units of 2^SHIFT: above all costs, so that a difference of this and a cost still fits in 64 bits."""


@kernel
def _bits(largest: float) -> int:
    """How many binary places the multipliers may have, so that no sum below `largest` leaves 64 bits."""
    bits, room = 0, _ROOM / max(largest, 1.0)
    while bits < _MOST_BITS and room >= 2.0:
        bits, room = bits + 1, room / 2.0
    return bits


@kernel
def _in_whole(
    near: Any, cost: Any, score: Any, sums: Any, low: Any, high: Any, groups: int, cap: Any, whole: Any
) -> None:
    """Round the multipliers `near` into `whole`, with as many binary places as 64 bits allow.

    Where 64 bits have no room for them at all they become 0, with which the bound holds as well.
    """
    shift = 0
    while (cap >> shift) > 2**31:
        shift += 1
    dearest, largest = float(cap >> shift), 1.0
    for option in range(len(cost)):
        largest = max(largest, abs(float(score[option])))
        if cost[option] < 0:
            dearest -= float(cost[option] >> shift)
    price = near[1] * 2.0**shift
    size = groups * (largest + abs(near[0])) + price * dearest
    for row in range(len(low)):
        nu = near[2 + row]
        if nu != 0.0:
            reach = abs(float(high[row] if nu > 0.0 else low[row]))
            for option in range(len(cost)):
                reach += abs(float(sums[row, option]))
            size += abs(nu) * reach
    whole[:] = 0
    whole[SHIFT] = shift
    if 4.0 * size > _ROOM:
        return
    bits = _bits(4.0 * size)
    places = 2.0**bits
    whole[MU], whole[PRICE] = int(np.rint(near[0] * places)), int(np.rint(price * places))
    for row in range(len(low)):
        whole[NU + row] = int(np.rint(near[2 + row] * places))
    whole[BITS] = bits


@kernel
def _value(option: int, whole: Any, cost: Any, score: Any, sums: Any) -> Any:
    """What an option is worth past its cost, times 2^bits."""
    value = (score[option] << whole[BITS]) + whole[MU] - whole[PRICE] * (cost[option] >> whole[SHIFT])
    for row in range(sums.shape[0]):
        value -= whole[NU + row] * sums[row, option]
    return value


@kernel
def _bound(
    whole: Any, cost: Any, score: Any, sums: Any, low: Any, high: Any, start: Any, is_required: Any, cap: Any,
    least: int, most: int, linear: bool,
) -> Any:  # fmt: skip
    total = whole[PRICE] * (cap >> whole[SHIFT])
    for row in range(len(low)):
        if whole[NU + row] != 0:
            total += whole[NU + row] * (high[row] if whole[NU + row] > 0 else low[row])
    for at in range(len(is_required)):
        best = _value(start[at], whole, cost, score, sums)
        for option in range(start[at] + 1, start[at + 1]):
            best = max(best, _value(option, whole, cost, score, sums))
        if best > 0 or is_required[at]:
            total += best
    bound, best_score = np.int64(0), highest(score)
    for items in range(least, most + 1):
        reached = min((total - whole[MU] * items) >> whole[BITS], items * best_score)
        reached *= 1 if linear else items
        bound = reached if items == least else max(bound, reached)
    return bound, total


@kernel
def _least_cost(
    whole: Any, total: Any, score: Any, cap: Any, target: Any, least: int, most: int, linear: bool
) -> Any:  # fmt: skip
    """What a cart that reaches `target` costs at least: the limit under which the bound is just that."""
    spare, best = np.int64(-1), highest(score)
    for items in range(least, most + 1):
        need = target if linear else -((-target) // items)
        left = total - whole[MU] * items
        if need <= min(left >> whole[BITS], items * best):
            spare = max(spare, left - (need << whole[BITS]))
    if whole[PRICE] == 0 or spare < 0:
        return np.int64(0)
    return ((cap >> whole[SHIFT]) - min(spare // whole[PRICE], _MOST_SPARE)) << whole[SHIFT]


@kernel
def _of_most_value(value: Any, cost: Any, start: Any, is_required: Any, picks: Any) -> Any:
    """Pick the option of most value of each group where that is above 0; their number and cost."""
    items, paid = 0, np.int64(0)
    for at in range(len(is_required)):
        pick = start[at]
        for option in range(start[at] + 1, start[at + 1]):
            if value[option] > value[pick]:
                pick = option
        picks[at] = pick if is_required[at] or value[pick] > 0 else -1
        if picks[at] >= 0:
            items, paid = items + 1, paid + cost[pick]
    return items, paid


@kernel
def _good_cart(
    value: Any, cost: Any, score: Any, start: Any, is_required: Any, cap: int, least: int, most: int,
    linear: bool, picks: Any,
) -> bool:  # fmt: skip
    """The options of most value, less and more until they fill the budget, by group in `picks` (-1: none)."""
    items, paid = _of_most_value(value, cost, start, is_required, picks)
    while paid > cap or items > most:
        worst = -1
        for at in range(len(is_required)):
            if (
                picks[at] >= 0
                and not is_required[at]
                and (worst < 0 or value[picks[at]] < value[picks[worst]])
            ):
                worst = at
        if worst < 0:
            return False
        items, paid = items - 1, paid - cost[picks[worst]]
        picks[worst] = -1
    could, coming = np.empty(len(cost), np.int64), 0
    group_of = np.empty(len(cost), np.int64)
    for at in range(len(is_required)):
        for option in range(start[at], start[at + 1]):
            group_of[option] = at
            helps = score[option] > 0 or items < least or not linear
            if picks[at] < 0 and helps and paid + cost[option] <= cap:
                could[coming] = option
                coming += 1
    could = taken(could, ascending(taken(cost, could[:coming])))
    for place in ascending(lessened(taken(value, could), 0, -1)):
        option = could[place]
        at = group_of[option]
        if items < most and picks[at] < 0 and paid + cost[option] <= cap:
            items, paid, picks[at] = items + 1, paid + cost[option], option
    return bool(items >= least)


@kernel
def _cheapest(target: Any, cost: Any, score: Any, start: Any, least: int) -> Any:
    """What a cart that reaches `target` costs at least: as many items as it takes if all had the best
    score."""
    best, items = max(highest(score), 1), least
    while items * items * best < target:
        items += 1
    total, least_costs = np.int64(0), taken(cost, start[:-1])
    for at in ascending(least_costs):
        if items > 0 or least_costs[at] < 0:
            total, items = total + least_costs[at], items - 1
    return total


@kernel
def _cheapest_cart(cost: Any, start: Any, is_required: Any, least: int, picks: Any) -> None:
    items = 0
    for at in range(len(is_required)):
        picks[at] = start[at] if is_required[at] else -1
        items += is_required[at]
    for at in ascending(taken(cost, start[:-1])):
        if items < least and picks[at] < 0:
            picks[at], items = start[at], items + 1


@kernel
def _measure(picks: Any, cost: Any, score: Any, sums: Any, low: Any, high: Any) -> Any:
    """Items, score and cost of `picks`, and whether their sums keep their limits."""
    items, total, paid = 0, np.int64(0), np.int64(0)
    for pick in picks:
        if pick >= 0:
            items, total, paid = items + 1, total + score[pick], paid + cost[pick]
    for row in range(len(low)):
        reached = np.int64(0)
        for pick in picks:
            if pick >= 0:
                reached += sums[row, pick]
        if not low[row] <= reached <= high[row]:
            return items, total, paid, False
    return items, total, paid, True


@kernel
def bound_subproblems(
    option_at: Any, group_at: Any, most: Any, cost: Any, score: Any, sums: Any, begin: Any, is_required: Any,
    cap: Any, least: Any, amount: Any, low: Any, high: Any, linear: bool, enough: Any, unit: Any, near: Any,
) -> Any:  # fmt: skip
    """Bound every subproblem with the multipliers `near`, and find a good cart where the bound is `enough`.

    Returns whether there is a cart, its objective and cost, the bound, what a cart that reaches it costs at
    least (each (subproblems,)), the whole multipliers (subproblems, 7), and the picks by group (absolute, or
    -1).
    """
    count = len(most)
    found = np.zeros(count, np.int64)
    reached, paid = np.zeros(count, cost.dtype), np.zeros(count, cost.dtype)
    bound, least_cost = np.zeros(count, cost.dtype), np.zeros(count, cost.dtype)
    whole = np.zeros((count, 7), cost.dtype)
    picks = np.full(len(is_required), -1, np.int64)
    for at in range(count):
        if most[at] < 0:
            continue
        o, end, g, g_end, rows = option_at[at], option_at[at + 1], group_at[at], group_at[at + 1], amount[at]
        c, s, x = cost[o:end], lessened(score[o:end], 0, unit[at]), sums[:rows, o:end]
        b, m = lessened(begin[g : g_end + 1], o, 1), is_required[g:g_end]
        lo, hi, own = low[at, :rows], high[at, :rows], picks[g:g_end]
        _in_whole(near[at], c, s, x, lo, hi, len(m), cap[at], whole[at])
        most_worth, sum_of_values = _bound(
            whole[at], c, s, x, lo, hi, b, m, cap[at], least[at], most[at], linear
        )
        bound[at] = unit[at] * most_worth
        if bound[at] < enough:
            continue
        least_cost[at] = _least_cost(
            whole[at], sum_of_values, s, cap[at], most_worth, least[at], most[at], linear
        )
        if not linear:
            least_cost[at] = max(least_cost[at], _cheapest(most_worth, c, s, b, least[at]))
        value = np.empty_like(s)
        for option in range(len(s)):
            value[option] = _value(option, whole[at], c, s, x)
        if not _good_cart(value, c, s, b, m, cap[at], least[at], most[at], linear, own):
            _cheapest_cart(c, b, m, least[at], own)
        items, total, cost_sum, allowed = _measure(own, c, s, x, lo, hi)
        if allowed:
            found[at], paid[at] = 1, cost_sum
            reached[at] = unit[at] * total * (1 if linear else items)
            if reached[at] == bound[at] and whole[at, PRICE] == 0 and items == len(m):
                least_cost[at] = cost_sum
        for group in range(g, g_end):
            picks[group] += o if picks[group] >= 0 else 0
    return found, reached, paid, bound, least_cost, whole, picks
