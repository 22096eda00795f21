"""Horizontal bars from zero: how many of the owned records have each style, decade, label or country."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from discogs_assistant.pipelines.recommendations.taste_result import OwnedBreakdown, OwnedPart

_STEPS = (1, 2, 5, 10)


def round_step(most: int, steps: int) -> int:
    """A round amount of which at most `steps` reach `most`."""
    unit = 1
    while True:
        for factor in _STEPS:
            if factor * unit * steps >= most:
                return factor * unit
        unit *= 10


MOST_BARS, MOST_ROWS = 12, 60
_MOST_STEPS = 3
"""On a phone, there is room for four numbers below the bars."""
Address = Callable[[OwnedPart], str]


@dataclass(frozen=True, slots=True)
class Bar:
    """`length` in per cent of the drawing's width; `address` leads to what the bar stands for."""

    name: str
    records: int
    length: float
    address: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """`ticks` are places in per cent of the width with the number of records there, from zero.

    `rows` is what the table behind the drawing holds, `others` and `more` how many names the drawing and the
    table leave out; `known` records have any name.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    rows: Sequence[OwnedPart]
    others: int
    more: int
    known: int


def bar_chart(owned: OwnedBreakdown, address: Address, *, all_bars: bool = False) -> BarChart | None:
    """The chart of a breakdown of what is owned; None where nothing is known."""
    parts = owned.parts
    if not parts:
        return None
    shown = parts if all_bars else parts[:MOST_BARS]
    most = max(part.records for part in parts)
    step = round_step(most, _MOST_STEPS)
    top = -(-most // step) * step
    return BarChart(
        tuple(_bar(part, top, address) for part in shown),
        tuple((_per_cent(records, top), records) for records in range(0, top + 1, step)),
        parts[:MOST_ROWS],
        len(parts) - len(shown),
        max(0, len(parts) - MOST_ROWS),
        owned.known,
    )


def _bar(part: OwnedPart, top: int, address: Address) -> Bar:
    return Bar(part.name, part.records, _per_cent(part.records, top), address(part))


def _per_cent(records: int, top: int) -> float:
    return round(100 * records / top, 2)
