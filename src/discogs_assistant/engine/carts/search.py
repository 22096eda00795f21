"""The search among sellers: bounds first, then a search of those alone that may be among the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from discogs_assistant.engine.carts.brackets import (
    as_array,
    cost_of,
    subproblems_of,
    subproblems_without_shipping,
)
from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.exact_sums import SellerSums
from discogs_assistant.engine.carts.inventory import Inventory
from discogs_assistant.engine.carts.kernels.options import CAP, DIV, OFF, SELLER
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.subproblems import CHEAPEST, SCORE, Chunk, Mode, chunk_of
from discogs_assistant.engine.shipping.tariffs import Tariff

NODE_LIMIT = 2_000_000
"""Partial carts of a subproblem looked at, after which only the most promising are kept."""

_ROWS_PACE = 4
"""How many times slower the search is where sums have limits."""
_FIRST_BEAM, _FIRST_CORE = 48, 24
_FIRST_CHUNK = 64
_LOWEST = -(2**62)

Order = tuple[int, int, int]
"""The better, the smaller: objective below 0, total, seller."""


@dataclass(frozen=True, slots=True)
class Best:
    """A seller's best cart so far; `total` in minor units, `rows` of the copies in any order."""

    objective: int
    total: int
    rows: tuple[int, ...]

    @property
    def order(self) -> tuple[int, int]:
        """The better, the smaller."""
        return (-self.objective, self.total)


@dataclass(slots=True)
class Opened:
    """A subproblem that was bounded: its bound, and the least total of a cart that reaches it.

    `nodes` of its search (0: the multipliers alone prove it); `tie` says that a lower total is possible.
    """

    chunk: Chunk
    at: int
    bound: int
    least_total: int
    nodes: int = 0
    tie: bool = False

    @property
    def subproblem(self) -> list[int]:
        """The subproblem's numbers (options.py)."""
        return [int(number) for number in self.chunk.subproblems[self.at]]

    @property
    def seller(self) -> int:
        """Whose subproblem it is."""
        return int(self.chunk.subproblems[self.at, SELLER])

    @property
    def best_order(self) -> Order:
        """No cart of the subproblem has a smaller order."""
        return (-self.bound, self.least_total, self.seller)


