"""Cases laid out and bounded together."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from discogs_assistant.engine.carts import bounds
from discogs_assistant.engine.carts.bounds import BITS, MU, PRICE, SHIFT
from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.inventory import Inventory
from discogs_assistant.engine.carts.kernels import dynamic_programming, lagrange, options
from discogs_assistant.engine.carts.kernels.options import CAP, LEAST, MOST_ROWS, ROWS
from discogs_assistant.engine.carts.kernels.slack import Case


@dataclass(frozen=True, slots=True)
class Mode:
    """What is sought: items × score, or if `linear` the score alone.

    With a `mean`, scores are how far each cost is below it; with a mean of 0 the cheapest cart is the best.
    """

    linear: bool = False
    mean: Fraction | None = None


SCORE = Mode()
CHEAPEST = Mode(linear=True, mean=Fraction(0))


@dataclass(frozen=True, slots=True)
class Laid:
    """What `lay_out` returned: the options of all cases side by side."""

    option_at: Ints
    group_at: Ints
    most: Ints
    row_of: Ints
    cost: Ints
    score: Ints
    sums: Ints
    begin: Ints
    must: Ints


@dataclass(frozen=True, slots=True)
class Bounded:
    """What `bound_cases` returned, by case; `picks` by group."""

    found: Ints
    reached: Ints
    paid: Ints
    bound: Ints
    dear: Ints
    whole: Ints
    picks: Ints


@dataclass(frozen=True, slots=True)
class Chunk:
    """`cases` with their options and bounds."""

    cases: Ints
    mode: Mode
    laid: Laid
    unit: Ints
    bounded: Bounded

    def picks(self, at: int) -> Ints:
        """The options of the good cart of case `at`, by group (-1: none)."""
        return self.bounded.picks[self.laid.group_at[at] : self.laid.group_at[at + 1]]

    def rows(self, picks: Ints) -> tuple[int, ...]:
        """The copies' rows of picked options."""
        return tuple(self.laid.row_of[picks[picks >= 0]].tolist())

    def problem(self, at: int) -> Case:
        """Case `at` as the search reads it; its options count from 0."""
        laid = self.laid
        o, end = int(laid.option_at[at]), int(laid.option_at[at + 1])
        g, g_end = int(laid.group_at[at]), int(laid.group_at[at + 1])
        limits = self.cases[at, ROWS:].reshape(MOST_ROWS, 3)
        amount = int((limits[:, 0] >= 0).sum())
        return Case(
            laid.cost[o:end], laid.score[o:end] // self.unit[at],
            np.ascontiguousarray(laid.sums[:amount, o:end]), laid.begin[g : g_end + 1] - o,
            laid.must[g:g_end], limits[:amount, 1].copy(), limits[:amount, 2].copy(), self.cases[at, CAP],
            int(self.cases[at, LEAST]), int(laid.most[at]), self.mode.linear, self.bounded.whole[at],
        )  # fmt: skip

    def limited(self, at: int, cap: int, enough: int) -> Chunk:
        """Subproblem `at` alone, bounded again with the limit `cap`."""
        laid = self.laid
        o, end = int(laid.option_at[at]), int(laid.option_at[at + 1])
        g, g_end = int(laid.group_at[at]), int(laid.group_at[at + 1])
        cases = self.cases[at : at + 1].copy()
        cases[0, CAP] = cap
        begin, must = laid.begin[g : g_end + 1] - o, laid.must[g:g_end]
        most = min(int(options.most_items(cases[0, CAP], laid.cost[o:end], begin, must)), int(laid.most[at]))
        possible = most >= max(int(cases[0, LEAST]), int(must.sum()))
        one = Laid(
            np.array([0, end - o]), np.array([0, g_end - g]), np.array([most if possible else -1]),
            laid.row_of[o:end], laid.cost[o:end], laid.score[o:end],
            np.ascontiguousarray(laid.sums[:, o:end]), begin, must,
        )  # fmt: skip
        whole = self.bounded.whole[at]
        near = [
            float(whole[MU]) / 2.0 ** whole[BITS],
            float(whole[PRICE]) / 2.0 ** (whole[BITS] + whole[SHIFT]),
        ]
        return _bounded(cases, self.mode, one, enough, np.array([near]))

    def search(
        self, at: int, problem: Case, objective: int, nodes: int, beam: int, core: int, *, ties: bool
    ) -> Any:
        """`dynamic_programming.search` from `objective` on, with its picks as the copies' rows.

        Rows (none: nothing found), objective, cost, partial carts, and the bound of those dropped, if any
        was.
        """
        picks = np.full(len(problem.must), -1, np.int64)
        found, reached, cost, looked_at, bound, whole = dynamic_programming.search(
            problem, objective, ties, nodes, beam, core, picks
        )
        rows = self.rows(np.where(picks >= 0, picks + self.laid.option_at[at], -1)) if found else ()
        return rows, int(reached), int(cost), int(looked_at), None if whole else int(bound)


def lay(inventory: Inventory, cases: Ints, mode: Mode, enough: int) -> Chunk:
    """The cases' options and bounds; a bound below `enough` may be any that is."""
    laid = lay_out(inventory, cases, mode)
    return _bounded(cases, mode, laid, enough, np.zeros((len(cases), 2)))


def lay_out(inventory: Inventory, cases: Ints, mode: Mode) -> Laid:
    """The cases' options."""
    copies = inventory.copies
    num, den = (0, 0) if mode.mean is None else mode.mean.as_integer_ratio()
    return Laid(*options.lay_out(
        cases, inventory.first, inventory.rows, inventory.required, copies.group, copies.price, copies.score,
        inventory.columns, copies.media, copies.sleeve, copies.listing, num, den,
    ))  # fmt: skip


def _bounded(cases: Ints, mode: Mode, laid: Laid, enough: int, near: Any) -> Chunk:
    limits = cases[:, ROWS:].reshape(-1, MOST_ROWS, 3)
    amount = (limits[:, :, 0] >= 0).sum(axis=1).astype(np.int64)
    shared = (
        laid.option_at, laid.group_at, laid.most, laid.cost, laid.score, laid.sums, laid.begin, laid.must,
        cases[:, CAP].copy(), cases[:, LEAST].copy(), amount, limits[:, :, 1].copy(),
        limits[:, :, 2].copy(), mode.linear,
    )  # fmt: skip
    unit, found = lagrange.multipliers(*shared, float(enough), near)
    bounded = Bounded(*bounds.bound_cases(*shared, enough, unit, found))
    return Chunk(cases, mode, laid, unit, bounded)
