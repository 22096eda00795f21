"""The rules that a cart of one seller keeps to."""

from __future__ import annotations

from dataclasses import dataclass

from discogs_assistant.model.ids import ReleaseId


@dataclass(frozen=True, slots=True)
class Rules:
    """`budget_minor` limits merchandise and shipping, the limit itself allowed.

    `required`: of each set one release is in the cart. With `min_orders` a seller's minimum order holds.
    """

    budget_minor: int
    min_items: int = 1
    required: tuple[frozenset[ReleaseId], ...] = ()
    min_orders: bool = False
