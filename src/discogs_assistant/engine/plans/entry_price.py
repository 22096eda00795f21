"""The price at which a want that is left out would be in the plan with the highest score."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from discogs_assistant.engine.carts.copies import Mask
from discogs_assistant.engine.plans.found_plan import found_plan
from discogs_assistant.engine.plans.measures import Limits, Measure
from discogs_assistant.engine.plans.model import PlanModel
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed


def entry_price(
    problem: PlanProblem, limits: Limits, best: tuple[int, int], row: int, deadline: Passed
) -> int | None:
    """The highest price of a copy of the want in `row` at which the plan is no longer the best; 0 if at none.

    `best` is that plan's score and total. The price is what is left for the copies in a plan with them that
    scores more within the budget, or as much for a lower total. None where that is not known in time, or
    where somebody's shipping or minimum order would change with the price.
    """
    asked = problem.wanted[problem.want] == row
    if limits.total == inf or not asked.any() or not _plain(problem)[problem.shop[asked]].all():
        return None
    required = problem.required | (problem.wanted == row)
    free = replace(problem, required=required, price=np.where(asked, 0, problem.price))
    score, total = best
    plan = PlanModel(free, limits)
    better = plan.model.columns([1.0])[0]
    scores, costs = (plan.model.padded(plan.sums[measure]) for measure in (Measure.SCORE, Measure.TOTAL))
    spare = limits.total - (total - 1)
    scores[better], costs[better] = -1.0, -spare
    plan.model.limit(scores, lower=score)
    solution = plan.model.solve(costs, deadline)
    if solution.values is None:
        return 0 if solution.bound == inf else None
    taken = np.round(solution.values[: len(free.row)]).astype(np.int64)
    scores_more = bool(solution.values[better] > 0.5)
    found = found_plan(free, taken)
    if found is None or found.score_micro < score + scores_more:
        return None
    paid = int((problem.price * taken)[asked].sum())
    cost = found.total_minor - paid - (spare if scores_more else 0)
    if solution.bound < cost - 0.5:
        return None
    return max(0, int(total - 1 - cost) // int(free.need[free.wanted == row][0]))


def _plain(problem: PlanProblem) -> Mask:
    """(s,) shops whose shipping and minimum order do not depend on prices."""
    tariffs = problem.tariffs
    if tariffs is None:
        return np.ones(len(problem.shops), dtype=np.bool_)
    plain: Mask = problem.floor == 0
    by_value = [
        tariff is not None and tariff.by_value for tariff in (tariffs[shop] for shop in problem.shops)
    ]
    plain &= ~np.array(by_value, dtype=np.bool_)
    return plain
