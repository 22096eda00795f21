"""A plan's problem as a mixed-integer model: copies taken, shops opened, bands of shipping used."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.plans.bands import ITEMS, Bands, Floats, bands_of, free_bands
from discogs_assistant.engine.plans.found_plan import FoundPlan, found_plan
from discogs_assistant.engine.plans.measures import Limits, Measure
from discogs_assistant.engine.plans.mixed_shipping import mixed_shipping
from discogs_assistant.engine.plans.offers import even_shops
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed
from discogs_assistant.engine.plans.solver import INF, Model, Solution


class PlanModel:
    """Columns and rows of any plan within limits, and by column the sums that they are about.

    The first columns are the copies taken of each offer; `covers` says of each want whether it is covered. A
    want is priced at its cheapest copies, and each offer at how much dearer it is: small numbers, in which
    HiGHS errs less.
    """

    def __init__(self, problem: PlanProblem, limits: Limits) -> None:
        model = self.model = Model()
        take = model.columns(problem.most)
        opens = model.columns(np.ones(len(problem.shops)))
        everything = limits.covered >= problem.groups
        certain = problem.required | (everything & (np.bincount(problem.group)[problem.group] == 1))
        self.covers = model.columns(np.ones(len(problem.need)), lower=certain)
        _all_or_none(model, problem, take, opens, self.covers, everything)
        _minimum_orders(model, problem, take, opens)
        columns, costs = _shipping(model, problem, take, opens)
        self.sums = {
            Measure.COVERED: _by_column(model, self.covers, 1.0),
            Measure.SCORE: _by_column(model, self.covers, problem.score),
            Measure.PARCELS: _by_column(model, opens, 1.0),
            Measure.TOTAL: _merchandise(model, problem, take, self.covers)
            + _by_column(model, columns, costs),
        }
        if limits.total < inf:
            model.limit(self.sums[Measure.TOTAL], upper=limits.total)
        if limits.parcels < len(problem.shops):
            model.limit(self.sums[Measure.PARCELS], upper=limits.parcels)
        if 0 < limits.covered < problem.groups:
            model.limit(self.sums[Measure.COVERED], lower=limits.covered)


def solve(
    problem: PlanProblem, measure: Measure, limits: Limits, deadline: Passed, known: float = inf
) -> tuple[FoundPlan | None, float]:
    """The plan that is best in `measure` within `limits`, of those found when the deadline passes; its bound.

    No plan where none was found that is better than `known`, and no bound above that; an infinite bound where
    there is none and nothing was known.
    """
    plan = PlanModel(problem, limits)
    if limits.score:
        plan.model.limit(plan.sums[Measure.SCORE], lower=limits.score)
    cost, best = measure.sign * plan.sums[measure], None
    large = plan.model.is_large(cost)
    if large and known < inf:
        plan.model.limit(cost, upper=known - 1)
    while True:
        solution = plan.model.solve(cost, deadline, inf if large else known - 0.5)
        found = _found(problem, solution, limits)
        if found is None or measure.of(found) >= known:
            break
        best = found
        if not large:
            break
        # In large numbers the best plan may lie just beside the one found: until none is better.
        plan.model.limit(cost, upper=measure.of(best) - 1)
    if best is not None and solution.bound == inf:
        return best, measure.of(best)
    bound = solution.bound if abs(solution.bound) == inf else ceil(solution.bound - _DOUBT)
    return best, min(bound, known)


_DOUBT = 1e-3
"""By how much HiGHS may err in a bound of a whole number."""


def _found(problem: PlanProblem, solution: Solution, limits: Limits) -> FoundPlan | None:
    """The plan of a solution, where it exists and is allowed in exact numbers as well."""
    if solution.values is None:
        return None
    found = found_plan(problem, np.round(solution.values[: len(problem.row)]).astype(np.int64))
    required = problem.wanted[problem.required].tolist()
    return found if found is not None and limits.allow(found) and found.covered.issuperset(required) else None


def _all_or_none(
    model: Model, problem: PlanProblem, take: Ints, opens: Ints, covers: Ints, everything: bool
) -> None:
    """All copies of a want or none, one want of a group at most, from shops that open."""
    filled = model.rows(len(covers), lower=0.0, upper=0.0)
    model.put(filled[problem.want], take, 1.0)
    model.put(filled, covers, -problem.need)
    once = model.rows(problem.groups, lower=everything, upper=1.0)
    model.put(once[problem.group], covers, 1.0)
    opened = model.rows(len(take), upper=0.0)
    model.put(opened, take, 1.0)
    model.put(opened, opens[problem.shop], -problem.most)


def _merchandise(model: Model, problem: PlanProblem, take: Ints, covers: Ints) -> Floats:
    lowest = np.full(len(problem.need), np.iinfo(np.int64).max)
    np.minimum.at(lowest, problem.want, problem.price)
    above = problem.price - lowest[problem.want]
    return _by_column(model, take, above) + _by_column(model, covers, lowest * problem.need)


def _by_column(model: Model, columns: Ints, factors: Floats | Ints | float) -> Floats:
    sums = np.zeros(model.width)
    np.add.at(sums, columns, factors)
    return sums


def _minimum_orders(model: Model, problem: PlanProblem, take: Ints, opens: Ints) -> None:
    floored = np.flatnonzero(problem.floor > 0)
    row = np.full(len(problem.shops), -1)
    row[floored] = model.rows(len(floored), lower=0.0)
    counted = row[problem.shop] >= 0
    model.put(row[problem.shop[counted]], take[counted], problem.worth[counted])
    model.put(row[floored], opens[floored], -problem.floor[floored])


def _shipping(model: Model, problem: PlanProblem, take: Ints, opens: Ints) -> tuple[Ints, Floats]:
    """The columns that shipping is summed from, and what each costs.

    A shop of one band for every load needs no more than its base and what each copy adds or, where that is
    rounded, a column for the next whole number. Else each band has a column that says it holds, and its load.
    """
    problem = _with_rough_bands(problem)
    bands, mixed = problem.bands, problem.bands.mixed()
    even = even_shops(problem, bands)
    only = bands.start[:-1]
    exact = np.flatnonzero(even)[bands.exact[only[even]]]
    rough = np.flatnonzero(even)[~bands.exact[only[even]]]
    slope = np.zeros(len(problem.shops))
    slope[exact] = bands.slope[only[exact]]
    rounded = _rounded(model, problem, bands, take, opens, rough)
    columns, costs = _banded(model, problem, bands, take, opens, ~even & ~mixed)
    others, more = mixed_shipping(model, problem, take, opens, mixed)
    return (
        np.concatenate([opens[exact], take, rounded, columns, others]),
        np.concatenate(
            [
                bands.base[only[exact]],
                slope[problem.shop] * problem.weight,
                np.ones(len(rounded)),
                costs,
                more,
            ]
        ),
    )


def _with_rough_bands(problem: PlanProblem) -> PlanProblem:
    """The problem with as few bands as hold what its offers come to; some costs are rounded to whole ones."""
    totals = problem.totals()
    if problem.tariffs is None:
        bands = free_bands(totals[ITEMS])
    else:
        bands = bands_of((problem.tariffs[shop] for shop in problem.shops), totals)
    weight = np.choose(bands.first_unit()[problem.shop], problem.measured())
    return replace(problem, bands=bands.dearer(problem.extra), weight=weight)


def _rounded(model: Model, problem: PlanProblem, bands: Bands, take: Ints, opens: Ints, shops: Ints) -> Ints:
    """The shipping of shops whose one band is rounded: a whole number no less than the line."""
    k = bands.start[shops]
    cost = model.columns(np.full(len(shops), INF))
    row = np.full(len(problem.shops), -1)
    row[shops] = model.rows(len(shops), lower=0.0)
    model.put(row[shops], cost, 1.0)
    model.put(row[shops], opens[shops], -bands.base[k])
    sent = row[problem.shop] >= 0
    slope = np.zeros(len(problem.shops))
    slope[shops] = bands.slope[k]
    model.put(row[problem.shop[sent]], take[sent], -(slope[problem.shop] * problem.weight)[sent])
    return cost


def _banded(
    model: Model, problem: PlanProblem, bands: Bands, take: Ints, opens: Ints, banded: np.ndarray
) -> tuple[Ints, Floats]:
    """Columns and costs of shops with bands: one holds where the shop opens, and the load lies in it."""
    owner = np.repeat(np.arange(len(problem.shops)), np.diff(bands.start))
    k = np.flatnonzero(banded[owner])
    owner, exact = owner[k], bands.exact[k]
    holds = model.columns(np.ones(len(k)))
    loads = model.columns(bands.high[k], whole=exact)
    holds_once, all_loads = (np.full(len(problem.shops), -1) for _ in range(2))
    shops = np.flatnonzero(banded)
    holds_once[shops] = model.rows(len(shops), lower=0.0, upper=0.0)
    model.put(holds_once[owner], holds, 1.0)
    model.put(holds_once[shops], opens[shops], -1.0)
    all_loads[shops] = model.rows(len(shops), lower=0.0, upper=0.0)
    sent = banded[problem.shop]
    model.put(all_loads[owner], loads, 1.0)
    model.put(all_loads[problem.shop[sent]], take[sent], -problem.weight[sent])
    for edge, sides in ((bands.low[k], {"lower": 0.0}), (bands.high[k], {"upper": 0.0})):
        row = model.rows(len(k), **sides)
        model.put(row, loads, 1.0)
        model.put(row, holds, -edge)
    rough = np.flatnonzero(~exact)
    cost = model.columns(np.full(len(rough), INF))
    row = model.rows(len(rough), lower=0.0)
    model.put(row, cost, 1.0)
    model.put(row, holds[rough], -bands.base[k[rough]])
    model.put(row, loads[rough], -bands.slope[k[rough]])
    return (
        np.concatenate([holds[exact], loads[exact], cost]),
        np.concatenate([bands.base[k[exact]], bands.slope[k[exact]], np.ones(len(rough))]),
    )
