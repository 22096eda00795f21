"""Good sets of few shops: the least useful shop is dropped, then one shop is swapped for another.

Each want is bought where it costs least in the set, as in the p-median problem (Teitz and Bart 1968; all
swaps are valued at once as by Schubert and Rousseeuw 2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.bounds import Goal
from discogs_assistant.engine.plans.found_plan import FoundPlan, found_plan
from discogs_assistant.engine.plans.heuristic import guess
from discogs_assistant.engine.plans.offers import Stock, demand_of, stock_of
from discogs_assistant.engine.plans.problem import PlanProblem

CANDIDATES = 200
"""Shops that sets are made of besides those given: so many with the most wants."""

SWAPS = 30
"""Swaps from one set at most; fewer where that many costs at once are more than `WORK`."""

WORK = 30_000_000


@dataclass(frozen=True, slots=True)
class _Nearest:
    """For each group (g,): the place of its cheapest shop in the set, its cost there, and the next cost."""

    place: Ints
    cost: Floats
    second: Floats

    @property
    def more(self) -> Floats:
        """What each group costs more without its shop."""
        return self.second - self.cost


class ShopSets:
    """Sets of m candidate shops, each a mask (m,), for the most groups and then the lowest total.

    Shipping in steps counts as a line, so that what a set costs is only about right; `plan` is exact.
    """

    def __init__(self, problem: PlanProblem, given: Ints) -> None:
        self._problem = problem
        stock = stock_of(problem)
        self._base, self._rate = _lines(stock)
        self.shops = _candidates(problem, given)
        self._fixed = self._base[self.shops]
        self._cost, self._want = _costs(problem, stock, self._rate, self.shops)
        self._missing = self._fill_missing()

    def descend(self) -> Iterator[Mask]:
        """All candidates, then without the shop whose loss is least, and so on down to one."""
        chosen = np.ones(len(self.shops), dtype=np.bool_)
        best, lowest, other, second = self._two_best(np.flatnonzero(chosen), np.arange(self._cost.shape[1]))
        for _ in range(1, len(chosen)):
            yield chosen.copy()
            loss = np.bincount(best, second - lowest, len(chosen)) - self._fixed
            dropped = int(np.argmin(np.where(chosen, loss, inf)))
            chosen[dropped] = False
            groups = np.flatnonzero((best == dropped) | (other == dropped))
            best[groups], lowest[groups], other[groups], second[groups] = self._two_best(
                np.flatnonzero(chosen), groups
            )
        yield chosen

    def smaller(self, chosen: Mask) -> Mask:
        """The set without the shop whose loss is least."""
        members, nearest = np.flatnonzero(chosen), self._nearest(chosen)
        loss = np.bincount(nearest.place, nearest.more, len(members)) - self._fixed[members]
        left = chosen.copy()
        left[members[np.argmin(loss)]] = False
        return left

    def larger(self, chosen: Mask) -> Mask:
        """The set with the shop that helps most; the set itself where there is no other."""
        others = np.flatnonzero(~chosen)
        more = chosen.copy()
        if len(others):
            saved = np.minimum(self._cost[others] - self._nearest(chosen).cost, 0.0).sum(axis=1)
            more[others[np.argmin(saved + self._fixed[others])]] = True
        return more

    def improved(self, chosen: Mask) -> Mask:
        """The set after the swaps that help most, as long as one does."""
        chosen = chosen.copy()
        for _ in range(min(SWAPS, WORK // self._cost.size)):
            members, others = np.flatnonzero(chosen), np.flatnonzero(~chosen)
            if not len(others):
                break
            change = self._changes(chosen, members, others)
            best = int(np.argmin(change))
            if change.flat[best] > -0.5:
                break
            chosen[others[best // len(members)]], chosen[members[best % len(members)]] = True, False
        return chosen

    def value(self, chosen: Mask) -> float:
        """About what the set costs, where each group that it lacks costs more than everything."""
        return float(self._nearest(chosen).cost.sum() + self._fixed[chosen].sum())

    def plan(self, chosen: Mask, budget: float = inf) -> FoundPlan | None:
        """What is bought from the set for the budget, cheapest wants first; None if it is not sent."""
        cost = np.where(chosen[:, None], self._cost, inf)
        place = np.argmin(cost, axis=0)
        groups = np.flatnonzero(cost[place, np.arange(len(place))] < self._missing)
        wants = self._want[place[groups], groups]
        offers = np.zeros(len(self._problem.shops), dtype=np.bool_)
        offers[self.shops[chosen]] = True
        asked = np.zeros(len(self._problem.need), dtype=np.bool_)
        asked[wants] = True
        left, kept = self._problem.keep(offers[self._problem.shop] & asked[self._problem.want])
        if not left.groups:
            return None
        price = np.zeros(len(self._problem.need))
        price[wants] = np.where(self._problem.required[wants], -inf, cost[place[groups], groups])
        shops, stock = np.flatnonzero(np.isin(self._problem.shops, left.shops)), stock_of(left)
        taken, sent = guess(
            stock,
            demand_of(left),
            Goal(False, 0, len(shops), float(budget)),
            np.ones(len(shops), dtype=np.bool_),
            self._rate[shops][left.shop] * left.weight,
            np.argsort(price[kept], kind="stable"),
        )
        return found_plan(left, taken.astype(np.int64)) if sent else None

    def _fill_missing(self) -> Floats:
        """Sets what groups cost where a shop lacks them: (g,) more than all else, required ones most."""
        known = np.where(np.isfinite(self._cost), self._cost, 0.0)
        everything = 1.0 + np.abs(known).max(axis=0, initial=0.0).sum() + np.abs(self._fixed).sum()
        required = np.zeros(self._problem.groups, dtype=np.bool_)
        required[self._problem.group[self._problem.required]] = True
        missing: Floats = np.where(required, everything * (len(required) + 1), everything)
        self._cost = np.minimum(self._cost, missing)
        return missing

    def _two_best(self, members: Ints, groups: Ints) -> tuple[Ints, Floats, Ints, Floats]:
        """The shops where groups cost least and second least of those in a set, and what they cost there."""
        cost, at = self._cost[np.ix_(members, groups)], np.arange(len(groups))
        best = np.argmin(cost, axis=0)
        lowest = cost[best, at]
        cost[best, at] = inf
        other = np.argmin(cost, axis=0)
        second = np.minimum(cost[other, at], self._missing[groups])
        return members[best], lowest, members[other], second

    def _nearest(self, chosen: Mask) -> _Nearest:
        cost = self._cost[chosen]
        groups = np.arange(cost.shape[1])
        place = np.argmin(cost, axis=0)
        lowest = cost[place, groups]
        cost[place, groups] = inf
        return _Nearest(place, lowest, np.minimum(cost.min(axis=0), self._missing))

    def _changes(self, chosen: Mask, members: Ints, others: Ints) -> Floats:
        """(others, members) by how much the set's value changes where one replaces a member."""
        nearest = self._nearest(chosen)
        dearer = self._cost[others] - nearest.cost
        change: Floats = np.minimum(dearer, 0.0).sum(axis=1)[:, None] + self._fixed[others][:, None]
        change = change - self._fixed[members]
        order = np.argsort(nearest.place, kind="stable")
        served, first = np.unique(nearest.place[order], return_index=True)
        rises = np.clip(dearer[:, order], 0.0, nearest.more[order])
        change[:, served] += np.add.reduceat(rises, first, axis=1)
        return change


