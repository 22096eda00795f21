"""A seller's shipping, band by band, as the subproblems of the cart engine (options.py)."""

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
from discogs_assistant.engine.shipping.tariffs import Method, Step, Tariff
from discogs_assistant.model.shipping import ShippingUnit

_COLUMN = {ShippingUnit.ITEMS: -1, ShippingUnit.GRAMS: GRAMS, ShippingUnit.VALUE: WORTH}

Limits = list[tuple[int, int, int]]
"""Column, lowest and highest sum."""


def subproblems_without_shipping(rules: Rules, sellers: Ints) -> Ints:
    """The subproblems of `sellers` where nothing is paid for shipping and no sum has limits."""
    subproblems = np.tile(as_array([_case(0, 0, (1, 0, -1, 0), rules, 1, FREE, [])]), (len(sellers), 1))
    subproblems[:, SELLER] = sellers
    return subproblems


def subproblems_of(
    inventory: Inventory,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    sellers: Sequence[int],
    side: int | None,
) -> list[list[int]]:
    """The subproblems of `sellers`, one a band; `side` is the least sum of the inventory's column SIDE."""
    found = []
    for seller in sellers:
        limits: Limits = [] if side is None else [(SIDE, side, FREE)]
        tariff = None if tariffs is None else tariffs[seller]
        if tariff is None:
            found.append(_case(seller, 0, (1, 0, -1, 0), rules, 1, FREE, limits))
        else:
            floor = tariff.min_order if rules.min_orders else 0
            for method in tariff.methods:
                found += _bands(inventory, rules, method, floor, seller, limits)
    return found


def cost_of(subproblem: Sequence[int], cost: int) -> int:
    """What a cart of the sum of costs `cost` is paid with in minor units, shipping included."""
    return (cost + int(subproblem[OFF])) // int(subproblem[DIV])


def _bands(
    inventory: Inventory, rules: Rules, method: Method, floor: int, seller: int, limits: Limits
) -> Iterator[list[int]]:
    column = _COLUMN[method.unit]
    least = max(1, rules.min_items)
    for band, step in enumerate(method.steps):
        div, per, off = _line(method, step)
        low, high = step.low, FREE if step.high is None else step.high
        if column < 0:
            more = _freed(inventory, seller, [(WORTH, floor, FREE)], least) if floor else []
            yield _case(seller, band, (div, per, -1, off), rules, low, high, [*more, *limits])
            continue
        bounds = [(GRAMS, low, high), (WORTH, floor, FREE)]
        if column == WORTH:
            bounds = [(WORTH, max(low, floor), high)]
        freed = _freed(inventory, seller, bounds, least)
        yield _case(seller, band, (div, per, column, off), rules, 1, FREE, [*freed, *limits])


def _line(method: Method, step: Step) -> tuple[int, int, int]:
    """What a cart of price P and x in the band costs, as (div·P + per·x + off) // div."""
    whole, slope = 2 * method.den, 2 * step.slope
    off = 2 * (step.num - step.slope * step.origin) + method.den
    common = gcd(whole, slope)
    return whole // common, slope // common, off // common


def _freed(inventory: Inventory, seller: int, limits: Limits, least: int) -> Limits:
    """`limits` without what the seller's copies can never break."""
    kept, own = [], inventory.of(seller)
    for column, low, high in limits:
        amounts = inventory.columns[column][own].tolist() or [0]
        total = sum(amounts)
        lowest = -FREE if low <= least * min(amounts) else low
        highest = FREE if high >= total else high
        if lowest > -FREE or highest < FREE:
            kept.append((column, lowest, highest))
    return kept


def _case(
    seller: int, band: int, line: tuple[int, int, int, int], rules: Rules, low: int, high: int, limits: Limits
) -> list[int]:
    div, per, column, off = line
    cap = min((rules.budget_minor + 1) * div - 1 - off, LARGEST_SUM)
    subproblem = [seller, div, per, column, cap, off, max(1, rules.min_items, low), high, band]
    for limit in limits:
        subproblem += limit
    return subproblem + [-1, 0, 0] * (MOST_ROWS - len(limits))


def as_array(subproblems: list[list[int]]) -> Ints:
    """(subproblems, SUBPROBLEM_COLUMNS)."""
    return np.array(subproblems, dtype=np.int64).reshape(-1, SUBPROBLEM_COLUMNS)
