"""The nearest neighbours of an item by cosine, and the ridge regression of it on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.compiler import loop


@loop
def _together(item: int, by_item: Any, by_row: Any, sums: Any, touched: Any) -> int:
    """Add up Σ_r y_ri · y_rj into `sums` for each item j; which these are into `touched`; how many.

    Values are above 0. A product too small for a number adds nothing, and so does not touch its item.
    """
    starts, rows, values = by_item
    row_starts, items, row_values = by_row
    count = 0
    for at in range(starts[item], starts[item + 1]):
        row, value = rows[at], values[at]
        for place in range(row_starts[row], row_starts[row + 1]):
            other, product = items[place], value * row_values[place]
            if product == 0.0:
                continue
            if sums[other] == 0.0:
                touched[count] = other
                count += 1
            sums[other] += product
    return count


@loop
def _nearest(item: int, sums: Any, touched: Any, count: int, length: Any, keys: Any, found: Any) -> int:
    """The items of highest cosine into `found`, descending, ties by item; how many.

    A heap whose root is the worst that is kept.
    """
    kept = 0
    for at in range(count):
        other = touched[at]
        if other == item:
            continue
        key = sums[other] / length[other]
        if kept < len(found):
            keys[kept], found[kept] = key, other
            kept += 1
            _rise(keys, found, kept - 1)
        elif key > keys[0] or (key == keys[0] and other < found[0]):
            keys[0], found[0] = key, other
            _sift_down(keys, found, kept)
    return kept


@loop
def _worse(keys: Any, found: Any, place: int, other: int) -> bool:
    if keys[place] != keys[other]:
        return bool(keys[place] < keys[other])
    return bool(found[place] > found[other])


@loop
def _swap(keys: Any, found: Any, place: int, other: int) -> None:
    keys[place], keys[other] = keys[other], keys[place]
    found[place], found[other] = found[other], found[place]


@loop
def _rise(keys: Any, found: Any, at: int) -> None:
    while at > 0 and _worse(keys, found, at, (at - 1) // 2):
        _swap(keys, found, at, (at - 1) // 2)
        at = (at - 1) // 2


@loop
def _sift_down(keys: Any, found: Any, size: int) -> None:
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _worse(keys, found, child + 1, child):
            child += 1
        if not _worse(keys, found, child, at):
            return
        _swap(keys, found, at, child)
        at = child


@loop
def _gather(chosen: Any, by_item: Any, begins: Any, members: Any, values: Any) -> None:
    """Write down row by row which of the chosen items it has: their number, then their places among `chosen`.

    A row's list begins in `members` at −1 − `begins`; their values stand at the same places of `values`.
    """
    starts, rows, entries = by_item
    for item in chosen:
        for at in range(starts[item], starts[item + 1]):
            begins[rows[at]] += 1
    total = 0
    for place in range(len(chosen)):
        for at in range(starts[chosen[place]], starts[chosen[place] + 1]):
            row = rows[at]
            if begins[row] > 0:
                size = begins[row]
                begins[row] = -1 - total
                members[total] = 0
                total += size + 1
            begin = -1 - begins[row]
            members[begin] += 1
            members[begin + members[begin]] = place
            values[begin + members[begin]] = entries[at]


@loop
def _multiply(begin: int, members: Any, values: Any, gram: Any) -> None:
    """Add the products of a row's pairs to the lower triangle of `gram`."""
    for row in range(begin + 1, begin + 1 + members[begin]):
        for column in range(begin + 1, row + 1):
            gram[members[row], members[column]] += values[row] * values[column]


@loop
def _gram(chosen: Any, by_item: Any, begins: Any, members: Any, values: Any, gram: Any) -> None:
    """Σ_r y_ra · y_rb of all pairs of chosen items into `gram`, by the rows that have any of them."""
    starts, rows = by_item[0], by_item[1]
    _gather(chosen, by_item, begins, members, values)
    gram[: len(chosen), : len(chosen)] = 0.0
    for item in chosen:
        for at in range(starts[item], starts[item + 1]):
            if begins[rows[at]] < 0:
                _multiply(-1 - begins[rows[at]], members, values, gram)
                begins[rows[at]] = 0


@loop
def _solve(gram: Any, count: int, right: Any) -> None:
    """gram · x = right by Cholesky's decomposition in the lower triangle; x replaces `right`."""
    for row in range(count):
        for column in range(row + 1):
            total = gram[row, column]
            for place in range(column):
                total -= gram[row, place] * gram[column, place]
            gram[row, column] = np.sqrt(total) if row == column else total / gram[column, column]
    for row in range(count):
        total = right[row]
        for place in range(row):
            total -= gram[row, place] * right[place]
        right[row] = total / gram[row, row]
    for row in range(count - 1, -1, -1):
        right[row] /= gram[row, row]
        for place in range(row):
            right[place] -= gram[row, place] * right[row]


@loop
def neighbour_weights(
    by_item: Any,
    by_row: Any,
    length: Any,
    regularization: float,
    room: int,
    first: int,
    last: int,
    found: Any,
    weights: Any,
) -> None:
    """The neighbours of the items from `first` up to `last` and their weights, each (items, most).

    Sparse rows y (by row) and the same by item, both as starts, places and values; `length` is √Σ y² of each
    item. A neighbour has one of the highest cosines with the item; the weights b of all its neighbours N
    solve (G_NN + regularization·I) b = G_N,item, G = YᵀY. Unused places of `found` become −1. `room` is twice
    the entries of as many items as there can be neighbours, at most.
    """
    items, most = found.shape
    sums, touched = np.zeros(items, np.float64), np.empty(items, np.int32)
    begins = np.zeros(len(by_row[0]) - 1, np.int64)
    members, values = np.empty(room, np.int32), np.empty(room, np.float64)
    keys, gram, right = np.empty(most), np.empty((most, most)), np.empty(most)
    for item in range(first, last):
        count = _together(item, by_item, by_row, sums, touched)
        found[item] = -1
        kept = _nearest(item, sums, touched, count, length, keys, found[item])
        chosen = np.sort(found[item, :kept])
        found[item, :kept] = chosen
        for place in range(kept):
            right[place] = sums[chosen[place]]
        for at in range(count):
            sums[touched[at]] = 0.0
        _gram(chosen, by_item, begins, members, values, gram)
        for place in range(kept):
            gram[place, place] += regularization
        _solve(gram, kept, right)
        weights[item, :kept] = right[:kept]
