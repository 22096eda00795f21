"""What the bound leaves open in a subproblem: how much each choice gives away, and which groups are
undecided."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from discogs_assistant.engine.carts.bounds import BITS, MU, NU, PRICE, SHIFT
from discogs_assistant.engine.carts.kernels.arrays import ascending, highest, lessened, taken
from discogs_assistant.engine.carts.kernels.options import FREE
from discogs_assistant.engine.compiler import kernel

TAIL_ITEMS, TAIL_SCORE, TAIL_COST, LEAST_COST, REQUIRED_ITEMS = range(5)
"""Rows of what the groups from a stage on can still add; three for each sum that has limits follow."""


class Subproblem(NamedTuple):
    """One seller's options under one bracket of the shipping.

    `cost`, `score` (n,), `sums` (rows, n); `start` (g + 1,) and `is_required` (g,) of the groups; `low`,
    `high` (rows,); `least` to `most` items; `whole` the multipliers. The objective is items × score, or the
    score if `linear`.
    """

    cost: Any
    score: Any
    sums: Any
    start: Any
    is_required: Any
    low: Any
    high: Any
    cap: Any
    least: int
    most: int
    linear: bool
    whole: Any


@kernel
def values(problem: Any) -> Any:
    """Of every option what it gives away against its group's best; that best, and its value; Λ times
    2^bits."""
    whole, bits = problem.whole, problem.whole[BITS]
    loss, best = np.empty_like(problem.score), np.full(len(problem.is_required), -1, np.int64)
    worth = np.zeros(len(problem.is_required), problem.score.dtype)
    total = whole[PRICE] * (problem.cap >> whole[SHIFT])
    for row in range(len(problem.low)):
        if whole[NU + row] != 0:
            total += whole[NU + row] * (problem.high[row] if whole[NU + row] > 0 else problem.low[row])
    for at in range(len(problem.is_required)):
        for option in range(problem.start[at], problem.start[at + 1]):
            value = (
                (problem.score[option] << bits)
                + whole[MU]
                - whole[PRICE] * (problem.cost[option] >> whole[SHIFT])
            )
            for row in range(len(problem.low)):
                value -= whole[NU + row] * problem.sums[row, option]
            loss[option] = value
            if value > worth[at] or (problem.is_required[at] and best[at] < 0):
                best[at], worth[at] = option, value
        for option in range(problem.start[at], problem.start[at + 1]):
            loss[option] = worth[at] - loss[option]
        total += worth[at]
    return loss, best, worth, total


@kernel
def _allowance(problem: Any, total: Any, target: Any, allowed: Any) -> Any:
    """By number of items the loss with which the bound still is `target` (below 0: never); and the
    largest."""
    largest, best = np.int64(-1), highest(problem.score)
    for items in range(len(allowed)):
        allowed[items] = -1
        if problem.least <= items <= problem.most:
            need = target if problem.linear else -((-target) // items)
            left = total - problem.whole[MU] * items
            if need <= min(left >> problem.whole[BITS], items * best):
                allowed[items] = left - (need << problem.whole[BITS])
        largest = max(largest, allowed[items])
    return largest


@kernel
def allowances(problem: Any, total: Any, objective: Any, tie_cost: Any, above: Any, equal: Any) -> Any:
    """The allowances to exceed `objective`, and to equal it at no more than `tie_cost`: with that as the
    limit."""
    saved = (problem.cap >> problem.whole[SHIFT]) - (min(tie_cost, problem.cap) >> problem.whole[SHIFT])
    largest = _allowance(problem, total, objective + 1, above)
    if tie_cost <= -FREE:
        equal[:] = -1
        return largest
    return max(largest, _allowance(problem, total - problem.whole[PRICE] * saved, objective, equal))


@kernel
def open_groups(problem: Any, loss: Any, best: Any, worth: Any, largest: Any) -> Any:
    """The groups with another choice than the best that the loss `largest` allows, the most decided first."""
    second = np.empty(len(problem.is_required), loss.dtype)
    is_open = np.zeros(len(problem.is_required), np.bool_)
    for at in range(len(problem.is_required)):
        least = largest + 1
        if not problem.is_required[at] and best[at] >= 0:
            least = worth[at]
        for option in range(problem.start[at], problem.start[at + 1]):
            if option != best[at] and loss[option] < least:
                least = loss[option]
        second[at], is_open[at] = least, least <= largest
    places, count = np.empty(len(problem.is_required), np.int64), 0
    for at in range(len(problem.is_required)):
        if is_open[at]:
            places[count] = at
            count += 1
    places = places[:count]
    return taken(places, ascending(lessened(taken(second, places), 0, -1))), is_open


@kernel
def least_decided(groups: Any, is_open: Any, core: int) -> Any:
    """The last `core` of the open groups (0: all of them); the others are closed."""
    decided = len(groups) - core if 0 < core < len(groups) else 0
    for at in groups[:decided]:
        is_open[at] = False
    return groups[decided:]


@kernel
def rest(problem: Any, groups: Any, best: Any) -> Any:
    """What the groups from each stage on can still add (REQUIRED_ITEMS + 1 + 3 × rows, stages + 1).

    Items, score and cost of the picks of most value, the least they cost, how many are required; then for
    each limited sum that of the picks, and its lowest and highest.
    """
    rows = len(problem.low)
    found = np.zeros((REQUIRED_ITEMS + 1 + 3 * rows, len(groups) + 1), problem.cost.dtype)
    for stage in range(len(groups) - 1, -1, -1):
        at = groups[stage]
        begin, end, pick, is_required = (
            problem.start[at],
            problem.start[at + 1],
            best[at],
            problem.is_required[at],
        )
        found[:, stage] = found[:, stage + 1]
        if pick >= 0:
            found[TAIL_ITEMS, stage] += 1
            found[TAIL_SCORE, stage] += problem.score[pick]
            found[TAIL_COST, stage] += problem.cost[pick]
        found[LEAST_COST, stage] += problem.cost[begin] if is_required else min(problem.cost[begin], 0)
        found[REQUIRED_ITEMS, stage] += is_required
        for row in range(rows):
            at, amounts = REQUIRED_ITEMS + 1 + 3 * row, problem.sums[row, begin:end]
            found[at, stage] += problem.sums[row, pick] if pick >= 0 else 0
            found[at + 1, stage] += amounts.min() if is_required else min(amounts.min(), 0)
            found[at + 2, stage] += amounts.max() if is_required else max(amounts.max(), 0)
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


@kernel
def bound_of_dropped(problem: Any, total: Any, dropped: Any, objective: Any) -> Any:
    """What no cart exceeds that loses `dropped` or more; where nothing was dropped, what is below
    `objective`."""
    if dropped < 0:
        return objective - 1
    bound, best = np.int64(0), highest(problem.score)
    for items in range(problem.least, problem.most + 1):
        left = min((total - dropped - problem.whole[MU] * items) >> problem.whole[BITS], items * best)
        left *= 1 if problem.linear else items
        bound = left if items == problem.least else max(bound, left)
    return bound
