"""Total against number of parcels: what one seller more saves."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.best_plan import Plan, plan_of
from discogs_assistant.engine.plans.builder import build_problem, short_of
from discogs_assistant.engine.plans.curve_points import CurvePoints
from discogs_assistant.engine.plans.found_plan import NOTHING_BOUGHT
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached
from discogs_assistant.engine.plans.most_groups import WORK, sets_with
from discogs_assistant.engine.plans.offers import stock_of
from discogs_assistant.engine.plans.problem import PlanProblem
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants, never
from discogs_assistant.engine.plans.search import Search
from discogs_assistant.engine.plans.shop_sets import ShopSets
from discogs_assistant.engine.plans.stages import NOTHING_REACHED, limits_of, widest
from discogs_assistant.engine.shipping.tariffs import Tariff

PATIENCE = (0.5, 4.0, inf)
"""Seconds for the proof of one point, in one round after the other over all points."""

BOUNDED = 48
"""Points that each get a bound before proofs begin; of more, half as many do, which others share."""

ROUNDS = 2
"""Of steps of the bound of each point, before proofs begin."""

BEGINNING, SWAPPING, BUYING = 1.0, 1.0, 1.0
"""Seconds at most for the cheapest plan, for swaps of shops, and for better buying from some shops."""


def curve(
    copies: Copies,
    wants: Wants,
    rules: PlanRules,
    tariffs: Sequence[Tariff | None] | None,
    *,
    cheapest: Plan | None = None,
    deadline: Passed = never,
) -> Iterator[tuple[Plan, ...]]:
    """The cheapest plans of at most 1, 2, … sellers as far as known, again and again; the last is final.

    Each covers the most wants that so many sellers can, at the lowest total. They go up to as many sellers as
    the cheapest of all has, fewest first; a number that the required wants forbid, or that is no better than
    a smaller one, is missing. No plan gets worse. Without a deadline all are proven in the end, else they
    come with their gaps. The question does not matter. `cheapest` is the best plan by the same rules, where
    it is known already.
    """
    problem = build_problem(copies, wants, tariffs)
    limits, short = limits_of(problem, rules), short_of(copies, wants)
    shown: dict[int, tuple[Reached, Plan]] | None = None
    for points in _pictures(problem, limits, cheapest, deadline):
        before = shown or {}
        picture = dict[int, tuple[Reached, Plan]]()
        for point in points:
            parcels = len(point.found.parcels)
            known = before.get(parcels)
            picture[parcels] = (
                known
                if known is not None and known[0] == point
                else (point, plan_of(wants, short, Question.CHEAPEST, point))
            )
        if picture != shown:
            yield tuple(plan for _, plan in picture.values())
        shown = picture


def _pictures(
    problem: PlanProblem, limits: Limits, cheapest: Plan | None, deadline: Passed
) -> Iterator[list[Reached]]:
    if not problem.groups or limits.parcels <= 0:
        yield [] if problem.required.any() else [NOTHING_REACHED]
        return
    search = _CurveSearch(problem, limits, deadline)
    for _ in search.run(cheapest):
        yield search.points.reached()


class _CurveSearch:
    """Plans for all points at first, then bounds for all, and then proofs, the smallest gap first."""

    def __init__(self, problem: PlanProblem, limits: Limits, deadline: Passed) -> None:
        self._problem, self._limits, self._deadline = problem, limits, deadline
        self.points = CurvePoints(problem, limits)
        self._prices = dict[int, Floats]()

    def run(self, cheapest: Plan | None) -> Iterator[None]:
        """Yields whenever the points may have changed."""
        self.points.offer(NOTHING_BOUGHT)
        if cheapest is None:
            self._begin()
        else:
            self.points.offer(cheapest.found)
            self.points.bound_total(self.points.top, len(cheapest.covered), cheapest.bound)
        sets = ShopSets(self._problem, self._sellers())
        chosen = self._few(sets)
        yield
        self._swap(sets, chosen)
        yield
        self._buy_better()
        yield
        self._bound()
        yield
        self._try_all_sets()
        yield
        for seconds in (inf,) if self._deadline is never else PATIENCE:
            for parcels in self.points.open():
                if self._deadline():
                    break
                self._prove(parcels, within(seconds, self._deadline))
                yield

    def _begin(self) -> None:
        """A plan with all wants, of any number of parcels."""
        passed = within(BEGINNING, self._deadline)
        whole = Limits(covered=self._problem.groups)
        reached = Search(self._problem, Measure.TOTAL, whole, passed).run()
        if reached is not None:
            self.points.offer(reached.found)
            self.points.bound_total(self.points.top, whole.covered, reached.stages[-1].bound)

    def _sellers(self) -> Ints:
        """Those of the best plan."""
        found = self.points[self.points.top].found
        return np.array([] if found is None else [parcel.seller for parcel in found.parcels], dtype=np.int64)

    def _few(self, sets: ShopSets) -> dict[int, Mask]:
        """A set for each number of shops, and the plans that they make."""
        largest = self.points.last
        chosen = {int(each.sum()): each for each in sets.descend() if each.sum() <= largest}
        for size in _spread(max(chosen)):
            self.points.offer(sets.plan(chosen[size], self._limits.total))
            if self._deadline():
                break
        return chosen

    def _swap(self, sets: ShopSets, chosen: dict[int, Mask]) -> None:
        """Better sets: by swaps, from those of one shop more and then from those of one less."""
        passed = within(SWAPPING, self._deadline)
        changed = set[int]()
        for step in (-1, 1):
            for size in sorted(chosen, reverse=step < 0):
                if passed():
                    break
                starts = [chosen[size]] if step < 0 else []
                if size - step in chosen:
                    nearby = chosen[size - step]
                    starts.append(sets.smaller(nearby) if step < 0 else sets.larger(nearby))
                best = min([chosen[size], *map(sets.improved, starts)], key=sets.value)
                if sets.value(best) < sets.value(chosen[size]):
                    chosen[size] = best
                    changed.add(size)
        for size in sorted(changed):
            self.points.offer(sets.plan(chosen[size], self._limits.total))

    def _buy_better(self) -> None:
        """Buys again from the same shops where shipping is in steps, which sets of shops take for a line."""
        if stock_of(self._problem).linear.all():
            return
        passed = within(BUYING, self._deadline)
        for parcels in _spread(self.points.last):
            if passed():
                break
            found = self.points[parcels].found
            if found is None or len(found.parcels) != parcels:
                continue
            sellers = [parcel.seller for parcel in found.parcels]
            problem, _ = self._problem.keep(np.isin(self._problem.shops, sellers)[self._problem.shop])
            limits = replace(self._limits, parcels=parcels, covered=len(found.covered))
            reached = Search(problem, Measure.TOTAL, limits, self._deadline, found).run(models=0)
            self.points.offer(None if reached is None else reached.found)

    def _try_all_sets(self) -> None:
        """Proves points of few parcels by all sets of so many shops that may cover as much."""
        work = WORK
        for parcels in range(1, self.points.last):
            if self._deadline() or self.points[parcels].covered == self._problem.groups:
                break
            sets, work = sets_with(self._problem, parcels, self.points[parcels].covered, work)
            if sets is None:
                break
            self._buy_from(sets, parcels)

    def _buy_from(self, sets: Sequence[Ints], parcels: int) -> None:
        """Proves a point by the best plan of each of the sets that have as many groups as the plan known."""
        left = [self._problem.keep(np.isin(self._problem.shop, shops))[0] for shops in sets]
        most = max(problem.groups for problem in left)
        left = [problem for problem in left if problem.groups == most]
        self.points.bound_covered(parcels, most)
        limits, point = replace(self._limits, parcels=parcels, covered=most), self.points[parcels]
        bounds = []
        for problem in left:
            known = point.found if point.covered == most else None
            reached = Search(problem, Measure.TOTAL, limits, self._deadline, known).run(models=0)
            if reached is None:
                return
            self.points.offer(reached.found)
            bounds.append(reached.stages[-1].bound)
        self.points.bound_total(parcels, most, min(bounds))

    def _bound(self) -> None:
        """Bounds by prices of the wants, which change little from one point to the next."""
        numbers = [*range(1, self.points.last), self.points.top]
        apart = 1 if len(numbers) <= BOUNDED else -(-2 * len(numbers) // BOUNDED)
        for parcels in numbers[::apart]:
            point = self.points[parcels]
            if self._deadline() or point.covered == self._problem.groups:
                break
            if point.found is not None and point.covered < point.most:
                most = -int(self._search(Measure.COVERED, parcels, self._deadline).bounded(ROUNDS))
                self.points.bound_covered(parcels, most)
                if most >= self._problem.groups - 1:
                    break
        fewer = numbers[::-apart]
        for sweep in (fewer, fewer[::-1])[: 2 if apart == 1 else 1]:
            prices: Floats | None = None
            for parcels in sweep:
                if self._deadline():
                    return
                prices = self._bound_total(parcels, apart, prices)

    def _bound_total(self, parcels: int, apart: int, prices: Floats | None) -> Floats | None:
        """Bounds the total of a point and of those nearby, from prices of wants; the prices of its bound."""
        point = self.points[parcels]
        if point.found is None or point.lowest >= point.found.total_minor:
            return prices
        search = self._search(Measure.TOTAL, parcels, self._deadline, prices)
        self.points.bound_total(parcels, point.covered, search.bounded(ROUNDS))
        for nearby in range(parcels - 1, max(0, parcels - apart), -1):
            covered = self.points[nearby].covered
            self.points.bound_total(nearby, covered, search.bound_of(nearby, covered))
        prices = search.prices()
        for nearby in range(parcels, max(0, parcels - apart), -1):
            self._prices[nearby] = prices
        return prices

    def _search(
        self, measure: Measure, parcels: int, deadline: Passed, prices: Floats | None = None
    ) -> Search:
        """One stage of a point, from the plan known; a total is that of as many wants."""
        point, limits = self.points[parcels], replace(self._limits, parcels=parcels)
        if measure is Measure.TOTAL:
            limits = replace(limits, covered=point.covered)
        return Search(self._problem, measure, limits, deadline, point.found, prices)

    def _prove(self, parcels: int, deadline: Passed) -> None:
        """Proves a point with models, or finds a better plan."""
        point, limits = self.points[parcels], replace(self._limits, parcels=parcels)
        if point.found is None:
            reached = widest(self._problem, limits, deadline)
            if reached is not None:
                self.points.offer(reached.found)
            elif not deadline():
                self.points.bound_covered(parcels, -1)
                return
        if point.covered < point.most:
            reached = self._search(Measure.COVERED, parcels, deadline).run()
            if reached is not None:
                self.points.offer(reached.found)
                self.points.bound_covered(parcels, -int(reached.stages[-1].bound))
        if point.covered == point.most and point.open:
            reached = self._search(Measure.TOTAL, parcels, deadline, self._prices.get(parcels)).run()
            if reached is not None:
                self.points.offer(reached.found)
                self.points.bound_total(parcels, point.covered, reached.stages[-1].bound)


def within(seconds: float, deadline: Passed) -> Passed:
    """Passed after so many seconds, or when the deadline is; never where both are endless."""
    if seconds == inf or deadline is never:
        return deadline
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end or deadline()


def _spread(count: int) -> list[int]:
    """The numbers from `count` to 1, those far from each other first."""
    numbers, step = list[int](), 1
    while step < count:
        step *= 2
    while step:
        numbers += [n for n in range(count, 0, -step) if n not in numbers]
        step //= 2
    return numbers
