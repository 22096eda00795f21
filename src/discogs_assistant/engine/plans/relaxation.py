"""The bound of a stage at prices that rise, and what it means for each offer.

Sums of prices are in floating point; how wrong they may be is added to every claim.
"""

from __future__ import annotations

from math import ceil, inf

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.bounds import Goal, State, ascend, bound_at
from discogs_assistant.engine.plans.measures import Measure
from discogs_assistant.engine.plans.offers import dearest, demand_of, price_range, stock_of, without_prices
from discogs_assistant.engine.plans.parcel_pricing import losses
from discogs_assistant.engine.plans.problem import PlanProblem

GRID = 2.0**16
"""Prices are whole multiples of 1/GRID of a minor unit, so that sums of them are exact in floating point."""

ROUNDING = 2.0**-50
"""By what share of its size a sum in floating point may be wrong for each of its terms, with some room."""


class Relaxation:
    """A problem without its wants' limits, which prices `state.u` stand for, one for each row of the wants.

    `u` and `move`, (w,): prices to begin from, the middle of their range where they are None, and the last
    step's direction.
    """

    _at: float
    _price: float
    _least: float

    def __init__(
        self, problem: PlanProblem, measure: Measure, goal: Goal, u: Floats | None, move: Floats
    ) -> None:
        self.problem, self._goal = problem, goal
        self.stock, self.demand = stock_of(problem), demand_of(problem)
        if measure is Measure.COVERED:
            self.demand = self.demand._replace(score=np.ones(len(problem.need)))
        lowest, highest = price_range(self.stock, problem.shop, problem.need)
        begin = (lowest + highest) / 2
        if goal.cap < len(problem.shops):
            # A want may have to be bought where it is dear, as not all shops may open.
            highest = dearest(self.stock, problem.shop, problem.need)
        if goal.most and goal.budget == inf:
            self.stock = without_prices(self.stock)
            lowest, highest = np.zeros(len(problem.need)), self.demand.score / problem.need
            begin = highest / 2
        self.state = _state(
            problem, bool(self.stock.mixed.any()), lowest, highest, begin if u is None else u, move
        )
        self._evaluate()
        if u is None and not goal.most:
            self._begin_lower()

    def ascend(self, known: float, length: float, steps: int) -> float:
        """Raises the bound by so many steps, the first of `length`; the length of the next."""
        _, length = ascend(self.stock, self.demand, self._goal, self.state, known, length, steps)
        self.state.u[:] = np.round(self.state.u * GRID) / GRID
        self._evaluate()
        return length

    def whole(self, loss: float) -> int:
        """The least whole value of plans that the bound and `loss` leave."""
        return ceil(self._at + loss - self._doubt)

    def wholes(self, loss: Floats) -> Floats:
        """(n,) the same for many losses."""
        return np.ceil(self._at + loss - self._doubt)

    def bound_of(self, goal: Goal) -> int:
        """What no plan is below for another goal at the same prices."""
        own, self._goal = self._goal, goal
        self._evaluate()
        whole = self.whole(0.0)
        self._goal = own
        self._evaluate()
        return whole

    def losses(self) -> Floats:
        """(n,) how much the bound rises where an offer is taken."""
        offer, band = np.empty(len(self.problem.row)), np.empty(len(self.stock.low))
        state = self.state
        losses(self.stock, state.u, state.order, state.value, self._least, offer, band)
        return offer * self._price

    def gain(self, wants: Ints) -> Floats:
        """What the bound loses by each of these wants being covered; negative where it is worth it."""
        demand = self.demand
        return self._price * self.state.u[wants] * demand.need[wants] - demand.score[wants]

    def _begin_lower(self) -> None:
        """From the cheapest copies' prices, where the bound is higher there.

        In the middle of the range parcels may seem to be worth more than their wants, where few may open or
        shipping is dear or in steps, and steps that are shares of such a bound lead nowhere.
        """
        middle, at = self.state.u.copy(), self._at
        cheapest = np.full(len(middle), inf)
        np.minimum.at(cheapest, self.stock.want, self.stock.price)
        self.state.u[:] = np.clip(np.floor(cheapest * GRID) / GRID, self.state.lowest, self.state.highest)
        self._evaluate()
        if self._at < at:
            self.state.u[:] = middle
            self._evaluate()

    def _evaluate(self) -> None:
        self._at, self._price, self._least = bound_at(self.stock, self.demand, self._goal, self.state)
        scale = abs(self._at) + self._price * float(np.abs(self.state.u * self.demand.need).sum())
        terms = len(self.problem.row) + len(self.problem.shops) + len(self.problem.need)
        self._doubt = 1e-6 + ROUNDING * (terms + 16) * scale


def _state(
    problem: PlanProblem, mixed: bool, lowest: Floats, highest: Floats, u: Floats, move: Floats
) -> State:
    shops = len(problem.shops)
    return State(
        u=u,
        lowest=lowest,
        highest=highest,
        order=np.tile(np.arange(len(problem.row)), (3 if mixed else 1, 1)),
        value=np.zeros(shops),
        taken=np.zeros(len(problem.row)),
        mark=np.zeros(len(problem.row)),
        opened=np.zeros(shops, dtype=np.bool_),
        chosen=np.zeros(problem.groups, dtype=np.int64),
        slack=np.zeros(len(problem.need)),
        move=move,
    )
