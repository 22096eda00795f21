"""The search for a best plan: a bound that rises, plans guessed at its prices, and a model of what is left.

Offers that would lift the bound above the best plan known are dropped on the way (fixing by reduced cost), so
that the model is of few offers, or nothing is left to solve.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.bounds import Goal
from discogs_assistant.engine.plans.found_plan import FoundPlan, found_plan
from discogs_assistant.engine.plans.heuristic import guess
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached, Stage
from discogs_assistant.engine.plans.model import solve
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.relaxation import Relaxation
from discogs_assistant.engine.plans.rules import Passed

STEPS = 60
"""Steps of the bound between two guesses."""

ITERATIONS = 12

NEAR = 0.03
"""Length of the first steps from prices that are nearly the best."""

SHORTEST = 1e-6
"""Length of a step from which the bound rises no more."""

GUESSES = 5

SMALLEST_CORE = 800
GROWTH = 4


class Search:
    """One stage of a question: the lowest total, or the most wants or score, held as a negative value.

    Within `limits` (of which a score does not count); from `found` and from `prices` by row of the wants
    where they are given.
    """

    def __init__(
        self,
        problem: PlanProblem,
        measure: Measure,
        limits: Limits,
        deadline: Passed,
        found: FoundPlan | None = None,
        prices: Floats | None = None,
    ) -> None:
        self.problem = problem
        self.found = found
        self._rows = int(problem.wanted.max(initial=-1)) + 1
        self._measure = measure
        self._limits = limits
        self._deadline = deadline
        self._required = problem.wanted[problem.required].tolist()
        most = measure.sign < 0
        cap = int(min(limits.parcels, len(problem.shops) + 1))
        self._goal = Goal(most, limits.covered, cap, float(limits.total) if most else inf)
        self._known: float = inf if most else limits.total + 1
        if found is not None:
            self._known = measure.of(found)
        self._bound = float(-self._highest() if most else 0)
        self._length = 1.0 if prices is None else NEAR
        self._start(None if prices is None else prices[problem.wanted], np.zeros(len(problem.need)))

    def _highest(self) -> int:
        """The score of everything, or the number of all groups."""
        if self._measure is Measure.COVERED:
            return self.problem.groups
        best = np.zeros(self.problem.groups, dtype=np.int64)
        np.maximum.at(best, self.problem.group, self.problem.score)
        return sum(best.tolist())

    def run(self, models: float = inf) -> Reached | None:
        """The best plan found and its bound after so many models; None where none within limits was found."""
        if not self._enough(self.problem):
            self._bound = self._known
        for _ in range(ITERATIONS):
            if self._closed:
                break
            self._raise_bound()
            self._guess()
            self.shrink()
            if self._length < SHORTEST or self._deadline():
                break
        size = SMALLEST_CORE if self._goal.most else max(SMALLEST_CORE, 2 * len(self.problem.need))
        whole = False
        while models > 0 and not (self._closed or whole or self._deadline()):
            whole = self._solve_core(size)
            size, models = size * GROWTH, models - 1
        if self.found is None:
            return None
        return Reached(self.found, (Stage(self._measure, self._measure.of(self.found), self._bound),))

    def bounded(self, iterations: int) -> float:
        """The bound after so many rounds of steps, without guesses."""
        if not self._enough(self.problem):
            self._bound = self._known
        for _ in range(iterations):
            if self._closed or self._length < SHORTEST:
                break
            self._raise_bound()
        return self._bound

    def bound_of(self, parcels: int, covered: int) -> int:
        """The bound of a total of so many parcels and groups at the same prices."""
        return self._relaxed.bound_of(self._goal._replace(cap=parcels, cover=covered))

    def narrowed(self) -> PlanProblem | None:
        """What plans within the limits may buy; None where there is none."""
        if not self._enough(self.problem):
            return None
        for _ in range(ITERATIONS):
            self._raise_bound()
            self.shrink()
            if self._closed:
                return None
            if self._length < SHORTEST or self._deadline():
                break
        return self.problem

    def prices(self) -> Floats:
        """Prices by row of the wants, as many as there are; 0 for those that are not in the problem."""
        prices = np.zeros(self._rows)
        prices[self._relaxed.problem.wanted] = self._relaxed.state.u
        return prices

    @property
    def bound(self) -> float:
        """What no plan is below; above every limit where there is none."""
        return self._bound

    @property
    def _closed(self) -> bool:
        """True where no plan is better than the one known."""
        return self._bound >= self._known

    def _enough(self, problem: PlanProblem) -> bool:
        """True where `problem` still has what any answer covers."""
        return problem.groups >= max(1, self._goal.cover) and problem.required.sum() == len(self._required)

    def _start(self, u: Floats | None, move: Floats) -> None:
        self._relaxed = Relaxation(self.problem, self._measure, self._goal, u, move)

    def _raise_bound(self) -> None:
        self._length = self._relaxed.ascend(float(self._known), self._length, STEPS)
        # What was dropped is no better than the plan known, so that the bound ends there.
        self._bound = max(self._bound, min(self._known, self._relaxed.whole(0.0)))

    def _guess(self) -> None:
        if self._closed:
            return
        stock, state, demand = self._relaxed.stock, self._relaxed.state, self._relaxed.demand
        wants = state.chosen[state.chosen >= 0]
        if self._goal.most:
            gain = np.where(demand.required[wants], -inf, self._relaxed.gain(wants))
            wants = wants[np.argsort(gain, kind="stable")]
        goal = self._goal
        for _ in range(GUESSES):
            taken, sent = guess(stock, demand, goal, state.opened, state.mark, wants)
            found = found_plan(self.problem, taken.astype(np.int64)) if sent else None
            if found is None or found.total_minor <= self._goal.budget:
                self._consider(found)
                return
            # Where bands hold, what is bought costs more than it seemed to: leave out as much.
            goal = goal._replace(budget=goal.budget - (found.total_minor - self._goal.budget))

    def _consider(self, found: FoundPlan | None) -> None:
        """Keeps `found` where it is allowed and better than what is known."""
        goal = self._goal
        if (
            found is None
            or len(found.parcels) > goal.cap
            or len(found.covered) < goal.cover
            or found.total_minor > goal.budget
            or not self._covers_required(found)
        ):
            return
        value = self._measure.of(found)
        if value < self._known:
            self.found, self._known = found, value

    def _covers_required(self, found: FoundPlan) -> bool:
        return found.covered.issuperset(self._required)

    def _left(self, loss: Floats) -> Mask:
        """(n,) offers that a better plan may take; of a highest score also one as good."""
        values = self._relaxed.wholes(loss)
        return values <= self._known if self._goal.most else values < self._known

    def shrink(self) -> None:
        """Drops the offers that no better plan takes; of a highest score, none as good."""
        over = self._closed and not self._goal.most
        if over or self._known == inf or not self._enough(self.problem):
            return
        kept = self._left(self._relaxed.losses())
        if kept.all():
            return
        self.problem, wants = self.problem.keep(kept)
        if self._enough(self.problem):
            self._start(self._relaxed.state.u[wants], self._relaxed.state.move[wants])
        else:
            self._bound = self._known

    def _solve_core(self, size: int) -> bool:
        """Solves the model of about `size` offers that may be in a better plan; whether all that may were."""
        loss = self._relaxed.losses()
        left = self._left(loss)
        core = _promising(loss, left, self.problem.want, size, 0 if self._goal.most else 2)
        rest = left & ~core
        outside = self._relaxed.whole(float(loss[rest].min())) if rest.any() else inf
        problem, _ = self.problem.keep(core)
        bound: float = inf
        if self._enough(problem):
            limits = self._limits if self._goal.most else replace(self._limits, total=self._known - 1)
            found, bound = solve(problem, self._measure, limits, self._deadline, self._known)
            self._consider(found)
        self._bound = max(self._bound, min(self._known, outside, bound))
        self.shrink()
        return not rest.any()


def _promising(loss: Floats, left: Mask, want: Ints, size: int, each: int) -> Mask:
    """(n,) of those left the `size` that lift the bound least and `each` of a want; all, if not many more."""
    if left.sum() <= 1.5 * size:
        return left
    order = np.lexsort((loss, want))
    ranked = want[order]
    place = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    best = np.zeros(len(order), dtype=np.bool_)
    best[order] = place < each
    best[np.argsort(loss, kind="stable")[:size]] = True
    return best & left