def _candidates(problem: PlanProblem, given: Ints) -> Ints:
    """The shops `given`, by number among the copies' sellers, and those with the most wants."""
    chosen: Mask = np.isin(problem.shops, given)
    most = np.argsort(-np.diff(problem.start), kind="stable")
    chosen[most[~chosen[most]][:CANDIDATES]] = True
    return np.flatnonzero(chosen)


def _lines(stock: Stock) -> tuple[Floats, Floats]:
    """(s,) shipping as a line: what a parcel costs at first, and each unit of its load."""
    base, rate = stock.base.copy(), np.zeros(len(stock.base))
    banded = np.flatnonzero(~stock.linear)
    first, last = stock.band_start[banded], stock.main_end[banded] - 1
    whole = np.add.reduceat(stock.weight * stock.most, stock.start[:-1])[banded]
    load = np.maximum(np.minimum(whole, stock.high[last]), 1.0)
    begin = stock.line[first] + stock.slope[first] * stock.low[first]
    end = stock.line[last] + stock.slope[last] * load
    end[_free_at_best(stock)[banded]] = 0.0
    base[banded], rate[banded] = np.minimum(begin, end), np.maximum(end - begin, 0.0) / load
    return base, rate


def _free_at_best(stock: Stock) -> Mask:
    """(s,) shops that charge nothing where all their offers are taken, by what those are worth."""
    shops = len(stock.linear)
    free = np.flatnonzero(~stock.carries)
    owner = np.searchsorted(stock.band_start, free, side="right") - 1
    worth = np.add.reduceat(stock.worth * stock.most, stock.start[:-1])
    return np.bincount(owner[stock.low[free] <= worth[owner]], minlength=shops) > 0


