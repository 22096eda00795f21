"""The best cart of a subproblem by dynamic programming over the groups that the bound leaves open.

The states of a stage are the partial carts after one more group is decided. All that the bound allows is
kept, except what another partial cart of as many items dominates (no dearer, no worse). A partial cart's loss
is what its choices give away against the relaxed cart's, so that one number decides whether it can still
become better than the best cart known. Ties in the objective are kept while a lower total is possible, so
both are proven.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.kernels.arrays import ascending
from discogs_assistant.engine.carts.kernels.options import FREE
from discogs_assistant.engine.carts.kernels.slack import (
    LEAST_COST,
    REQUIRED_ITEMS,
    TAIL_COST,
    TAIL_ITEMS,
    TAIL_SCORE,
    allowances,
    bound_of_dropped,
    least_decided,
    open_groups,
    rest,
    values,
    widened,
)
from discogs_assistant.engine.compiler import kernel

ITEMS, SCORE, COST, LOSS, RECORD, SUMS = range(6)
"""Columns of an array of partial carts, one a row; the sums that have limits follow."""
_WIDEST = 2**20
_AHEAD = 64


@kernel
def _fits(
    base: Any, at: int, amounts: Any, low: Any, high: Any, least_sum: Any, most_sum: Any, grown: Any
) -> bool:  # fmt: skip
    """Write the sums of the partial cart `at` with `amounts` more into `grown`; whether limits can yet
    hold."""
    for row in range(len(low)):
        total = base[at, SUMS + row] + amounts[row]
        if total + least_sum[row] > high[row] or total + most_sum[row] < low[row]:
            return False
        grown[SUMS + row] = total
    return True


@kernel
def _comes_first(states: Any, at: int, grown: Any) -> bool:
    if states[at, ITEMS] != grown[ITEMS]:
        return bool(states[at, ITEMS] < grown[ITEMS])
    if states[at, COST] != grown[COST]:
        return bool(states[at, COST] < grown[COST])
    return bool(states[at, SCORE] >= grown[SCORE])


@kernel
def _stands_in(
    out: Any, state: int, other: int, low: Any, high: Any, least_sum: Any, most_sum: Any
) -> bool:  # fmt: skip
    """Whether the partial cart `state`, if no dearer, can always take the place of `other`."""
    if out[state, SCORE] < out[other, SCORE]:
        return False
    for row in range(len(low)):
        mine, its = out[state, SUMS + row], out[other, SUMS + row]
        if mine < its and mine + least_sum[row] < low[row]:
            return False
        if mine > its and mine + most_sum[row] > high[row]:
            return False
    return True


@kernel
def _survives(
    out: Any, new: int, ahead: Any, low: Any, high: Any, least_sum: Any, most_sum: Any
) -> bool:  # fmt: skip
    """Whether none of the partial carts of as many items `ahead`, none of them dearer, can take the place
    of `new`.

    `ahead` begins with their number; those whose place `new` can take for all that is dearer leave it.
    """
    if ahead[0] > 0 and out[ahead[1], ITEMS] != out[new, ITEMS]:
        ahead[0] = 0
    for at in range(1, ahead[0] + 1):
        if _stands_in(out, ahead[at], new, low, high, least_sum, most_sum):
            return False
    kept = 0
    for at in range(1, ahead[0] + 1):
        if not _stands_in(out, new, ahead[at], low, high, least_sum, most_sum):
            kept += 1
            ahead[kept] = ahead[at]
    ahead[0] = min(kept + 1, len(ahead) - 1)
    ahead[ahead[0]] = new
    return True


@kernel
def _better_than_last(out: Any, new: int) -> bool:
    """Where no sum has limits, all that is no dearer comes to this: the score is above that before."""
    last = new - 1
    return bool(new == 0 or out[last, ITEMS] != out[new, ITEMS] or out[last, SCORE] < out[new, SCORE])


@kernel
def _merged(
    others: Any, other_count: int, base: Any, base_count: int, option: int, price: Any, gain: Any, loss: Any,
    amounts: Any, out: Any, record: Any, records: int, above: Any, equal: Any, cap: Any, tie_cost: Any,
    low: Any, high: Any, least_sum: Any, most_sum: Any,
) -> Any:  # fmt: skip
    """The partial carts of `others` and those of `base` with `option` (-1: without) that may yet be best.

    Both ascend by items, then cost, and so does `out`; returns its length and the number of records. `above`
    and `equal` are the losses allowed by items, `cap` and `tie_cost` the highest costs at this stage. The
    arrays are separate arguments, since a tuple of them would be counted again for each partial cart (200 ns
    instead of 20).
    """
    more, waiting, limited = 1 if option >= 0 else 0, False, len(low) > 0
    kept, left, right = np.int64(0), np.int64(0), np.int64(0)
    grown, ahead = np.zeros(out.shape[1], out.dtype), np.zeros(_AHEAD, np.int64)
    while True:
        while right < base_count and not waiting:
            items, cost, lost = base[right, ITEMS] + more, base[right, COST] + price, base[right, LOSS] + loss
            if items < len(above) and cost <= cap:
                waiting = lost <= above[items] or (lost <= equal[items] and cost <= tie_cost)
                if waiting and limited:
                    waiting = _fits(base, right, amounts, low, high, least_sum, most_sum, grown)
                grown[ITEMS], grown[COST], grown[LOSS] = items, cost, lost
                grown[SCORE], grown[RECORD] = base[right, SCORE] + gain, base[right, RECORD]
            right += 1
        if left < other_count and (not waiting or _comes_first(others, left, grown)):
            for field in range(out.shape[1]):
                out[kept, field] = others[left, field]
            left += 1
            better = (
                _survives(out, kept, ahead, low, high, least_sum, most_sum)
                if limited
                else _better_than_last(out, kept)
            )
            kept += better
        elif waiting:
            waiting = False
            for field in range(out.shape[1]):
                out[kept, field] = grown[field]
            better = (
                _survives(out, kept, ahead, low, high, least_sum, most_sum)
                if limited
                else _better_than_last(out, kept)
            )
            if better:
                out[kept, RECORD], records = _noted(record, records, grown[RECORD], option)
                kept += 1
        else:
            return kept, records


@kernel
def _noted(record: Any, records: int, parent: int, option: int) -> Any:
    """The record of a partial cart that takes `option` (-1: none) after `parent`, and the number of
    records."""
    if option < 0:
        return parent, records
    record[records, 0], record[records, 1] = parent, option
    return records, records + 1


@kernel
def _completed(
    states: Any, count: int, tail: Any, amounts: Any, low: Any, high: Any, cap: Any, least: int, most: int,
    linear: bool, objective: Any, tie_cost: Any,
) -> Any:  # fmt: skip
    """The partial cart that becomes best with the tail's picks, or -1; its objective and cost."""
    at, more, gain, price = -1, tail[TAIL_ITEMS], tail[TAIL_SCORE], tail[TAIL_COST]
    for state in range(count):
        items, cost = states[state, ITEMS] + more, states[state, COST] + price
        if items < least or items > most or cost > cap:
            continue
        reached = (states[state, SCORE] + gain) * (1 if linear else items)
        if reached < objective or (reached == objective and cost > tie_cost):
            continue
        allowed = True
        for row in range(len(low)):
            allowed = allowed and low[row] <= states[state, SUMS + row] + amounts[row] <= high[row]
        if allowed:
            at, objective, tie_cost = state, reached, cost - 1
    return at, objective, tie_cost + 1


