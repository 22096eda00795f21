"""The lowest total per item that the carts of a subproblem may have."""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.kernels.arrays import ascending, put, taken
from discogs_assistant.engine.carts.kernels.options import DIV, FREE, LEAST, MOST_ROWS, OFF, ROWS
from discogs_assistant.engine.compiler import kernel


@kernel
def lowest_means(
    subproblems: Any, option_at: Any, group_at: Any, most: Any, cost: Any, sums: Any, begin: Any,
    is_required: Any
) -> Any:  # fmt: skip
    """Of every subproblem the lowest total per item, as items and total (each (subproblems,)), 0 items where
    there is no cart.

    A lower bound where sums have limits: for a lowest sum, no amount is cheaper than that of the best option.
    """
    items, total = np.zeros(len(subproblems), np.int64), np.zeros(len(subproblems), cost.dtype)
    for at in range(len(subproblems)):
        if most[at] < 0:
            continue
        subproblem, o, end, g, g_end = (
            subproblems[at],
            option_at[at],
            option_at[at + 1],
            group_at[at],
            group_at[at + 1],
        )
        least_cost = _cost_of_sums(subproblem, cost[o:end], sums[:, o:end])
        required_count = is_required[g:g_end].sum()
        cheapest = np.empty(g_end - g, cost.dtype)
        for is_needed in range(1, -1, -1):
            start = 0 if is_needed else required_count
            for group in range(g, g_end):
                if is_required[group] == is_needed:
                    cheapest[start] = cost[begin[group]]
                    start += 1
        put(
            cheapest,
            required_count,
            taken(cheapest[required_count:], ascending(cheapest[required_count:])),
            len(cheapest) - required_count,
        )
        paid = np.int64(0)
        for place in range(most[at]):
            paid += cheapest[place]
            count = place + 1
            if count >= max(subproblem[LEAST], required_count):
                price = (max(paid, least_cost) + subproblem[OFF]) // subproblem[DIV]
                if items[at] == 0 or _is_lower_mean(price, count, total[at], items[at]):
                    items[at], total[at] = count, price
    return items, total


@kernel
def _is_lower_mean(total: int, items: int, other_total: int, other_items: int) -> bool:
    """Whether total / items is below the other; products of totals could exceed 64 bits."""
    mean, other_mean = total // items, other_total // other_items
    if mean != other_mean:
        return bool(mean < other_mean)
    return bool((total % items) * other_items < (other_total % other_items) * items)


@kernel
def _cost_of_sums(subproblem: Any, cost: Any, sums: Any) -> Any:
    """What the lowest sums of a subproblem cost at least."""
    least = np.int64(-FREE)
    for row in range(MOST_ROWS):
        if subproblem[ROWS + 3 * row] >= 0 and subproblem[ROWS + 3 * row + 1] > 0:
            rate = np.inf
            for option in range(len(cost)):
                if sums[row, option] > 0:
                    rate = min(rate, cost[option] / sums[row, option])
                elif cost[option] < 0:
                    rate = -np.inf
            if 0.0 < rate < np.inf:
                lowest_cost = np.floor(rate * float(subproblem[ROWS + 3 * row + 1]) * 0.999999)
                least = max(least, np.int64(lowest_cost))
    return least