def _costs(problem: PlanProblem, stock: Stock, rate: Floats, shops: Ints) -> tuple[Floats, NDArray[np.int32]]:
    """(m, g) what each group costs at each shop by itself, infinite where it is not to be had; the want."""
    place = np.full(len(problem.shops), -1)
    place[shops] = np.arange(len(shops))
    offers = np.flatnonzero(place[problem.shop] >= 0)
    shop, want = problem.shop[offers], problem.want[offers]
    each = stock.price[offers] + rate[shop] * stock.weight[offers]
    first = np.flatnonzero(np.append(True, (np.diff(shop) != 0) | (np.diff(want) != 0)))
    before = np.cumsum(problem.most[offers]) - problem.most[offers]
    before -= np.repeat(before[first], np.diff(np.append(first, len(offers))))
    count = np.clip(problem.need[want] - before, 0, problem.most[offers])
    whole = np.add.reduceat(count, first) == problem.need[want[first]]
    cost = np.where(whole, np.add.reduceat(count * each, first), inf)
    load = np.add.reduceat(count * stock.weight[offers], first)
    cost[~_fits(stock, shop[first], problem.group[want[first]], cost, load)] = inf
    dearest_first = np.argsort(-cost, kind="stable")
    row, column = place[shop[first]][dearest_first], problem.group[want[first]][dearest_first]
    costs, wants = (
        np.full((len(shops), problem.groups), inf),
        np.zeros((len(shops), problem.groups), np.int32),
    )
    costs[row, column], wants[row, column] = cost[dearest_first], want[first][dearest_first]
    return costs, wants


def _fits(stock: Stock, shop: Ints, group: Ints, cost: Floats, load: Floats) -> Mask:
    """(k,) what a shop can send at once of all that it offers, first what is cheap there for its group."""
    lowest = np.full(int(group.max()) + 1, inf)
    np.minimum.at(lowest, group, cost)
    with np.errstate(invalid="ignore"):
        above = np.nan_to_num(cost - lowest[group], nan=inf)
    order = np.lexsort((above, shop))
    sent = np.cumsum(load[order])
    first = np.searchsorted(shop[order], shop[order])
    most = np.full(len(stock.linear), inf)
    banded = np.flatnonzero(~stock.linear)
    most[banded] = stock.high[stock.main_end[banded] - 1]
    most[stock.mixed] = np.inf
    fits = np.empty(len(shop), dtype=np.bool_)
    fits[order] = sent - (sent - load[order])[first] <= most[shop[order]]
    return fits
