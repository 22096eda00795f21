"""A seller's copies as the options of one subproblem: what may go into a cart, group by group.

A subproblem is a seller with one bracket of the shipping. Its options' cost is exact: a cart of costs Σc is
paid with (Σc + off) // div minor units, and is within the budget where Σc ≤ cap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.kernels.arrays import ascending, put, taken
from discogs_assistant.engine.compiler import kernel

SELLER, DIV, PER, PER_COLUMN, CAP, OFF, LEAST, MOST, BRACKET, ROWS = range(10)
"""Columns of a subproblem: c = DIV·price + PER·(column PER_COLUMN, or 1 where that is -1); LEAST to MOST
items.

From ROWS on, three numbers for each sum that has limits: column (-1: none), lowest and highest sum.
"""
MOST_ROWS = 3
SUBPROBLEM_COLUMNS = ROWS + 3 * MOST_ROWS
FREE = 2**60
"""No limit."""
LARGEST_SUM = 2**59
"""Of costs and of amounts over all copies of a seller: a bound adds up less than eight such sums."""


@kernel
def by_seller(seller: Any, sellers: int) -> Any:
    """Rows in order of their seller, and where each seller's begin: (n,), (sellers + 1,)."""
    first = np.zeros(sellers + 1, np.int64)
    for owner in seller:
        first[owner + 1] += 1
    for owner in range(sellers):
        first[owner + 1] += first[owner]
    place, rows = first.copy(), np.empty(len(seller), np.int64)
    for row in range(len(seller)):
        rows[place[seller[row]]] = row
        place[seller[row]] += 1
    return first, rows


@kernel
def survey(first: Any, rows: Any, price: Any, score: Any, columns: Any) -> Any:
    """By seller the sum of scores, and as floats the highest score and the sums of prices and of each column.

    (sellers,), (sellers,) and (sellers, 1 + columns). Scores count by their absolute value for the highest,
    and amounts for their sums. Where the floats are large, the sum of scores may have left 64 bits.
    """
    sellers = len(first) - 1
    total, highest = np.zeros(sellers, np.int64), np.zeros(sellers)
    amounts = np.zeros((sellers, 1 + len(columns)))
    for seller in range(sellers):
        for at in range(first[seller], first[seller + 1]):
            row = rows[at]
            total[seller] += score[row]
            highest[seller] = max(highest[seller], abs(float(score[row])))
            amounts[seller, 0] += float(price[row])
            for column in range(len(columns)):
                amounts[seller, 1 + column] += abs(float(columns[column, row]))
    return total, highest, amounts


@kernel
def _before(a: int, b: int, group: Any, cost: Any, score: Any, media: Any, sleeve: Any, listing: Any) -> bool:
    """The cheapest of a group first, then the higher score, the better copy, the lower id."""
    if group[a] != group[b]:
        return bool(group[a] < group[b])
    if cost[a] != cost[b]:
        return bool(cost[a] < cost[b])
    if score[a] != score[b]:
        return bool(score[a] > score[b])
    if media[a] != media[b]:
        return bool(media[a] > media[b])
    if sleeve[a] != sleeve[b]:
        return bool(sleeve[a] > sleeve[b])
    return bool(listing[a] < listing[b])


@kernel
def _in_order(group: Any, cost: Any, score: Any, media: Any, sleeve: Any, listing: Any) -> Any:
    """Merge sort from the bottom up by `_before`."""
    count = len(group)
    order, other = np.arange(count), np.empty(count, np.int64)
    width = 1
    while width < count:
        for left in range(0, count, 2 * width):
            middle, right = min(left + width, count), min(left + 2 * width, count)
            at_left, at_right = left, middle
            for at in range(left, right):
                first = at_right >= right or (
                    at_left < middle
                    and not _before(
                        order[at_right], order[at_left], group, cost, score, media, sleeve, listing
                    )
                )
                if first:
                    other[at] = order[at_left]
                    at_left += 1
                else:
                    other[at] = order[at_right]
                    at_right += 1
        order, other = other, order
        width *= 2
    return order


@kernel
def _dominated(at: int, start: int, kept: int, cost: Any, score: Any, sums: Any, low: Any, high: Any) -> bool:
    """Whether one of the options start … kept, none of them dearer, can always stand in for `at`."""
    for other in range(kept - 1, start - 1, -1):
        if score[other] < score[at]:
            continue
        fits = True
        for row in range(len(low)):
            less, more = sums[row, other] < sums[row, at], sums[row, other] > sums[row, at]
            fits = fits and not (less and low[row] > -FREE) and not (more and high[row] < FREE)
        if fits:
            return True
    return False


@kernel
def _options_of(
    subproblem: Any, rows: Any, required: Any, group: Any, price: Any, score: Any, columns: Any, media: Any,
    sleeve: Any, listing: Any, num: Any, den: Any,
) -> Any:  # fmt: skip
    """Row, cost and score of each option, the sums' amounts, where groups begin, and which are required.

    Without those that another option of the group dominates.
    """
    amount = 0
    for row in range(MOST_ROWS):
        amount += subproblem[ROWS + 3 * row] >= 0
    low, high = np.empty(amount, subproblem.dtype), np.empty(amount, subproblem.dtype)
    cost, worth = taken(price, rows), taken(score, rows)
    for at in range(len(rows)):
        units = 1 if subproblem[PER_COLUMN] < 0 else columns[subproblem[PER_COLUMN], rows[at]]
        cost[at] = subproblem[DIV] * cost[at] + subproblem[PER] * units
        if den > 0:
            worth[at] = num * subproblem[DIV] - den * cost[at]
    order = _in_order(
        taken(group, rows), cost, worth, taken(media, rows), taken(sleeve, rows), taken(listing, rows)
    )
    row_of, cost, worth = taken(rows, order), taken(cost, order), taken(worth, order)
    sums = np.zeros((MOST_ROWS, len(rows)), price.dtype)
    for row in range(amount):
        low[row], high[row] = subproblem[ROWS + 3 * row + 1], subproblem[ROWS + 3 * row + 2]
        for at in range(len(rows)):
            sums[row, at] = columns[subproblem[ROWS + 3 * row], row_of[at]]
    start, is_required = np.empty(len(rows) + 1, np.int64), np.empty(len(rows), np.int64)
    groups, kept = np.int64(0), np.int64(0)
    for at in range(len(rows)):
        if at == 0 or group[row_of[at]] != group[row_of[at - 1]]:
            start[groups], is_required[groups] = kept, required[row_of[at]]
            groups += 1
        elif _dominated(at, start[groups - 1], kept, cost, worth, sums, low, high):
            continue
        _move(kept, at, row_of, cost, worth, sums)
        kept += 1
    start[groups] = kept
    return row_of, cost, worth, sums, start[: groups + 1], is_required[:groups]


