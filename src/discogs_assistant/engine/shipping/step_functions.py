"""Step functions over whole numbers, and the least of several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple


class Piece(NamedTuple):
    """base + slope × x for low ≤ x ≤ high, without an end where `high` is None."""

    low: int
    high: int | None
    base: int
    slope: int


def least_of(functions: Iterable[Sequence[Piece]]) -> list[Piece]:
    """Ascending pieces of the least of some functions, each of pieces that do not overlap.

    It has a value wherever one of them has.
    """
    waiting = sorted(
        filter(_holds, chain.from_iterable(functions)), key=lambda piece: piece.low, reverse=True
    )
    ends = {piece.high + 1 for piece in waiting if piece.high is not None}
    edges = sorted({piece.low for piece in waiting} | ends)
    found: list[Piece] = []
    active: list[Piece] = []
    for low, after in zip_longest(edges, edges[1:]):
        active = [piece for piece in active if piece.high is None or piece.high >= low]
        while waiting and waiting[-1].low == low:
            active.append(waiting.pop())
        if active:
            _append_lowest(found, active, low, None if after is None else after - 1)
    return found


def ranges_of(pieces: Iterable[Piece]) -> list[tuple[int, int | None]]:
    """The longest ranges without a gap that pieces cover, ascending."""
    found: list[tuple[int, int | None]] = []
    for piece in sorted(filter(_holds, pieces), key=lambda piece: piece.low):
        last = found[-1][1] if found else -1
        if found and (last is None or piece.low <= last + 1):
            ends = None if last is None or piece.high is None else max(last, piece.high)
            found[-1] = (found[-1][0], ends)
        else:
            found.append((piece.low, piece.high))
    return found


def _holds(piece: Piece) -> bool:
    return piece.high is None or piece.low <= piece.high


def _append_lowest(found: list[Piece], active: Sequence[Piece], low: int, high: int | None) -> None:
    """Append the lowest of `active` from `low` to `high`, going on with a piece of the same line."""
    lines = {(piece.base, piece.slope) for piece in active}
    at: int | None = low
    while at is not None:
        _, slope, base = min((base + slope * at, slope, base) for base, slope in lines)
        crossings = (1 + (other - base) // (slope - flatter) for other, flatter in lines if flatter < slope)
        after = min(crossings, default=None)
        ends = high if after is None or (high is not None and after > high) else after - 1
        last = found[-1] if found else None
        if last is not None and last.high == at - 1 and (last.base, last.slope) == (base, slope):
            found[-1] = last._replace(high=ends)
        else:
            found.append(Piece(at, ends, base, slope))
        at = None if ends == high else after
