"""Total against number of parcels: what one seller more saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.plans.best_plan import Plan, plan_of
from discogs_assistant.engine.plans.builder import build_problem
from discogs_assistant.engine.plans.measures import Reached
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants, never
from discogs_assistant.engine.plans.stages import answer, everything, limits_of, widest
from discogs_assistant.engine.shipping.tariffs import Tariff


def curve(
    copies: Copies,
    wants: Wants,
    rules: PlanRules,
    tariffs: Sequence[Tariff | None] | None,
    *,
    deadline: Passed = never,
) -> tuple[Plan, ...]:
    """The cheapest plan of at most 1, 2, … sellers, up to as many as the cheapest of all has.

    Each covers the most wants that so many sellers can, at the lowest total. Points that the required wants
    forbid are missing, as are those for which no time was left, fewest sellers first. The question does not
    matter.
    """
    problem = build_problem(copies, wants, tariffs)
    rules = replace(rules, question=Question.CHEAPEST)
    points: list[Reached] = []
    reached = answer(problem, rules, deadline)
    whole = reached is not None and len(reached.found.covered) == problem.groups
    while reached is not None:
        points.append(reached)
        cap = len(reached.found.parcels) - 1
        if cap < 1 or deadline():
            break
        limits = replace(limits_of(problem, rules), parcels=cap)
        reached = everything(problem, limits, deadline) if whole else None
        if reached is None:
            whole = False
            reached = widest(problem, limits, deadline)
    return tuple(plan_of(copies, wants, Question.CHEAPEST, point) for point in reversed(points))