@kernel
def _move(to: int, at: int, row_of: Any, cost: Any, worth: Any, sums: Any) -> None:
    row_of[to], cost[to], worth[to] = row_of[at], cost[at], worth[at]
    for row in range(MOST_ROWS):
        sums[row, to] = sums[row, at]


@kernel
def _least(at: int, cost: Any, start: Any, is_required: Any) -> Any:
    """What a group costs at least; nothing where it may stay out, or less where its cost is below 0."""
    return cost[start[at]] if is_required[at] else min(cost[start[at]], 0)


@kernel
def _without_dear(
    cap: int, row_of: Any, cost: Any, worth: Any, sums: Any, start: Any, is_required: Any
) -> Any:
    """Drop the options too dear for any cart, in place; groups left, or -1 where a required group has
    none."""
    base = np.int64(0)
    for at in range(len(is_required)):
        base += _least(at, cost, start, is_required)
    groups, kept, begin = np.int64(0), np.int64(0), np.int64(0)
    for at in range(len(is_required)):
        own, end = _least(at, cost, start, is_required), start[at + 1]
        start[groups], is_required[groups] = kept, is_required[at]
        for option in range(begin, end):
            if base - own + cost[option] <= cap:
                _move(kept, option, row_of, cost, worth, sums)
                kept += 1
        begin = end
        if kept > start[groups]:
            groups += 1
        elif is_required[groups]:
            return -1
    start[groups] = kept
    return groups


@kernel
def most_items(cap: Any, cost: Any, start: Any, is_required: Any) -> int:
    """How many items the cheapest options come to within `cap`: the required groups, then the cheapest
    others."""
    free = np.empty(len(is_required), cost.dtype)
    items, others = 0, 0
    for at in range(len(is_required)):
        if is_required[at]:
            cap -= cost[start[at]]
            items += 1
        else:
            free[others] = cost[start[at]]
            others += 1
    most = items if cap >= 0 else -1
    for at in ascending(free[:others]):
        cap -= free[at]
        items += 1
        if cap >= 0:
            most = items
    return most


@kernel
def lay_out(
    subproblems: Any, first: Any, rows: Any, required: Any, group: Any, price: Any, score: Any, columns: Any,
    media: Any, sleeve: Any, listing: Any, num: Any, den: Any,
) -> Any:  # fmt: skip
    """The options of all subproblems side by side.

    Returns `option_at` and `group_at` (subproblems + 1,), `most` items of each subproblem (-1: no cart), by
    option row, cost, score and sums (MOST_ROWS, n), by group where it begins (absolute) and whether it is
    required. With `den` above 0 the scores are how far each cost is below the mean `num` / `den`, times DIV
    and `den`.
    """
    room = 0
    for subproblem in subproblems:
        room += first[subproblem[SELLER] + 1] - first[subproblem[SELLER]]
    option_at, group_at = np.zeros(len(subproblems) + 1, np.int64), np.zeros(len(subproblems) + 1, np.int64)
    most = np.empty(len(subproblems), np.int64)
    row_of, cost = np.empty(room, np.int64), np.empty(room, subproblems.dtype)
    worth = np.empty(room, score.dtype)
    sums = np.zeros((MOST_ROWS, room), price.dtype)
    begin, is_required = np.zeros(room + 1, np.int64), np.zeros(room, np.int64)
    for at in range(len(subproblems)):
        subproblem, o, g = subproblems[at], option_at[at], group_at[at]
        own = rows[first[subproblem[SELLER]] : first[subproblem[SELLER] + 1]]
        r, c, s, x, b, m = _options_of(
            subproblem, own, required, group, price, score, columns, media, sleeve, listing, num, den
        )
        groups = _without_dear(subproblem[CAP], r, c, s, x, b, m)
        most[at] = -1
        if groups > 0:
            b, m = b[: groups + 1], m[:groups]
            most[at] = min(most_items(subproblem[CAP], c, b, m), subproblem[MOST])
            if m.sum() > most[at]:
                most[at] = -1
        if most[at] < subproblem[LEAST]:
            most[at] = -1
            groups = 0
        kept = b[groups] if groups > 0 else 0
        put(row_of, o, r, kept)
        put(cost, o, c, kept)
        put(worth, o, s, kept)
        put(is_required, g, m, groups)
        for row in range(MOST_ROWS):
            put(sums[row], o, x[row], kept)
        for group_of_subproblem in range(groups):
            begin[g + group_of_subproblem] = o + b[group_of_subproblem]
        option_at[at + 1], group_at[at + 1] = o + kept, g + groups
        begin[g + groups] = o + kept
    return option_at, group_at, most, row_of, cost, worth, sums, begin, is_required
