"""The fewest parcels within a total: a plan by sets of shops, then the proof that one fewer is too dear.

Where every parcel costs `extra` more, no plan costs less than some bound b. A plan of n parcels within the
total t then has t + extra·n ≥ b, so that n ≥ (b − t) / extra (Lagrangian relaxation of the limit t).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.found_plan import FoundPlan
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached, Stage
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed
from discogs_assistant.engine.plans.search import Search
from discogs_assistant.engine.plans.shop_sets import ShopSets

_ITERATIONS = 6
_STEEPER, _STEEP = 4, 1.2

_TELLING = 1e-3
"""A gap up to which an `extra` says how many parcels a plan needs."""

_LARGE = 3_000_000
"""Parcels × wants from which sets of shops take longer than they save."""


@dataclass
class _Known:
    """The plan of fewest parcels so far, and how few are needed; `extra`, about what one fewer would cost."""

    found: FoundPlan
    least: int
    extra: int
    prices: Floats | None = None


def fewest_parcels(problem: PlanProblem, limits: Limits, found: FoundPlan, deadline: Passed) -> Reached:
    """The plan of fewest parcels within limits, of those the cheapest; `found` is one within them."""
    known = _by_sets(problem, limits, found)
    _compare(problem, limits, known, deadline)
    while known.least < len(known.found.parcels) and not deadline():
        if not _fewer(problem, limits, known, deadline):
            break
    few = Reached(known.found, (Stage(Measure.PARCELS, len(known.found.parcels), known.least),))
    lowest = _lowest(problem, replace(limits, parcels=len(known.found.parcels)), known, deadline)
    return few if lowest is None else lowest.after(few)


def _by_sets(problem: PlanProblem, limits: Limits, found: FoundPlan) -> _Known:
    """The plan of the smallest set of shops within limits that is quickly found; or `found`."""
    extra = int(limits.total) // (_STEEPER**2 * len(found.parcels))
    if len(found.parcels) * problem.groups > _LARGE:
        return _Known(found, 1, max(1, extra))
    sets = ShopSets(problem, np.array([parcel.seller for parcel in found.parcels]))
    few = {int(each.sum()): each for each in sets.descend() if each.sum() < len(found.parcels)}
    required = problem.wanted[problem.required].tolist()
    low, high = 0, len(few) + 1
    while high - low > 1:
        middle = (low + high) // 2
        plan = sets.plan(few[middle])
        if plan is not None and limits.allow(plan) and plan.covered.issuperset(required):
            high, found = middle, plan
        else:
            low = middle
    chosen = few.get(high)
    for size in range(low, 0, -1):
        chosen = sets.improved(few[size] if chosen is None else sets.smaller(chosen))
        plan = sets.plan(chosen)
        if plan is not None and len(plan.covered) >= limits.covered:
            extra = plan.total_minor - found.total_minor
        if plan is None or not (limits.allow(plan) and plan.covered.issuperset(required)):
            break
        found = plan
    return _Known(found, 1, max(1, extra))


def _compare(problem: PlanProblem, limits: Limits, known: _Known, deadline: Passed) -> None:
    """Looks for the most telling `extra`, where plans begin to cost more than the limit.

    Ends where plans and bounds are too far from each other to tell anything.
    """
    extra, prices, tried = known.extra, known.prices, dict[int, int]()
    for _ in range(_ITERATIONS):
        raised = replace(limits, total=inf, parcels=inf)
        search = Search(problem.dearer(extra), Measure.TOTAL, raised, deadline, prices=prices)
        reached = search.run(models=0)
        if reached is None:
            return
        prices = search.prices()
        plan = _cheaper(reached.found, extra)
        least = ceil((search.bound - limits.total) / extra)
        if least > known.least or known.prices is None:
            known.least, known.extra, known.prices = max(known.least, least), extra, prices
        if limits.allow(plan) and len(plan.parcels) < len(known.found.parcels):
            known.found = plan
        tried[extra] = plan.total_minor
        extra = _next(tried, limits.total)
        if reached.gap > _TELLING or known.least >= len(known.found.parcels) or deadline() or extra in tried:
            return


def _next(tried: Mapping[int, int], limit: float) -> int:
    """The `extra` at which a plan's total should be the limit, after the totals of those `tried`.

    Totals rise about as the logarithm of `extra` does.
    """
    below = sorted((extra, total) for extra, total in tried.items() if total <= limit)[-2:]
    above = sorted((extra, total) for extra, total in tried.items() if total > limit)
    if not below:
        return max(1, above[0][0] // _STEEPER)
    (low, least), (high, most) = below[-1], above[0] if above else below[0]
    if high == low:
        return _STEEPER * low
    if most == least:
        return ceil(_STEEP * high)
    share = (limit - least) / (most - least)
    if above:
        return int(low * (high / low) ** min(0.9, max(0.1, share)))
    return ceil(low * float(min(_STEEPER, (high / low) ** (1.1 * share)))) + 1


def _fewer(problem: PlanProblem, limits: Limits, known: _Known, deadline: Passed) -> bool:
    """Looks for a plan of fewer parcels; whether there is one, and learns how few are needed at least."""
    parcels = len(known.found.parcels)
    fewer = replace(limits, parcels=parcels - 1)
    left = _narrowed(problem, fewer, known, deadline)
    if left is None:
        known.least = parcels
        return False
    search = Search(left, Measure.TOTAL, fewer, deadline)
    reached = search.run()
    if reached is not None:
        known.found = reached.found
    elif search.bound > limits.total:
        known.least = parcels
    return reached is not None


def _lowest(problem: PlanProblem, limits: Limits, known: _Known, deadline: Passed) -> Reached | None:
    """The lowest total of so many parcels."""
    total = known.found.total_minor
    left = _narrowed(problem, replace(limits, total=total - 1), known, deadline)
    if left is None:
        return Reached(known.found, (Stage(Measure.TOTAL, total, total),))
    return Search(left, Measure.TOTAL, limits, deadline, known.found, known.prices).run()


def _narrowed(problem: PlanProblem, limits: Limits, known: _Known, deadline: Passed) -> PlanProblem | None:
    """What plans within the limits may buy; None where there is none."""
    most = int(limits.total) + known.extra * int(limits.parcels)
    raised = problem.dearer(known.extra)
    dear = replace(limits, total=most, parcels=inf)
    search = Search(raised, Measure.TOTAL, dear, deadline, prices=known.prices)
    left = search.narrowed()
    known.prices = search.prices()
    known.least = max(known.least, ceil((min(search.bound, most) - limits.total) / known.extra))
    return None if left is None else problem.keep(np.isin(problem.row, left.row))[0]


def _cheaper(found: FoundPlan, extra: int) -> FoundPlan:
    """The same plan where each parcel costs `extra` less."""
    parcels = tuple(replace(parcel, shipping_minor=parcel.shipping_minor - extra) for parcel in found.parcels)
    return replace(found, parcels=parcels, total_minor=found.total_minor - extra * len(parcels))
