"""The questions of a plan as stages, each of which binds what the one before it reached."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor, inf

from discogs_assistant.engine.plans.fewest_parcels import fewest_parcels
from discogs_assistant.engine.plans.found_plan import NOTHING_BOUGHT, FoundPlan
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached, Stage
from discogs_assistant.engine.plans.model import solve
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question
from discogs_assistant.engine.plans.search import Search

NOTHING_REACHED = Reached(
    NOTHING_BOUGHT, tuple(Stage(measure, 0, 0) for measure in (Measure.COVERED, Measure.SCORE, Measure.TOTAL))
)


def answer(problem: PlanProblem, rules: PlanRules, deadline: Passed) -> Reached | None:
    """The plan that answers the question; None where none that holds the required wants was found."""
    limits = limits_of(problem, rules)
    if not problem.groups or limits.parcels <= 0:
        return None if problem.required.any() else NOTHING_REACHED
    match rules.question:
        case Question.CHEAPEST:
            return cheapest(problem, limits, deadline)
        case Question.MOST:
            return most(problem, limits, deadline)
        case Question.FEWEST:
            return fewest(problem, limits, rules.premium, deadline)


def limits_of(problem: PlanProblem, rules: PlanRules) -> Limits:
    """The limits that hold in every stage."""
    return Limits(
        total=inf if rules.budget_minor is None else rules.budget_minor,
        parcels=len(problem.shops) if rules.max_sellers is None else rules.max_sellers,
    )


def cheapest(problem: PlanProblem, limits: Limits, deadline: Passed) -> Reached | None:
    """The most wants, then the lowest total. All wants without limits come first, as limits seldom bind."""
    free = Search(problem, Measure.TOTAL, Limits(covered=problem.groups), deadline).run()
    if free is not None and _within(free.found, limits):
        return free
    if free is not None and len(free.found.parcels) > limits.parcels:
        capped = everything(problem, limits, deadline)
        if capped is not None:
            return capped
    return widest(problem, limits, deadline)


def everything(problem: PlanProblem, limits: Limits, deadline: Passed) -> Reached | None:
    """The lowest total of all wants within limits."""
    return Search(problem, Measure.TOTAL, replace(limits, covered=problem.groups), deadline).run()


def widest(problem: PlanProblem, limits: Limits, deadline: Passed) -> Reached | None:
    """The most wants within limits, then the lowest total."""
    most_wants = Search(problem, Measure.COVERED, limits, deadline, _nothing(problem)).run()
    if most_wants is None:
        return None
    limits = replace(limits, covered=len(most_wants.found.covered))
    lowest = Search(problem, Measure.TOTAL, limits, deadline, most_wants.found).run()
    return most_wants if lowest is None else lowest.after(most_wants)


def most(problem: PlanProblem, limits: Limits, deadline: Passed) -> Reached | None:
    """The highest score, then the lowest total."""
    search = Search(problem, Measure.SCORE, limits, deadline, _nothing(problem))
    highest = search.run()
    if highest is None:
        return None
    search.shrink()
    limits = replace(limits, total=highest.found.total_minor, score=highest.found.score_micro)
    return _lowest(search.problem, limits, highest, deadline)


def fewest(problem: PlanProblem, limits: Limits, premium: Fraction, deadline: Passed) -> Reached | None:
    """As many wants as the cheapest for little more, from the fewest sellers, then the lowest total."""
    base = cheapest(problem, limits, deadline)
    if base is None or len(base.found.parcels) <= 1:
        return base
    limits = Limits(
        total=min(limits.total, floor(base.found.total_minor * (1 + Fraction(premium)))),
        parcels=len(base.found.parcels),
        covered=len(base.found.covered),
    )
    return fewest_parcels(problem, limits, base.found, deadline).after(base)


def _lowest(problem: PlanProblem, limits: Limits, reached: Reached, deadline: Passed) -> Reached:
    """The lowest total of plans as good as the one reached."""
    found, bound = reached.found, 0.0
    if problem.groups:
        cheaper, bound = solve(problem, Measure.TOTAL, limits, deadline, found.total_minor)
        found = found if cheaper is None else cheaper
    return Reached(found, (Stage(Measure.TOTAL, found.total_minor, max(0, bound)),)).after(reached)


def _nothing(problem: PlanProblem) -> FoundPlan | None:
    """The plan that buys nothing, where no want is required."""
    return None if problem.required.any() else NOTHING_BOUGHT


def _within(found: FoundPlan, limits: Limits) -> bool:
    return len(found.parcels) <= limits.parcels and found.total_minor <= limits.total