@kernel
def _trimmed(states: Any, count: int, beam: int, dropped: Any) -> Any:
    """Keep the `beam` partial carts of least loss, in order; and the least loss dropped so far."""
    losses = states[:count, LOSS].copy()
    limit = losses[ascending(losses)[beam - 1]]
    equal = beam
    for state in range(count):
        equal -= states[state, LOSS] < limit
    kept = 0
    for state in range(count):
        loss = states[state, LOSS]
        if loss < limit or (loss == limit and equal > 0):
            equal -= loss == limit
            for field in range(states.shape[1]):
                states[kept, field] = states[state, field]
            kept += 1
        elif dropped < 0 or loss < dropped:
            dropped = loss
    return kept, dropped


@kernel
def _pick_all(
    problem: Any,
    groups: Any,
    is_open: Any,
    best: Any,
    stage: int,
    at: int,
    record: Any,
    group_of: Any,
    picks: Any,
) -> None:
    """Write the cart of record `at`, completed from `stage` on, into `picks` by group."""
    for group in range(len(problem.is_required)):
        picks[group] = -1 if is_open[group] else best[group]
    for later in range(stage, len(groups)):
        picks[groups[later]] = best[groups[later]]
    while at >= 0:
        picks[group_of[record[at, 1]]] = record[at, 1]
        at = record[at, 0]


@kernel
def _first_state(problem: Any, is_open: Any, best: Any, states: Any, group_of: Any) -> None:
    """The partial cart of what is decided from the start."""
    states[0, RECORD] = -1
    for at in range(len(problem.is_required)):
        group_of[problem.start[at] : problem.start[at + 1]] = at
        if not is_open[at] and best[at] >= 0:
            states[0, ITEMS] += 1
            states[0, SCORE] += problem.score[best[at]]
            states[0, COST] += problem.cost[best[at]]
            for row in range(len(problem.low)):
                states[0, SUMS + row] += problem.sums[row, best[at]]


