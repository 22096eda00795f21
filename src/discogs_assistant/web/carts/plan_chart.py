"""The curve of a plan's total against the number of its parcels, laid out for a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discogs_assistant.pipelines.carts.plans_result import PurchasePlan
from discogs_assistant.web import formatting
from discogs_assistant.web.recommendations.bar_chart import round_step

_RIGHT, _TOP, _BOTTOM = 24, 32, 56
_HEIGHT, _A_POINT, _LEAST = 280, 88, 340
_MOST_STEPS = 5
_A_CHARACTER = 8
"""Width of one in an amount beside the axis, in pixels."""


@dataclass(frozen=True, slots=True)
class Point:
    """A plan in the drawing: its place in pixels, and what it says; `whole` where no record is missing."""

    x: float
    y: float
    plan: PurchasePlan
    whole: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of `width` × `height` pixels; `ticks` are heights with the amounts there, from zero."""

    width: int
    height: int
    left: int
    right: int
    floor: float
    points: tuple[Point, ...]
    ticks: tuple[tuple[float, int], ...]
    message: str

    @property
    def path(self) -> str:
        """The line through all points."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def chart_of(curve: Sequence[PurchasePlan], currency: str) -> Chart | None:
    """The chart of plans by ascending number of parcels; None where there is nothing to compare."""
    if len(curve) < 2:
        return None
    floor = _HEIGHT - _BOTTOM
    step = round_step(max(plan.total_minor for plan in curve), _MOST_STEPS)
    top = max(1, -(-max(plan.total_minor for plan in curve) // step)) * step
    left = _A_CHARACTER * (1 + len(formatting.money(top, currency).rpartition(" ")[0]))
    width = max(_LEAST, left + _RIGHT + _A_POINT * len(curve))
    most = max(plan.covered for plan in curve)

    def height(minor: int) -> float:
        return float(round(floor - (floor - _TOP) * minor / top, 1))

    across = (width - left - _RIGHT) / len(curve)
    points = tuple(
        Point(
            round(left + across * (place + 0.5), 1),
            height(plan.total_minor),
            plan,
            plan.covered == most,
        )
        for place, plan in enumerate(curve)
    )
    ticks = tuple((height(minor), minor) for minor in range(0, top + 1, step))
    return Chart(width, _HEIGHT, left, width - _RIGHT, floor, points, ticks, _message(curve, currency))


def _message(curve: Sequence[PurchasePlan], currency: str) -> str:
    few, many = curve[0], curve[-1]
    parcels = formatting.count(few.parcels, "parcel")
    if few.covered < many.covered:
        return (
            f"{parcels} {'brings' if few.parcels == 1 else 'bring'} {few.covered} of "
            f"{formatting.count(many.covered, 'record')} for {formatting.money(few.total_minor, currency)}; "
            f"all of them take {many.parcels} and {formatting.money(many.total_minor, currency)}."
        )
    saved = formatting.money(few.total_minor - many.total_minor, currency)
    return f"{many.parcels} parcels in place of {few.parcels} save {saved}, with the same records."
