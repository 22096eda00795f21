"""A mixed-integer model column by column and row by row, and HiGHS, which solves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import ArrayLike

from discogs_assistant.engine.carts.copies import Ints, Mask
from discogs_assistant.engine.plans.bands import Floats
from discogs_assistant.engine.plans.rules import Passed, never

INF = highspy.kHighsInf

Options: TypeAlias = dict[str, float | int | str]

TOLERANCE = 1e-7
"""How far HiGHS lets a whole column be from a whole number, and a row from its limits."""

LARGEST = 5e6
"""A column that is off by the tolerance moves no sum of whole numbers up to this one by half of one."""

LARGEST_LOAD = 5e7
"""Of factors in rows besides those of `limit`: beyond, rounding might exceed the tolerance."""

_DIGIT = 2**20
_WHOLE = 2.0**52
"""Below it whole numbers are exact in floating point, with room for a sign and a half."""

_OPTIONS: Options = {
    "mip_rel_gap": 0.0,  # 1e-4 by default: a dollar in ten thousand
    "mip_abs_gap": 0.0,
    # By 1e-6 a score was a millionth short; by 1e-9 answers were wrong.
    "mip_feasibility_tolerance": TOLERANCE,
    "threads": 1,
    "random_seed": 0,
}


@dataclass(frozen=True, slots=True)
class Solution:
    """Values of the columns, None where none were found; what nothing feasible is below, −∞ if not known."""

    values: Floats | None
    bound: float


class Model:
    """What is to be made small: columns and rows under way."""

    def __init__(self) -> None:
        self._columns: list[tuple[Floats, Floats, Mask]] = []
        self._rows: list[tuple[Floats, Floats]] = []
        self._entries: list[tuple[Ints, Ints, Floats]] = []
        self.width = 0
        self.height = 0
        self._exact = True

    def columns(self, upper: ArrayLike, *, lower: ArrayLike = 0.0, whole: ArrayLike = True) -> Ints:
        """New columns between `lower` and `upper` (a length), whole numbers where `whole`; their numbers."""
        high = np.asarray(upper, dtype=np.float64)
        low, kind = np.broadcast_to(lower, high.shape), np.broadcast_to(whole, high.shape)
        self._columns.append((low.astype(np.float64), high, kind.astype(np.bool_)))
        self.width += len(high)
        return np.arange(self.width - len(high), self.width)

    def rows(self, count: int, *, lower: ArrayLike = -INF, upper: ArrayLike = INF) -> Ints:
        """New empty rows between `lower` and `upper`; their numbers."""
        low, high = np.broadcast_to(lower, (count,)), np.broadcast_to(upper, (count,))
        self._rows.append((low.astype(np.float64), high.astype(np.float64)))
        self.height += count
        return np.arange(self.height - count, self.height)

    def put(self, rows: Ints, columns: Ints, factors: ArrayLike) -> None:
        """Adds factor × column to each row; no column twice in a row."""
        self._entries.append((rows, columns, np.broadcast_to(factors, rows.shape).astype(np.float64)))

    def limit(self, factors: Floats, *, lower: float = -INF, upper: float = INF) -> None:
        """A row of whole factors by column (those of later columns are 0), exact however large they are."""
        if lower > -INF:
            self.limit(-factors, upper=-lower)
        if upper == INF:
            return
        low, high, _ = self._joined()
        factors, fixed = self.padded(factors), low == high
        self._exact &= bool(np.abs(factors).sum() + abs(upper) < _WHOLE)
        upper -= float(factors[fixed] @ low[fixed])
        factors[fixed] = 0.0
        if self.is_large(factors):
            self._limit_by_digits(factors, upper)
        else:
            columns = np.flatnonzero(factors)
            self.put(np.repeat(self.rows(1, upper=upper), len(columns)), columns, factors[columns])

    def _limit_by_digits(self, factors: Floats, upper: float) -> None:
        """Σ f·x ≤ u with f = h·D + l and u = v·D + w: Σ h·x ≤ v − c and Σ l·x ≤ w + c·D for a whole c."""
        carry = self.columns([INF])
        digits = np.divmod(factors, _DIGIT)
        for part, of_carry, rest in zip(digits, (1.0, -_DIGIT), divmod(upper, _DIGIT), strict=True):
            row = self.padded(part)
            row[carry] = of_carry
            self.limit(row, upper=rest)

    def is_large(self, factors: Floats) -> bool:
        """Whether HiGHS may err in a sum with these factors (by column)."""
        low, high, _ = self._joined()
        return bool(np.abs(factors[(high > low)[: len(factors)]]).max(initial=0.0) > LARGEST)

    def padded(self, factors: Floats) -> Floats:
        """The factors by column, 0 of later columns."""
        return np.append(factors, np.zeros(self.width - len(factors)))

    def solve(self, cost: Floats, deadline: Passed, below: float = INF) -> Solution:
        """The feasible values with the lowest cost (by column), of those found when the deadline passes.

        Values that cost more than `below` are not looked for, and then the bound is that of the others alone.
        Where costs are large the bound is not known, but that there are no values is sure; nothing is where
        loads are large.
        """
        solver = _Silent()
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.setOptionValue("objective_bound", below)  # where HiGHS ends a branch of its search
        if deadline is not never:
            _stop_at(solver, deadline)
        if solver.passModel(self._lp(cost)) == highspy.HighsStatus.kError:
            return Solution(None, -INF)
        solver.run()
        values, bound = _solution(solver)
        largest = max(float(np.abs(factors).max(initial=0.0)) for _, _, factors in self._entries)
        sure = self._exact and largest <= LARGEST_LOAD and not (bound < INF and self.is_large(cost))
        return Solution(values, bound if sure else -INF)

    def _joined(self) -> tuple[Floats, Floats, Mask]:
        """Lowest and highest value of all columns, and which are whole."""
        low, high, whole = zip(*self._columns, strict=True)
        return np.concatenate(low), np.concatenate(high), np.concatenate(whole)

    def _lp(self, cost: Floats) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, self.height
        lp.col_cost_ = self.padded(cost)
        lp.col_lower_, lp.col_upper_, whole = self._joined()
        lp.row_lower_, lp.row_upper_ = map(np.concatenate, zip(*self._rows, strict=True))
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_whole] for is_whole in whole.tolist()]
        rows, columns, factors = map(np.concatenate, zip(*self._entries, strict=True))
        order = np.lexsort((columns, rows))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(rows[order], np.arange(self.height + 1))
        lp.a_matrix_.index_ = columns[order]
        lp.a_matrix_.value_ = factors[order]
        return lp


class _Silent(highspy.Highs):
    """HiGHS without output: its constructor prints a banner on stdout before it can be silenced."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        """Called by the constructor, and the first call that prints."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _stop_at(solver: highspy.Highs, deadline: Passed) -> None:
    def stop(event: highspy.HighsCallbackEvent) -> None:
        if deadline():
            event.interrupt()

    solver.cbMipInterrupt.subscribe(stop)
    solver.cbSimplexInterrupt.subscribe(stop)


def _solution(solver: highspy.Highs) -> tuple[Floats | None, float]:
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, INF
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(solver.getSolution().col_value) if found else None
    final = status == highspy.HighsModelStatus.kOptimal
    return values, info.objective_function_value if final else info.mip_dual_bound