@kernel
def _next_states(
    states: Any, count: int, at: int, problem: Any, loss: Any, worth: Any, tail: Any, above: Any, equal: Any,
    tie_cost: Any, record: Any, records: int,
) -> Any:  # fmt: skip
    """The partial carts after group `at` is decided, their number, and that of the records.

    `tail` (as `rest` has it) is what the stages after it can add; `above` and `equal` the losses allowed by
    items.
    """
    least_sum, most_sum = tail[REQUIRED_ITEMS + 2 :: 3].copy(), tail[REQUIRED_ITEMS + 3 :: 3].copy()
    grown, length = np.empty((0, states.shape[1]), states.dtype), np.int64(0)
    for option in range(problem.start[at] - 1, problem.start[at + 1]):
        taken = option >= problem.start[at]
        if not taken and problem.is_required[at]:
            continue
        price, gain, lost, amounts = np.int64(0), np.int64(0), worth[at], np.zeros_like(problem.low)
        if taken:
            price, gain, lost = problem.cost[option], problem.score[option], loss[option]
            amounts[:] = problem.sums[:, option]
        wider = np.empty((length + count, states.shape[1]), states.dtype)
        length, records = _merged(
            grown, length, states, count, option if taken else -1, price, gain, lost, amounts, wider, record,
            records, above, equal, problem.cap - tail[LEAST_COST], tie_cost - tail[LEAST_COST], problem.low,
            problem.high, least_sum, most_sum,
        )  # fmt: skip
        grown = wider
    return grown, length, records


@kernel
def _with_room(record: Any, records: int, more: int) -> Any:
    """The records, in a longer array where there is no room for `more` of them."""
    if records + more <= len(record):
        return record
    wider = np.empty((2 * (records + more), 2), np.int64)
    wider[:records] = record[:records]
    return wider


@kernel
def search(
    problem: Any, objective: Any, ties: bool, limit: int, beam: int, core: int, picks: Any
) -> Any:  # fmt: skip
    """The best cart above `objective`, if `ties` the cheapest of those, by group in `picks`.

    With `core`, only that many of the least decided groups are open, so that nothing is proven. After `limit`
    partial carts only `beam` are kept a stage. Returns whether one was found, its objective and cost, the
    number of partial carts, the bound of those dropped, and whether none was.
    """
    loss, best, worth, total = values(problem)
    tie_cost = np.int64(-FREE)
    above, equal = np.empty(problem.most + 1, loss.dtype), np.empty(problem.most + 1, loss.dtype)
    largest = allowances(problem, total, objective, tie_cost, above, equal)
    groups, is_open = open_groups(problem, loss, best, worth, largest)
    groups = least_decided(groups, is_open, core)
    rest_of, group_of = rest(problem, groups, best), np.empty(len(problem.cost), np.int64)
    states = np.zeros((1, SUMS + len(problem.low)), loss.dtype)
    _first_state(problem, is_open, best, states, group_of)
    record, records = np.empty((1024, 2), np.int64), np.int64(0)
    found, cost, nodes, count, dropped = False, tie_cost, 0, np.int64(1), np.int64(-1)
    for stage in range(len(groups) + 1):
        tail = rest_of[:, stage].copy()
        at, reached, paid = _completed(
            states, count, tail, tail[REQUIRED_ITEMS + 1 :: 3].copy(), problem.low, problem.high,
            problem.cap, problem.least, problem.most, problem.linear, objective, tie_cost,
        )  # fmt: skip
        if at >= 0:
            found, objective, cost = True, reached, paid
            tie_cost = paid - 1 if ties else tie_cost
            _pick_all(problem, groups, is_open, best, stage, states[at, RECORD], record, group_of, picks)
            allowances(problem, total, objective, tie_cost, above, equal)
        if stage == len(groups) or count == 0:
            break
        at = groups[stage]
        most = count * (problem.start[at + 1] - problem.start[at])
        nodes += count + most
        record = _with_room(record, records, most)
        tail, more = rest_of[:, stage + 1].copy(), len(groups) - stage - 1
        first, last = states[0, ITEMS], min(states[count - 1, ITEMS] + 1, problem.most)
        states, count, records = _next_states(
            states, count, at, problem, loss, worth, tail,
            widened(above, first, last, tail[REQUIRED_ITEMS], more),
            widened(equal, first, last, tail[REQUIRED_ITEMS], more), tie_cost, record, records,
        )  # fmt: skip
        if count > beam and (nodes > limit or count > _WIDEST):
            count, dropped = _trimmed(states, count, beam, dropped)
    bound = bound_of_dropped(problem, total, dropped, objective)
    return found, objective, cost, nodes, bound, dropped < 0
