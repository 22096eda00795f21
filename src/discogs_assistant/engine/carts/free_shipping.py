"""How far a cart is from free shipping, and which further record would take it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.best_carts import FoundCart
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.shipping.next_record import missing_to_free
from discogs_assistant.engine.shipping.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class FreeShipping:
    """`missing` is merchandise in minor units of the policy's currency.

    `row` is the copy that takes the cart there alone; the cart then costs `more` (less where it is negative),
    in minor units of the budget's currency. Both are None where the seller has no such copy.
    """

    missing: int
    row: int | None
    more: int | None


def free_shipping_by(copies: Copies, cart: FoundCart, tariff: Tariff | None) -> FreeShipping | None:
    """The cheapest copy of a record that the cart does without, of equal ones the best loved.

    None where shipping is free already or never is. The parcel with it must be one that the seller sends.
    """
    parcel = copies.parcel(cart.rows)
    missing = None if tariff is None else missing_to_free(tariff, parcel)
    if tariff is None or missing is None:
        return None
    rows = np.flatnonzero((copies.seller == cart.seller) & (copies.worth >= missing))
    rows = rows[~np.isin(copies.group[rows], copies.group[list(cart.rows)])]
    order = np.lexsort((copies.listing[rows], -copies.score[rows], copies.price[rows]))
    for row in rows[order].tolist():
        quote = tariff.quote(copies.parcel([*cart.rows, row]))
        if quote is not None and quote.minor == 0:
            return FreeShipping(missing, row, int(copies.price[row]) - cart.shipping_minor)
    return FreeShipping(missing, None, None)
