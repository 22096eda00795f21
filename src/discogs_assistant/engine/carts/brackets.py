"""A seller's shipping, bracket by bracket, as the subproblems of the cart engine (options.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.inventory import GRAMS, SIDE, WORTH, Inventory
from discogs_assistant.engine.carts.kernels.options import (
    DIV,
    FREE,
    LARGEST_SUM,
    MOST_ROWS,
    OFF,
    SELLER,
    SUBPROBLEM_COLUMNS,
)
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.tariffs import Bracket, Tariff
from discogs_assistant.model.shipping import ShippingUnit

_COLUMN = {ShippingUnit.ITEMS: -1, ShippingUnit.GRAMS: GRAMS, ShippingUnit.VALUE: WORTH}

_FOR_NOTHING = Bracket(ShippingUnit.ITEMS, 0, None, 0, 0, 1)

Limits = list[tuple[int, int, int]]
"""Column, lowest and highest sum."""


def subproblems_without_shipping(rules: Rules, sellers: Ints) -> Ints:
    """The subproblems of `sellers` where nothing is paid for shipping and no sum has limits."""
    subproblems = np.tile(as_array([_subproblem(0, 0, (1, 0, -1, 0), rules, 1, FREE, [])]), (len(sellers), 1))
    subproblems[:, SELLER] = sellers
    return subproblems


def subproblems_of(
    inventory: Inventory,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    sellers: Sequence[int],
    side: int | None,
) -> list[list[int]]:
    """The subproblems of `sellers`, one a bracket that they can reach.

    `side` is the least sum of the inventory's column SIDE.
    """
    found: list[list[int]] = []
    for seller in sellers:
        limits: Limits = [] if side is None else [(SIDE, side, FREE)]
        tariff = None if tariffs is None else tariffs[seller]
        floor = tariff.min_order if tariff is not None and rules.min_orders else 0
        found += _of_brackets(inventory, rules, brackets_of(tariffs, seller), floor, seller, limits)
    return found


def brackets_of(tariffs: Sequence[Tariff | None] | None, seller: int) -> Sequence[Bracket]:
    """The brackets of a seller's shipping; without a tariff one in which all parcels are free."""
    tariff = None if tariffs is None else tariffs[seller]
    return (_FOR_NOTHING,) if tariff is None else tariff.brackets


def cost_of(subproblem: Sequence[int], cost: int) -> int:
    """What a cart of the sum of costs `cost` is paid with in minor units, shipping included."""
    return (cost + int(subproblem[OFF])) // int(subproblem[DIV])


def _of_brackets(
    inventory: Inventory,
    rules: Rules,
    brackets: Sequence[Bracket],
    floor: int,
    seller: int,
    limits: Limits,
) -> Iterator[list[int]]:
    own = inventory.of(seller)
    for place, bracket in enumerate(brackets):
        column, high = _COLUMN[bracket.unit], FREE if bracket.high is None else bracket.high
        worth = max(floor, bracket.least_worth)
        count = (1, FREE)
        sums: Limits = [(WORTH, worth, FREE)] if worth else []
        if column == WORTH:
            sums = [(WORTH, max(bracket.low, worth), high)]
        elif column == GRAMS:
            sums = [(GRAMS, bracket.low, high), *sums]
        else:
            count = (bracket.low, high)
        binding = _binding(inventory, own, sums, max(1, rules.min_items))
        if binding is not None:
            div, per, off = _line(bracket)
            yield _subproblem(seller, place, (div, per, column, off), rules, *count, [*binding, *limits])


def _line(bracket: Bracket) -> tuple[int, int, int]:
    """What a cart of price P and x in the bracket costs, as (div·P + per·x + off) // div."""
    whole, slope, off = 2 * bracket.den, 2 * bracket.slope, 2 * bracket.base + bracket.den
    common = gcd(whole, slope)
    return whole // common, slope // common, off // common


def _binding(inventory: Inventory, own: Ints, limits: Limits, least: int) -> Limits | None:
    """`limits` without what the copies in the rows `own` can never break; None where they break them all."""
    kept = []
    for column, low, high in limits:
        amounts = inventory.columns[column][own].tolist() or [0]
        total = sum(amounts)
        if total < low:
            return None
        lowest = -FREE if low <= least * min(amounts) else low
        highest = FREE if high >= total else high
        if lowest > -FREE or highest < FREE:
            kept.append((column, lowest, highest))
    return kept


def _subproblem(
    seller: int,
    bracket: int,
    line: tuple[int, int, int, int],
    rules: Rules,
    low: int,
    high: int,
    limits: Limits,
) -> list[int]:
    div, per, column, off = line
    cap = min((rules.budget_minor + 1) * div - 1 - off, LARGEST_SUM)
    subproblem = [seller, div, per, column, cap, off, max(1, rules.min_items, low), high, bracket]
    for limit in limits:
        subproblem += limit
    return subproblem + [-1, 0, 0] * (MOST_ROWS - len(limits))


def as_array(subproblems: list[list[int]]) -> Ints:
    """(subproblems, SUBPROBLEM_COLUMNS)."""
    return np.array(subproblems, dtype=np.int64).reshape(-1, SUBPROBLEM_COLUMNS)
