"""What a seller also has and a cart does without, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.best_carts import FoundCart
from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.money import Money


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A copy (row) beside the cart, and why as a part of a sentence."""

    row: int
    why: str


def left_out(
    copies: Copies, cart: FoundCart, tariff: Tariff | None, budget: Money, *, most: int
) -> tuple[LeftOut, ...]:
    """The cheapest copy of each of the seller's releases (of a group: one) that the cart has not.

    The `most` best loved, in order. Adding any of them alone to a cart of best score breaks the budget,
    shipping by `tariff` included, or is more than the seller sends.
    """
    rows = np.flatnonzero(copies.seller == cart.seller)
    rows = rows[~np.isin(copies.group[rows], copies.group[list(cart.rows)])]
    rows = rows[np.lexsort(_canonical(copies, rows))]
    _, first = np.unique(copies.group[rows], return_index=True)
    beside = rows[np.sort(first)]
    beside = beside[np.argsort(-copies.score[beside], kind="stable")][:most]
    return tuple(LeftOut(int(row), _why(copies, cart, int(row), tariff, budget)) for row in beside)


def _canonical(copies: Copies, rows: Ints) -> tuple[Ints, ...]:
    """Keys for `lexsort`, the last first: price, higher score, better copy, lower ids."""
    return (
        copies.listing[rows],
        copies.release[rows],
        -copies.sleeve[rows],
        -copies.media[rows],
        -copies.score[rows],
        copies.price[rows],
    )


def _why(copies: Copies, cart: FoundCart, row: int, tariff: Tariff | None, budget: Money) -> str:
    quote = None if tariff is None else tariff.quote(copies.parcel([*cart.rows, row]))
    if tariff is not None and quote is None:
        return "more than the seller sends in one parcel"
    shipping = 0 if quote is None else quote.minor
    over = cart.merchandise_minor + int(copies.price[row]) + shipping - budget.minor
    if over > 0:
        return f"over the budget by {Money(over, budget.currency)}"
    return "would fit, but this answer does without it"
