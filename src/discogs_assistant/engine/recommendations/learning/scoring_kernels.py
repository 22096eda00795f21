"""Scores of all items for one person in few passes over memory, and the highest of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.compiler import loop


@loop
def add_rows(starts: Any, columns: Any, values: Any, rows: Any, factors: Any, onto: Any) -> None:
    """`onto`[j] += factor · value of each entry j of these rows of a sparse matrix."""
    for at in range(len(rows)):
        for place in range(starts[rows[at]], starts[rows[at] + 1]):
            onto[columns[place]] += factors[at] * values[place]


@loop
def column_of(starts: Any, columns: Any, values: Any, rows: Any, column: int, found: Any) -> None:
    """The entries of these rows in one column into `found`; columns ascend in each row."""
    for at in range(len(rows)):
        low, high = starts[rows[at]], starts[rows[at] + 1]
        end = high
        while low < high:
            middle = (low + high) // 2
            if columns[middle] < column:
                low = middle + 1
            else:
                high = middle
        found[at] = values[low] if low < end and columns[low] == column else 0.0


@loop
def deviation(numbers: Any) -> Any:
    """The standard deviation."""
    total, squares = 0.0, 0.0
    for number in numbers:
        total += number
        squares += number * number
    mean = total / len(numbers)
    return np.sqrt(max(0.0, squares / len(numbers) - mean * mean))


@loop
def add_parts(row: Any, weighed: Any, alike: Any, known: Any, factors: Any) -> None:
    """`row` += the other three, each times its factor."""
    for place in range(len(row)):
        row[place] += factors[0] * weighed[place] + factors[1] * alike[place] + factors[2] * known[place]


@loop
def highest(scores: Any, most: int) -> Any:
    """The places of the highest finite scores, descending, ties by place.

    A heap whose root is the lowest that is kept: one pass, in which almost every score is only compared.
    """
    places, kept = np.empty(most, np.int64), 0
    for place in range(len(scores)):
        if scores[place] == -np.inf:
            continue
        if kept < most:
            places[kept] = place
            kept += 1
            at = kept - 1
            while at > 0 and _after(scores, places[at], places[(at - 1) // 2]):
                places[at], places[(at - 1) // 2] = places[(at - 1) // 2], places[at]
                at = (at - 1) // 2
        elif scores[place] > scores[places[0]]:
            places[0] = place
            _sift_down(scores, places, kept)
    for last in range(kept - 1, 0, -1):
        places[0], places[last] = places[last], places[0]
        _sift_down(scores, places, last)
    return places[:kept]


@loop
def _after(scores: Any, place: int, other: int) -> bool:
    """Whether `place` ranks after `other`."""
    if scores[place] != scores[other]:
        return bool(scores[place] < scores[other])
    return place > other


@loop
def _sift_down(scores: Any, places: Any, size: int) -> None:
    """Put the root of a heap of this size where it belongs."""
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _after(scores, places[child + 1], places[child]):
            child += 1
        if not _after(scores, places[child], places[at]):
            return
        places[at], places[child] = places[child], places[at]
        at = child
