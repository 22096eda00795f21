"""The best cart of a case: partial carts layer by layer over the groups that the bound leaves open.

All that the bound allows is kept, except what another partial cart of as many items dominates (no dearer, no
worse). A partial cart's loss is what its choices give away against the relaxed cart's, so that one number
decides whether it can still become better than the best cart known. Ties in the objective are kept while a
lower total is possible, so both are proven.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.bounds import BITS, MU
from discogs_assistant.engine.carts.kernels.arrays import ascending, highest
from discogs_assistant.engine.carts.kernels.options import FREE
from discogs_assistant.engine.carts.kernels.slack import (
    LEAST_COST,
    MUSTS,
    TAIL_COST,
    TAIL_ITEMS,
    TAIL_SCORE,
    allowances,
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
def _comes_first(one: Any, at: int, grown: Any) -> bool:
    if one[at, ITEMS] != grown[ITEMS]:
        return bool(one[at, ITEMS] < grown[ITEMS])
    if one[at, COST] != grown[COST]:
        return bool(one[at, COST] < grown[COST])
    return bool(one[at, SCORE] >= grown[SCORE])


@kernel
def _stands_in(
    out: Any, one: int, other: int, low: Any, high: Any, least_sum: Any, most_sum: Any
) -> bool:  # fmt: skip
    """Whether the partial cart `one`, if no dearer, can always take the place of `other`."""
    if out[one, SCORE] < out[other, SCORE]:
        return False
    for row in range(len(low)):
        mine, its = out[one, SUMS + row], out[other, SUMS + row]
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
    one: Any, ones: int, base: Any, bases: int, option: int, price: Any, gain: Any, loss: Any, amounts: Any,
    out: Any, record: Any, records: int, above: Any, equal: Any, cap: Any, tie_cost: Any, low: Any, high: Any,
    least_sum: Any, most_sum: Any,
) -> Any:  # fmt: skip
    """The partial carts of `one` and those of `base` with `option` (-1: without) that may yet be best.

    Both ascend by items, then cost, and so does `out`; returns its length and the number of records. `above`
    and `equal` are the losses allowed by items, `cap` and `tie_cost` the highest costs at this layer. The
    arrays come one by one, since a tuple of them would be counted again for each partial cart (200 ns instead
    of 20).
    """
    more, waiting, limited = 1 if option >= 0 else 0, False, len(low) > 0
    kept, left, right = np.int64(0), np.int64(0), np.int64(0)
    grown, ahead = np.zeros(out.shape[1], out.dtype), np.zeros(_AHEAD, np.int64)
    while True:
        while right < bases and not waiting:
            items, cost, lost = base[right, ITEMS] + more, base[right, COST] + price, base[right, LOSS] + loss
            if items < len(above) and cost <= cap:
                waiting = lost <= above[items] or (lost <= equal[items] and cost <= tie_cost)
                if waiting and limited:
                    waiting = _fits(base, right, amounts, low, high, least_sum, most_sum, grown)
                grown[ITEMS], grown[COST], grown[LOSS] = items, cost, lost
                grown[SCORE], grown[RECORD] = base[right, SCORE] + gain, base[right, RECORD]
            right += 1
        if left < ones and (not waiting or _comes_first(one, left, grown)):
            for field in range(out.shape[1]):
                out[kept, field] = one[left, field]
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
    case: Any,
    groups: Any,
    is_open: Any,
    best: Any,
    layer: int,
    at: int,
    record: Any,
    group_of: Any,
    picks: Any,
) -> None:
    """Write the cart of record `at`, completed from `layer` on, into `picks` by group."""
    for group in range(len(case.must)):
        picks[group] = -1 if is_open[group] else best[group]
    for later in range(layer, len(groups)):
        picks[groups[later]] = best[groups[later]]
    while at >= 0:
        picks[group_of[record[at, 1]]] = record[at, 1]
        at = record[at, 0]


@kernel
def _first_state(case: Any, is_open: Any, best: Any, states: Any, group_of: Any) -> None:
    """The partial cart of what is decided from the start."""
    states[0, RECORD] = -1
    for at in range(len(case.must)):
        group_of[case.start[at] : case.start[at + 1]] = at
        if not is_open[at] and best[at] >= 0:
            states[0, ITEMS] += 1
            states[0, SCORE] += case.score[best[at]]
            states[0, COST] += case.cost[best[at]]
            for row in range(len(case.low)):
                states[0, SUMS + row] += case.sums[row, best[at]]


@kernel
def _next_layer(
    states: Any, count: int, at: int, case: Any, loss: Any, worth: Any, tail: Any, above: Any, equal: Any,
    tie_cost: Any, record: Any, records: int,
) -> Any:  # fmt: skip
    """The partial carts after group `at` is decided, their number, and that of the records.

    `tail` (as `rest` has it) is what the layers after it can add; `above` and `equal` the losses allowed by
    items.
    """
    least_sum, most_sum = tail[MUSTS + 2 :: 3].copy(), tail[MUSTS + 3 :: 3].copy()
    grown, length = np.empty((0, states.shape[1]), states.dtype), np.int64(0)
    for option in range(case.start[at] - 1, case.start[at + 1]):
        taken = option >= case.start[at]
        if not taken and case.must[at]:
            continue
        price, gain, lost, amounts = (
            case.cap - case.cap,
            worth[at] - worth[at],
            worth[at],
            np.zeros_like(case.low),
        )
        if taken:
            price, gain, lost = case.cost[option], case.score[option], loss[option]
            amounts[:] = case.sums[:, option]
        wider = np.empty((length + count, states.shape[1]), states.dtype)
        length, records = _merged(
            grown, length, states, count, option if taken else -1, price, gain, lost, amounts, wider, record,
            records, above, equal, case.cap - tail[LEAST_COST], tie_cost - tail[LEAST_COST], case.low,
            case.high, least_sum, most_sum,
        )  # fmt: skip
        grown = wider
    return grown, length, records


@kernel
def _bound_of_dropped(case: Any, total: Any, dropped: Any) -> Any:
    """What no cart exceeds that loses `dropped` or more."""
    bound, best = total - total, highest(case.score)
    for items in range(case.least, case.most + 1):
        left = min((total - dropped - case.whole[MU] * items) >> case.whole[BITS], items * best)
        left *= 1 if case.linear else items
        bound = left if items == case.least else max(bound, left)
    return bound


@kernel
def search(
    case: Any, objective: Any, ties: bool, limit: int, beam: int, core: int, picks: Any
) -> Any:  # fmt: skip
    """The best cart above `objective`, if `ties` the cheapest of those, by group in `picks`.

    With `core`, only that many of the least decided groups are open, so that nothing is proven. After `limit`
    partial carts only `beam` are kept a layer. Returns whether one was found, its objective and cost, the
    number of partial carts, the bound of those dropped, and whether none was.
    """
    loss, best, worth, total = values(case)
    tie_cost = total - total - FREE
    above, equal = np.empty(case.most + 1, loss.dtype), np.empty(case.most + 1, loss.dtype)
    largest = allowances(case, total, objective, tie_cost, above, equal)
    groups, is_open = open_groups(case, loss, best, worth, largest)
    if 0 < core < len(groups):
        for at in groups[: len(groups) - core]:
            is_open[at] = False
        groups = groups[len(groups) - core :]
    rest_of, group_of = rest(case, groups, best), np.empty(len(case.cost), np.int64)
    states = np.zeros((1, SUMS + len(case.low)), loss.dtype)
    _first_state(case, is_open, best, states, group_of)
    record, records = np.empty((1024, 2), np.int64), np.int64(0)
    found, cost, nodes, count, dropped = False, tie_cost, 0, np.int64(1), total - total - 1
    for layer in range(len(groups) + 1):
        tail = rest_of[:, layer].copy()
        at, reached, paid = _completed(
            states, count, tail, tail[MUSTS + 1 :: 3].copy(), case.low, case.high, case.cap, case.least,
            case.most, case.linear, objective, tie_cost,
        )  # fmt: skip
        if at >= 0:
            found, objective, cost = True, reached, paid
            tie_cost = paid - 1 if ties else tie_cost
            _pick_all(case, groups, is_open, best, layer, states[at, RECORD], record, group_of, picks)
            allowances(case, total, objective, tie_cost, above, equal)
        if layer == len(groups) or count == 0:
            break
        at = groups[layer]
        most = count * (case.start[at + 1] - case.start[at])
        nodes += count + most
        if records + most > len(record):
            wider = np.empty((2 * (records + most), 2), np.int64)
            wider[:records] = record[:records]
            record = wider
        tail, more = rest_of[:, layer + 1].copy(), len(groups) - layer - 1
        first, last = states[0, ITEMS], min(states[count - 1, ITEMS] + 1, case.most)
        states, count, records = _next_layer(
            states, count, at, case, loss, worth, tail, widened(above, first, last, tail[MUSTS], more),
            widened(equal, first, last, tail[MUSTS], more), tie_cost, record, records,
        )  # fmt: skip
        if count > beam and (nodes > limit or count > _WIDEST):
            count, dropped = _trimmed(states, count, beam, dropped)
    bound = _bound_of_dropped(case, total, dropped) if dropped >= 0 else objective - 1
    return found, objective, cost, nodes, bound, dropped < 0
