"""The best carts of one seller each, by items × sum of scores within the budget.

A cart of q items with score sum S is worth q·S, which is quantity² × mean score. Order: higher objective,
lower total, seller by code point; all three are proven unless a search met its node limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from discogs_assistant.engine.carts.alternatives import with_next
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.search import NODE_LIMIT
from discogs_assistant.engine.carts.solutions import FoundCart, Results, cart_of, find
from discogs_assistant.engine.shipping.tariffs import Tariff

__all__ = ["CartAnswer", "FoundCart", "best_carts"]


@dataclass(frozen=True, slots=True)
class CartAnswer:
    """The best carts in order; `bound_micro` is what no cart exceeds that is missing from them.

    `results` hold what proves it (certificate.py).
    """

    carts: tuple[FoundCart, ...]
    bound_micro: int
    results: Results = field(repr=False, compare=False)

    @property
    def optimal(self) -> bool:
        """True where each cart shown is proven, and none is missing that belongs among them."""
        return self.gap == 0.0

    @property
    def gap(self) -> float:
        """The largest (bound − objective) / bound of the carts shown and of what may be missing."""
        pairs = [(cart.bound_micro, cart.objective_micro) for cart in self.carts]
        if self.carts:
            pairs.append((self.bound_micro, self.carts[-1].objective_micro))
        return max(((bound - reached) / bound for bound, reached in pairs if bound > reached), default=0.0)


def best_carts(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None = None,
    *,
    top: int = 20,
    per_seller: int = 1,
    node_limit: int = NODE_LIMIT,
) -> CartAnswer:
    """The `top` best carts, at most `per_seller` of a seller, no two of the same records.

    `tariffs` by seller; without them nothing is paid for shipping, and a seller without one is left out.
    """
    found = find(copies, rules, tariffs, top=top, node_limit=node_limit)
    ranked = sorted(found.best, key=lambda seller: (*found.best[seller].order, seller))[:top]
    carts = [cart_of(copies, tariffs, seller, found.best[seller], found.bounds[seller]) for seller in ranked]
    carts.sort(key=lambda cart: cart.order)
    if per_seller > 1:
        carts = with_next(
            copies, rules, tariffs, carts, top=top, per_seller=per_seller, node_limit=node_limit
        )
    missing = max((found.bounds[seller] for seller in found.bounds.keys() - set(ranked)), default=0)
    return CartAnswer(tuple(carts), missing, found)
