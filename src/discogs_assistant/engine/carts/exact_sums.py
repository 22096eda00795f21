"""Refuses numbers whose sums would not fit in 64 bits.

The loops in kernels/ add int64 without a check, so all that they may add up is bounded here beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.inventory import Inventory
from discogs_assistant.engine.carts.kernels.options import (
    DIV,
    LARGEST_SUM,
    OFF,
    PER,
    PER_COLUMN,
    SELLER,
    survey,
)
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.errors import SumTooLargeError

Floats = NDArray[np.float64]

LARGEST_OBJECTIVE = 2**60
"""Of copies² × highest score, which no objective and no bound of one exceeds."""

_FAR_ABOVE = 8


def within_reach(copies: Copies, rules: Rules) -> Copies:
    """The copies, with a price far above the budget replaced by a lower one that is still far above it.

    No cart can hold such a copy, but its price would count among the sums.
    """
    dearest = _FAR_ABOVE * (rules.budget_minor + 1)
    near = copies.price <= dearest
    if near.all():
        return copies
    worth = copies.worth[near].max(initial=0)
    return replace(
        copies,
        price=np.where(near, copies.price, dearest),
        worth=np.where(near, copies.worth, np.minimum(copies.worth, worth)),
    )


class SellerSums:
    """By seller the sum of scores (sellers,), and as floats what bounds all other sums."""

    def __init__(self, inventory: Inventory) -> None:
        copies = inventory.copies
        self._names, self._counts = copies.sellers, inventory.counts
        self.scores, highest, amounts = survey(
            inventory.first, inventory.rows, copies.price, copies.score, inventory.columns
        )
        self._objective: Floats = self._counts.astype(np.float64) ** 2 * highest
        self._amounts: Floats = amounts

    def require_objectives(self, possible: Mask) -> None:
        """`SumTooLargeError` where an objective of a `possible` seller may exceed `LARGEST_OBJECTIVE`."""
        refused = np.flatnonzero(possible & (self._objective > LARGEST_OBJECTIVE))
        if len(refused):
            name = self._names[int(refused[0])]
            raise SumTooLargeError(
                f"The scores are too large to add up exactly over the copies of {name}.",
                "Use smaller scores, or exclude this seller.",
            )

    def require_prices(self, sellers: Ints) -> None:
        """`SumTooLargeError` where a sum over the copies of `sellers` may exceed `LARGEST_SUM`."""
        refused = sellers[self._amounts[sellers].max(axis=1) > LARGEST_SUM]
        if len(refused):
            raise self._too_dear(int(refused[0]))

    def require_costs(self, subproblem: Sequence[int]) -> None:
        """`SumTooLargeError` where a sum of costs in a subproblem (options.py) may exceed `LARGEST_SUM`."""
        seller, column = subproblem[SELLER], subproblem[PER_COLUMN]
        price, *amounts = self._amounts[seller].tolist()
        units = int(self._counts[seller]) if column < 0 else amounts[column]
        costs = subproblem[DIV] * price + abs(subproblem[PER]) * units
        if max(costs, abs(subproblem[OFF]), *amounts) > LARGEST_SUM:
            raise self._too_dear(seller)

    def _too_dear(self, seller: int) -> SumTooLargeError:
        return SumTooLargeError(
            f"The prices and the shipping of {self._names[seller]} are too large to add up exactly.",
            "Exclude this seller, lower the budget, or set the highest price of a copy.",
        )
