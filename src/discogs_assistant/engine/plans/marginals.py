"""What each want does to a plan's total, and the price at which one that is left out would be in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Mask
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.best_plan import Plan
from discogs_assistant.engine.plans.builder import build_problem
from discogs_assistant.engine.plans.found_plan import FoundPlan, Parcel, found_plan, parcels_of
from discogs_assistant.engine.plans.measures import Limits, Measure
from discogs_assistant.engine.plans.model import PlanModel
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants, never
from discogs_assistant.engine.plans.search import Search
from discogs_assistant.engine.plans.stages import limits_of
from discogs_assistant.engine.shipping.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class Marginal:
    """Of one want (a row of the wants); money in minor units, None where it is not known for sure.

    `adds_minor`: the total less the lowest total of the plan's other wants. `saves_minor`: what removing its
    copies from the plan as it stands saves; None where the rest of the parcel would not be sent.
    `enters_at_minor`: of a want that MOST leaves out the highest price a copy at which some seller would
    bring it into the plan; 0 where none would.
    """

    want: int
    adds_minor: int | None = None
    saves_minor: int | None = None
    enters_at_minor: int | None = None


def marginals(
    copies: Copies,
    wants: Wants,
    rules: PlanRules,
    tariffs: Sequence[Tariff | None] | None,
    plan: Plan,
    *,
    deadline: Passed = never,
) -> tuple[Marginal, ...]:
    """One for each want that `plan`, the answer to `rules`, covers or leaves out, by row.

    For a plan that is not proven best, only what removing saves is known.
    """
    problem = build_problem(copies, wants, tariffs)
    limits = limits_of(problem, rules)
    if rules.question is Question.FEWEST:
        limits = replace(limits, parcels=len(plan.parcels))
    covered = _Covered(problem, wants, plan, limits, deadline)
    found = [covered.marginal(row) for row in plan.covered]
    prices = _entries(problem, limits, plan, deadline)
    found += [Marginal(row, enters_at_minor=prices.get(row)) for row in plan.left_out]
    return tuple(sorted(found, key=lambda marginal: marginal.want))


def entries(
    copies: Copies,
    wants: Wants,
    rules: PlanRules,
    tariffs: Sequence[Tariff | None] | None,
    plan: Plan,
    *,
    deadline: Passed = never,
) -> dict[int, int]:
    """By row of the wants that `plan` leaves out the `enters_at_minor` of `Marginal`, where it is known.

    Each takes a model of its own: until the deadline those with the most score for their price come first.
    """
    problem = build_problem(copies, wants, tariffs)
    return _entries(problem, limits_of(problem, rules), plan, deadline)


def _entries(problem: PlanProblem, limits: Limits, plan: Plan, deadline: Passed) -> dict[int, int]:
    found = dict[int, int]()
    if plan.question is not Question.MOST or plan.gap:
        return found
    for row in _most_for_their_price(problem, plan.left_out):
        if deadline():
            break
        price = _entry_price(problem, limits, (plan.score_micro, plan.total_minor), row, deadline)
        if price is not None:
            found[row] = price
    return found


def _most_for_their_price(problem: PlanProblem, rows: Sequence[int]) -> list[int]:
    """Rows of wants in the order in which they would come into a plan, those that nobody offers last."""
    lowest = np.full(len(problem.need), inf)
    np.minimum.at(lowest, problem.want, problem.price)
    each = (problem.score / np.maximum(lowest * problem.need, 1.0)).tolist()
    worth = dict(zip(problem.wanted.tolist(), each, strict=True))
    return sorted(rows, key=lambda row: (-worth.get(row, -1.0), row))


class _Covered:
    """The wants of a plan, and the prices at which they are proven cheapest together."""

    def __init__(
        self, problem: PlanProblem, wants: Wants, plan: Plan, limits: Limits, deadline: Passed
    ) -> None:
        self._problem, _ = problem.keep(np.isin(problem.wanted[problem.want], plan.covered))
        self._wants, self._plan, self._deadline = wants, plan, deadline
        self._limits = Limits(parcels=limits.parcels, covered=self._problem.groups)
        self._prices = self._priced()

    def marginal(self, row: int) -> Marginal:
        """What the want adds and saves."""
        total = self._plan.total_minor
        rest = self._without_want(row)
        lowest = None if self._plan.gap or self._deadline() else self._lowest_without(row, rest)
        return Marginal(
            row,
            adds_minor=None if lowest is None else total - lowest,
            saves_minor=None if rest is None else total - rest.total_minor,
        )

    def _priced(self) -> Floats:
        if not self._problem.groups:
            return np.zeros(0)
        search = Search(self._problem, Measure.TOTAL, self._limits, self._deadline)
        search.run()
        return search.prices()

    def _without_want(self, row: int) -> FoundPlan | None:
        """The plan without the want; None where a parcel would not be sent."""
        parcels = []
        for bought in self._plan.parcels:
            left = self._left(bought, row)
            if left is None:
                return None
            if left.rows:
                parcels.append(left)
        covered = frozenset(self._plan.covered) - {row}
        score = self._plan.score_micro - int(self._wants.score[row])
        return FoundPlan(tuple(parcels), covered, sum(bought.total_minor for bought in parcels), score)

    def _left(self, bought: Parcel, row: int) -> Parcel | None:
        """What is left of a parcel, without rows where nothing is."""
        problem = self._problem
        rows, counts = np.array(bought.rows), np.array(bought.quantities)
        others = problem.copies.release[rows] != self._wants.release[row]
        if others.all():
            return bought
        if not others.any():
            return Parcel(bought.seller, (), (), 0, 0)
        rows, counts = rows[others], counts[others]
        left = parcels_of(problem, np.full(len(rows), bought.seller), rows, counts)
        return None if left is None else left[0]

    def _lowest_without(self, row: int, found: FoundPlan | None) -> int | None:
        """The lowest total of all wants but one; None where it is not proven."""
        problem = self._problem
        others, _ = problem.keep(problem.wanted[problem.want] != row)
        if not others.groups:
            return 0
        limits = replace(self._limits, covered=others.groups)
        search = Search(others, Measure.TOTAL, limits, self._deadline, found, self._prices)
        reached = search.run()
        return None if reached is None or reached.gap else reached.found.total_minor


def _entry_price(
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
