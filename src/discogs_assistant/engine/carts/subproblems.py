"""Subproblems laid out and bounded together."""

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
from discogs_assistant.engine.carts.kernels.slack import Subproblem


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
class Layout:
    """What `lay_out` returned: the options of all subproblems side by side."""

    option_at: Ints
    group_at: Ints
    most: Ints
    row_of: Ints
    cost: Ints
    score: Ints
    sums: Ints
    begin: Ints
    is_required: Ints


@dataclass(frozen=True, slots=True)
class Bounds:
    """What `bound_subproblems` returned, by subproblem; `picks` by group."""

    found: Ints
    reached: Ints
    paid: Ints
    bound: Ints
    least_cost: Ints
    whole: Ints
    picks: Ints


@dataclass(frozen=True, slots=True)
class Chunk:
    """`subproblems` with their options and bounds."""

    subproblems: Ints
    mode: Mode
    layout: Layout
    unit: Ints
    bounded: Bounds

    def picks(self, at: int) -> Ints:
        """The options of the good cart of subproblem `at`, by group (-1: none)."""
        return self.bounded.picks[self.layout.group_at[at] : self.layout.group_at[at + 1]]

    def rows(self, picks: Ints) -> tuple[int, ...]:
        """The copies' rows of picked options."""
        return tuple(self.layout.row_of[picks[picks >= 0]].tolist())

    def problem(self, at: int) -> Subproblem:
        """Subproblem `at` as the search reads it; its options count from 0."""
        layout = self.layout
        o, end = int(layout.option_at[at]), int(layout.option_at[at + 1])
        g, g_end = int(layout.group_at[at]), int(layout.group_at[at + 1])
        limits = self.subproblems[at, ROWS:].reshape(MOST_ROWS, 3)
        amount = int((limits[:, 0] >= 0).sum())
        return Subproblem(
            layout.cost[o:end], layout.score[o:end] // self.unit[at],
            np.ascontiguousarray(layout.sums[:amount, o:end]), layout.begin[g : g_end + 1] - o,
            layout.is_required[g:g_end], limits[:amount, 1].copy(), limits[:amount, 2].copy(),
            self.subproblems[at, CAP], int(self.subproblems[at, LEAST]), int(layout.most[at]),
            self.mode.linear, self.bounded.whole[at],
        )  # fmt: skip

    def limited(self, at: int, cap: int, enough: int) -> Chunk:
        """Subproblem `at` alone, bounded again with the limit `cap`."""
        layout = self.layout
        o, end = int(layout.option_at[at]), int(layout.option_at[at + 1])
        g, g_end = int(layout.group_at[at]), int(layout.group_at[at + 1])
        subproblems = self.subproblems[at : at + 1].copy()
        subproblems[0, CAP] = cap
        begin, is_required = layout.begin[g : g_end + 1] - o, layout.is_required[g:g_end]
        most = min(
            int(options.most_items(subproblems[0, CAP], layout.cost[o:end], begin, is_required)),
            int(layout.most[at]),
        )
        possible = most >= max(int(subproblems[0, LEAST]), int(is_required.sum()))
        limited = Layout(
            np.array([0, end - o]), np.array([0, g_end - g]), np.array([most if possible else -1]),
            layout.row_of[o:end], layout.cost[o:end], layout.score[o:end],
            np.ascontiguousarray(layout.sums[:, o:end]), begin, is_required,
        )  # fmt: skip
        whole = self.bounded.whole[at]
        near = [
            float(whole[MU]) / 2.0 ** whole[BITS],
            float(whole[PRICE]) / 2.0 ** (whole[BITS] + whole[SHIFT]),
        ]
        return _bounded(subproblems, self.mode, limited, enough, np.array([near]))

    def search(
        self, at: int, problem: Subproblem, objective: int, nodes: int, beam: int, core: int, *, ties: bool
    ) -> Any:
        """`dynamic_programming.search` from `objective` on, with its picks as the copies' rows.

        Rows (none: nothing found), objective, cost, partial carts, and the bound of those dropped, if any
        was.
        """
        picks = np.full(len(problem.is_required), -1, np.int64)
        found, reached, cost, looked_at, bound, whole = dynamic_programming.search(
            problem, objective, ties, nodes, beam, core, picks
        )
        rows = self.rows(np.where(picks >= 0, picks + self.layout.option_at[at], -1)) if found else ()
        return rows, int(reached), int(cost), int(looked_at), None if whole else int(bound)


def chunk_of(inventory: Inventory, subproblems: Ints, mode: Mode, enough: int) -> Chunk:
    """The subproblems' options and bounds; a bound below `enough` may be any that is."""
    layout = lay_out(inventory, subproblems, mode)
    return _bounded(subproblems, mode, layout, enough, np.zeros((len(subproblems), 2)))


def lay_out(inventory: Inventory, subproblems: Ints, mode: Mode) -> Layout:
    """The subproblems' options."""
    copies = inventory.copies
    num, den = (0, 0) if mode.mean is None else mode.mean.as_integer_ratio()
    return Layout(*options.lay_out(
        subproblems, inventory.first, inventory.rows, inventory.required, copies.group, copies.price,
        copies.score, inventory.columns, copies.media, copies.sleeve, copies.listing, num, den,
    ))  # fmt: skip


def _bounded(subproblems: Ints, mode: Mode, layout: Layout, enough: int, near: Any) -> Chunk:
    limits = subproblems[:, ROWS:].reshape(-1, MOST_ROWS, 3)
    amount = (limits[:, :, 0] >= 0).sum(axis=1).astype(np.int64)
    shared = (
        layout.option_at, layout.group_at, layout.most, layout.cost, layout.score, layout.sums, layout.begin,
        layout.is_required,
        subproblems[:, CAP].copy(), subproblems[:, LEAST].copy(), amount, limits[:, :, 1].copy(),
        limits[:, :, 2].copy(), mode.linear,
    )  # fmt: skip
    unit, found = lagrange.lagrange_multipliers(*shared, float(enough), near)
    bounded = Bounds(*bounds.bound_subproblems(*shared, enough, unit, found))
    return Chunk(subproblems, mode, layout, unit, bounded)
