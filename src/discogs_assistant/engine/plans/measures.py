"""What is measured in a plan, what limits it, and how far a search for the best got."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from discogs_assistant.engine.plans.found_plan import FoundPlan


class Measure(StrEnum):
    """What a stage of a question makes as small or as great as can be."""

    COVERED = "covered"
    SCORE = "score"
    TOTAL = "total"
    PARCELS = "parcels"

    @property
    def sign(self) -> int:
        """−1 for what is to be great: everything is made small, a score as its negative."""
        return -1 if self in {Measure.COVERED, Measure.SCORE} else 1

    def of(self, found: FoundPlan) -> int:
        """The value of `found`, times the sign."""
        match self:
            case Measure.COVERED:
                return -len(found.covered)
            case Measure.SCORE:
                return -found.score_micro
            case Measure.TOTAL:
                return found.total_minor
            case Measure.PARCELS:
                return len(found.parcels)


@dataclass(frozen=True, slots=True)
class Limits:
    """At most this total and so many parcels, at least so many groups and such a sum of scores."""

    total: float = inf
    parcels: float = inf
    covered: int = 0
    score: int = 0

    def allow(self, found: FoundPlan) -> bool:
        """True where `found` keeps to them."""
        return (
            found.total_minor <= self.total
            and len(found.parcels) <= self.parcels
            and len(found.covered) >= self.covered
            and found.score_micro >= self.score
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """The value of the best plan found, and what no plan is below."""

    measure: Measure
    value: int
    bound: float

    @property
    def gap(self) -> float:
        """How far below another plan may be, as a share."""
        if self.bound >= self.value:
            return 0.0
        return (self.value - self.bound) / max(abs(self.bound), abs(self.value))


@dataclass(frozen=True, slots=True)
class Reached:
    """A plan and the stages that led to it, in order; each binds what those before it reached."""

    found: FoundPlan
    stages: tuple[Stage, ...]

    @property
    def gap(self) -> float:
        """The largest of what the question is about; where that is proven, that of the total among equals."""
        last = self.stages[-1]
        among_equals = last.measure is Measure.TOTAL and len(self.stages) > 1
        about = self.stages[:-1] if among_equals else self.stages
        return max(stage.gap for stage in about) or last.gap

    def after(self, earlier: Reached) -> Reached:
        """This one, reached after the stages of another."""
        return Reached(self.found, earlier.stages + self.stages)
