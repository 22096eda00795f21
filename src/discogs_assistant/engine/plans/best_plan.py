"""The best plan over several sellers: who sends which copies, and what it all costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Mask
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.plans.builder import build_problem, short_of, unmet
from discogs_assistant.engine.plans.found_plan import FoundPlan, Parcel
from discogs_assistant.engine.plans.measures import Measure, Reached
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants, never
from discogs_assistant.engine.plans.stages import answer
from discogs_assistant.engine.shipping.tariffs import Tariff

__all__ = ["Parcel", "Plan", "best_plan", "plan_of"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Parcels by seller, and what they cover; `covered`, `unavailable`, `left_out` are rows of the wants.

    `unavailable` are wants of which fewer copies are offered than wanted; `left_out` all others that are not
    covered, but for those whose group is. `bound` is what no plan beats: minor units, or millionths of score
    for MOST. `gap` is how far a better plan may be, as a share: 0 where the plan is proven best.
    """

    question: Question
    parcels: tuple[Parcel, ...]
    total_minor: int
    score_micro: int
    covered: tuple[int, ...]
    unavailable: tuple[int, ...]
    left_out: tuple[int, ...]
    bound: int
    gap: float

    @property
    def proof(self) -> Proof:
        """Proven best, or within `gap` of it."""
        return Proof.WITHIN if self.gap else Proof.OPTIMAL

    @property
    def found(self) -> FoundPlan:
        """What is bought, without what is known of better plans."""
        return FoundPlan(self.parcels, frozenset(self.covered), self.total_minor, self.score_micro)


def best_plan(
    copies: Copies,
    wants: Wants,
    rules: PlanRules,
    tariffs: Sequence[Tariff | None] | None,
    *,
    deadline: Passed = never,
) -> Plan:
    """The plan that answers `rules.question`; `BadInputError` names required releases that cannot be bought.

    `tariffs` one per seller of the copies, or None where nothing is known of shipping: it costs nothing then.
    Nothing is bought from a seller whose tariff is None. After `deadline` the best plan found is returned.
    """
    reached = answer(build_problem(copies, wants, tariffs), rules, deadline)
    if reached is None:
        why = "were not met in time" if deadline() else "cannot be bought together within the limits"
        raise unmet(wants.release[wants.required], why)
    return plan_of(wants, short_of(copies, wants), rules.question, reached)


def plan_of(wants: Wants, short: Mask, question: Question, reached: Reached) -> Plan:
    """The result in rows of the wants; `short` (w,) are those of which too few copies are offered."""
    found = reached.found
    unavailable = np.flatnonzero(short).tolist()
    groups = {int(wants.group[row]) for row in found.covered}
    missing = set(range(len(wants))) - found.covered - set(unavailable)
    return Plan(
        question=question,
        parcels=found.parcels,
        total_minor=found.total_minor,
        score_micro=found.score_micro,
        covered=tuple(sorted(found.covered)),
        unavailable=tuple(unavailable),
        left_out=tuple(row for row in sorted(missing) if int(wants.group[row]) not in groups),
        bound=_bound(question, reached),
        gap=reached.gap,
    )


def _bound(question: Question, reached: Reached) -> int:
    """The bound of the last stage of what the question is about; of a score as it is, not as its negative."""
    measure = Measure.SCORE if question is Question.MOST else Measure.TOTAL
    bounds = [stage.bound for stage in reached.stages if stage.measure is measure]
    bound = bounds[-1] if bounds and abs(bounds[-1]) < inf else 0
    return measure.sign * int(bound)
