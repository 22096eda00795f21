"""What the bound leaves open in a case: how much each choice gives away, and which groups are undecided."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from discogs_assistant.engine.carts.bounds import BITS, MU, NU, PRICE, SHIFT
from discogs_assistant.engine.carts.kernels.arrays import ascending, highest, lessened, taken
from discogs_assistant.engine.carts.kernels.options import FREE
from discogs_assistant.engine.compiler import kernel

TAIL_ITEMS, TAIL_SCORE, TAIL_COST, LEAST_COST, MUSTS = range(5)
"""Rows of what the groups from a layer on can still add; three for each sum that has limits follow."""


class Case(NamedTuple):
    """One seller's options under one band of the shipping.

    `cost`, `score` (n,), `sums` (rows, n); `start` (g + 1,) and `must` (g,) of the groups; `low`, `high`
    (rows,); `least` to `most` items; `whole` the multipliers. The objective is items × score, or the score if
    `linear`.
    """

    cost: Any
    score: Any
    sums: Any
    start: Any
    must: Any
    low: Any
    high: Any
    cap: Any
    least: int
    most: int
    linear: bool
    whole: Any


@kernel
def values(case: Any) -> Any:
    """Of every option what it gives away against its group's best; that best, and its value; Λ times
    2^bits."""
    whole, bits = case.whole, case.whole[BITS]
    loss, best = np.empty_like(case.score), np.full(len(case.must), -1, np.int64)
    worth = np.zeros(len(case.must), case.score.dtype)
    total = whole[PRICE] * (case.cap >> whole[SHIFT])
    for row in range(len(case.low)):
        if whole[NU + row] != 0:
            total += whole[NU + row] * (case.high[row] if whole[NU + row] > 0 else case.low[row])
    for at in range(len(case.must)):
        for option in range(case.start[at], case.start[at + 1]):
            value = (
                (case.score[option] << bits) + whole[MU] - whole[PRICE] * (case.cost[option] >> whole[SHIFT])
            )
            for row in range(len(case.low)):
                value -= whole[NU + row] * case.sums[row, option]
            loss[option] = value
            if value > worth[at] or (case.must[at] and best[at] < 0):
                best[at], worth[at] = option, value
        for option in range(case.start[at], case.start[at + 1]):
            loss[option] = worth[at] - loss[option]
        total += worth[at]
    return loss, best, worth, total


@kernel
def _allowance(case: Any, total: Any, target: Any, allowed: Any) -> Any:
    """By number of items the loss with which the bound still is `target` (below 0: never); and the
    largest."""
    largest, best = total - total - 1, highest(case.score)
    for items in range(len(allowed)):
        allowed[items] = -1
        if case.least <= items <= case.most:
            need = target if case.linear else -((-target) // items)
            left = total - case.whole[MU] * items
            if need <= min(left >> case.whole[BITS], items * best):
                allowed[items] = left - (need << case.whole[BITS])
        largest = max(largest, allowed[items])
    return largest


@kernel
def allowances(case: Any, total: Any, objective: Any, tie_cost: Any, above: Any, equal: Any) -> Any:
    """The allowances to exceed `objective`, and to equal it at no more than `tie_cost`: with that as the
    limit."""
    saved = (case.cap >> case.whole[SHIFT]) - (min(tie_cost, case.cap) >> case.whole[SHIFT])
    largest = _allowance(case, total, objective + 1, above)
    if tie_cost <= -FREE:
        equal[:] = -1
        return largest
    return max(largest, _allowance(case, total - case.whole[PRICE] * saved, objective, equal))


@kernel
def open_groups(case: Any, loss: Any, best: Any, worth: Any, largest: Any) -> Any:
    """The groups with another choice than the best that the loss `largest` allows, the most decided first."""
    second = np.empty(len(case.must), loss.dtype)
    is_open = np.zeros(len(case.must), np.bool_)
    for at in range(len(case.must)):
        least = largest + 1
        if not case.must[at] and best[at] >= 0:
            least = worth[at]
        for option in range(case.start[at], case.start[at + 1]):
            if option != best[at] and loss[option] < least:
                least = loss[option]
        second[at], is_open[at] = least, least <= largest
    places, count = np.empty(len(case.must), np.int64), 0
    for at in range(len(case.must)):
        if is_open[at]:
            places[count] = at
            count += 1
    places = places[:count]
    return taken(places, ascending(lessened(taken(second, places), 0, -1))), is_open


@kernel
def rest(case: Any, groups: Any, best: Any) -> Any:
    """What the groups from each layer on can still add (MUSTS + 1 + 3 × rows, layers + 1).

    Items, score and cost of the picks of most value, the least they cost, how many must be in; then for each
    limited sum that of the picks, and its lowest and highest.
    """
    rows = len(case.low)
    found = np.zeros((MUSTS + 1 + 3 * rows, len(groups) + 1), case.cost.dtype)
    for layer in range(len(groups) - 1, -1, -1):
        at = groups[layer]
        begin, end, pick, must = case.start[at], case.start[at + 1], best[at], case.must[at]
        found[:, layer] = found[:, layer + 1]
        if pick >= 0:
            found[TAIL_ITEMS, layer] += 1
            found[TAIL_SCORE, layer] += case.score[pick]
            found[TAIL_COST, layer] += case.cost[pick]
        found[LEAST_COST, layer] += case.cost[begin] if must else min(case.cost[begin], 0)
        found[MUSTS, layer] += must
        for row in range(rows):
            at, amounts = MUSTS + 1 + 3 * row, case.sums[row, begin:end]
            found[at, layer] += case.sums[row, pick] if pick >= 0 else 0
            found[at + 1, layer] += amounts.min() if must else min(amounts.min(), 0)
            found[at + 2, layer] += amounts.max() if must else max(amounts.max(), 0)
    return found


@kernel
def widened(allowed: Any, first: int, last: int, nearest: int, farthest: int) -> Any:
    """For each number of items from `first` to `last` the most that `nearest` to `farthest` more items
    allow."""
    found = np.empty(last + 1, allowed.dtype)
    queue, head, tail = np.empty(len(allowed) + 1, np.int64), 0, 0
    following = min(last + farthest, len(allowed) - 1)
    for items in range(last, first - 1, -1):
        while following >= items + nearest:
            while tail > head and allowed[queue[tail - 1]] <= allowed[following]:
                tail -= 1
            queue[tail] = following
            tail += 1
            following -= 1
        while tail > head and queue[head] > items + farthest:
            head += 1
        found[items] = allowed[queue[head]] if tail > head else -1
    return found