class Search:
    """Finds the best carts of the `top` best sellers, as far as their objective is `enough`.

    In the mode CHEAPEST the objective is the total below 0, and every seller's best is found.
    """

    def __init__(
        self,
        inventory: Inventory,
        rules: Rules,
        tariffs: Sequence[Tariff | None] | None,
        mode: Mode = SCORE,
        *,
        top: int,
        enough: int = 0,
        side: int | None = None,
        node_limit: int = NODE_LIMIT,
    ) -> None:
        self.inventory, self.rules, self.tariffs, self.side = inventory, rules, tariffs, side
        self.top, self.mode, self.node_limit = top, mode, node_limit
        self.nodes_left = 5 * node_limit
        self.best: dict[int, Best] = {}
        self.opened: list[Opened] = []
        self.chunks: list[Chunk] = []
        self.sellers: list[int] = []
        self.enough = _LOWEST if mode.linear else max(1, enough)
        self.last: Order | None = None
        self._sums = SellerSums(inventory)

    def run(self) -> None:
        """Bound the sellers by falling promise, then search by falling bound, until no other can be among
        the best."""
        promise = self.promise()
        sellers = np.argsort(-promise, kind="stable")
        begin, size = 0, _FIRST_CHUNK
        while begin < len(sellers) and promise[sellers[begin]] >= max(0, self.enough):
            some = sellers[begin : begin + size]
            self._open(some[promise[some] >= max(0, self.enough)])
            begin, size = begin + size, 2 * size
        self.opened.sort(key=lambda opened: (*opened.best_order, opened.at))
        for opened in self.opened:
            if self.last is not None and opened.best_order > self.last:
                break
            self._solve(opened)
            self._raise()

    def promise(self) -> Ints:
        """By seller, copies × sum of scores, which no cart exceeds; below 0 where there can be no cart.

        Of a sum that may be negative nothing is promised.
        """
        counts = self.inventory.counts
        possible = self.inventory.able & (counts >= max(1, self.rules.min_items))
        if self.tariffs is not None:
            sellers = np.flatnonzero(possible)
            possible[sellers] = [self.tariffs[seller] is not None for seller in sellers.tolist()]
        self._sums.require_objectives(possible)
        if self.mode.linear:
            return np.where(possible, 2**62, -1)
        return np.where(possible, counts * self._sums.scores, -1)

    def _open(self, sellers: Ints) -> None:
        self.sellers += sellers.tolist()
        subproblems = self.subproblems(sellers)
        if len(subproblems):
            self._bound(subproblems)

    def subproblems(self, sellers: Ints) -> Ints:
        """(subproblems, SUBPROBLEM_COLUMNS) of `sellers`; `SumTooLargeError` where sums would not fit in 64
        bits."""
        if self.tariffs is None and self.side is None:
            self._sums.require_prices(sellers)
            return subproblems_without_shipping(self.rules, sellers)
        subproblems = subproblems_of(self.inventory, self.rules, self.tariffs, sellers.tolist(), self.side)
        for subproblem in subproblems:
            self._sums.require_costs(subproblem)
        return as_array(subproblems)

    def _bound(self, subproblems: Ints) -> None:
        chunk = chunk_of(self.inventory, subproblems, self.mode, self.enough)
        self.chunks.append(chunk)
        bounded = chunk.bounded
        for at in np.flatnonzero((chunk.layout.most >= 0) & (bounded.bound >= self.enough)).tolist():
            opened = Opened(
                chunk, at, int(bounded.bound[at]), cost_of(subproblems[at], int(bounded.least_cost[at]))
            )
            self.opened.append(opened)
            if bounded.found[at]:
                self._keep(
                    opened, int(bounded.reached[at]), int(bounded.paid[at]), chunk.rows(chunk.picks(at))
                )
        self._raise()

    def _keep(self, opened: Opened, objective: int, cost: int, rows: tuple[int, ...]) -> None:
        if objective < 1 and not self.mode.linear:
            return  # Of those of objective 0 the cheapest in all brackets is sought (`solutions.cheapest`).
        total = cost_of(opened.subproblem, cost)
        best = Best(-total if self.mode == CHEAPEST else objective, total, rows)
        if opened.seller not in self.best or best.order < self.best[opened.seller].order:
            self.best[opened.seller] = best

    def _raise(self) -> None:
        """A cart that comes after the last of the best found is not worth finding."""
        if self.mode == CHEAPEST or len(self.best) < self.top:
            return
        orders = ((*best.order, seller) for seller, best in self.best.items())
        self.last = min(orders) if self.top == 1 else nsmallest(self.top, orders)[-1]
        self.enough = max(self.enough, -self.last[0])

    def _solve(self, opened: Opened) -> None:
        """First the highest objective, then the lowest total of the carts that reach it, each with its own
        bounds."""
        unit = int(opened.chunk.unit[opened.at])
        objective, _ = self._floor(opened, unit)
        if opened.bound > objective * unit:
            dropped = self._search(opened, opened.chunk, opened.at, ties=False)
            objective, _ = self._floor(opened, unit)
            opened.bound = max(objective, objective if dropped is None else dropped) * unit
            opened.tie = self.mode == CHEAPEST and opened.bound > objective * unit
        objective, tie_cost = self._floor(opened, unit)
        if tie_cost is None or self.mode.linear or opened.bound > objective * unit:
            return
        limited = opened.chunk.limited(opened.at, tie_cost, objective * unit)
        bounded = limited.bounded
        if limited.layout.most[0] < 0 or bounded.bound[0] < objective * unit:
            return
        if bounded.found[0] and bounded.reached[0] == objective * unit:
            self._keep(opened, objective * unit, int(bounded.paid[0]), limited.rows(limited.picks(0)))
        dropped = self._search(opened, limited, 0, ties=True)
        opened.tie = dropped is not None and dropped >= objective

    def _search(self, opened: Opened, chunk: Chunk, at: int, *, ties: bool) -> int | None:
        """Search a subproblem, quickly and then in full; the bound of what was dropped, in units of the
        scores."""
        unit, problem, dropped = int(chunk.unit[at]), chunk.problem(at), None
        limit = max(min(self.node_limit, self.nodes_left // 4), self.node_limit // 100)
        limit //= _ROWS_PACE if len(problem.low) else 1
        last_beam = max(16, limit // (4 * len(problem.is_required)))
        for core, nodes, beam in ((_FIRST_CORE, 0, _FIRST_BEAM), (0, limit, last_beam)):
            objective, tie_cost = self._floor(opened, unit)
            if ties:
                problem, objective = problem._replace(cap=tie_cost), objective - 1
            objective = max(objective, -int(np.abs(problem.score).sum()) - 1)
            found = chunk.search(at, problem, objective, nodes, beam, core, ties=ties)
            rows, reached, cost, looked_at, dropped = found
            if rows:
                self._keep(opened, reached * unit, cost, rows)
        opened.nodes += looked_at
        self.nodes_left -= looked_at
        return dropped

    def _floor(self, opened: Opened, unit: int) -> tuple[int, int | None]:
        """What a better cart of the subproblem exceeds: the objective in its units, and for the same one the
        highest cost.

        In a search for the cheapest the objective is the cost below 0, and totals are what is compared.
        """
        best, subproblem = self.best.get(opened.seller), opened.subproblem
        if self.mode == CHEAPEST:
            cost = subproblem[CAP] if best is None else best.total * subproblem[DIV] - subproblem[OFF] - 1
            return -(cost // unit) - 1, None
        objective, total = self.enough - 1, -1
        if self.last is not None:
            objective, total = -self.last[0], self.last[1] + 1
        if best is not None and best.order < (-objective, total):
            objective, total = best.objective, best.total
        if total < 0 or objective % unit:
            return objective // unit, None
        return objective // unit, total * subproblem[DIV] - subproblem[OFF] - 1
