"""The points of a curve as far as they are known: by number of parcels the best plan and what none beats."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.engine.plans.found_plan import FoundPlan
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached, Stage
from discogs_assistant.engine.plans.problem import PlanProblem


@dataclass(slots=True)
class Point:
    """The best plan known of at most so many parcels, None where none is.

    No such plan covers more than `most` groups (below 0 where none is allowed), and none that covers as many
    as this one has a total below `lowest`.
    """

    most: int
    found: FoundPlan | None = None
    lowest: float = 0.0

    @property
    def covered(self) -> int:
        """How many wants the plan covers."""
        return 0 if self.found is None else len(self.found.covered)

    @property
    def open(self) -> bool:
        """Whether a better plan may exist."""
        if self.found is None:
            return self.most >= 0
        return self.covered < self.most or self.lowest < self.found.total_minor

    @property
    def reached(self) -> Reached | None:
        """The plan with its bounds."""
        if self.found is None:
            return None
        total = self.found.total_minor
        return Reached(
            self.found,
            (
                Stage(Measure.COVERED, -self.covered, -self.most),
                Stage(Measure.TOTAL, total, min(total, self.lowest)),
            ),
        )

    @property
    def gap(self) -> float:
        """How far a better plan may be, as a share."""
        return 1.0 if (reached := self.reached) is None else reached.gap


class CurvePoints:
    """Points of 1, 2, … parcels up to what the limits allow; none is worse than one of fewer parcels."""

    def __init__(self, problem: PlanProblem, limits: Limits) -> None:
        self._limits = limits
        self._required = problem.wanted[problem.required].tolist()
        cap = int(min(limits.parcels, len(problem.shops)))
        self._points = [Point(problem.groups) for _ in range(cap)]

    def __getitem__(self, parcels: int) -> Point:
        return self._points[parcels - 1]

    @property
    def top(self) -> int:
        """The most parcels that the limits allow."""
        return len(self._points)

    @property
    def last(self) -> int:
        """How many parcels the best plan of all has that is known, at least 1; all where none is."""
        found = self._points[-1].found
        return self.top if found is None else max(1, len(found.parcels))

    def offer(self, found: FoundPlan | None) -> None:
        """Keeps a plan wherever it is allowed and better than the one known."""
        if (
            found is None
            or found.total_minor > self._limits.total
            or not found.covered.issuperset(self._required)
        ):
            return
        for point in self._points[max(0, len(found.parcels) - 1) :]:
            if point.found is not None and _rank(point.found) <= _rank(found):
                return
            point.found = found

    def bound_covered(self, parcels: int, most: int) -> None:
        """Learns that no plan of so many parcels covers more groups than `most`."""
        for point in self._points[:parcels]:
            point.most = min(point.most, most)

    def bound_total(self, parcels: int, covered: int, lowest: float) -> None:
        """Learns that no plan of so many parcels that covers so many groups has a lower total."""
        for point in self._points[:parcels]:
            if point.found is not None and point.covered >= covered:
                point.lowest = max(point.lowest, lowest)

    def open(self) -> list[int]:
        """The numbers of parcels of which a better plan may exist, up to the last; the smallest gap first."""
        numbers = [n for n in {*range(1, self.last + 1), self.top} if self[n].open]
        return sorted(numbers, key=lambda number: (self[number].gap, -number))

    def reached(self) -> list[Reached]:
        """The plans that are better than all of fewer parcels, with their bounds, fewest parcels first."""
        plans = list[Reached]()
        for point in self._points[: self.last]:
            reached = point.reached
            if reached is not None and (not plans or _rank(reached.found) < _rank(plans[-1].found)):
                plans.append(reached)
        return plans


def _rank(found: FoundPlan) -> tuple[float, float]:
    return -len(found.covered), found.total_minor
