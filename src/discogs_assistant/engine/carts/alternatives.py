"""A seller's next best carts, no two of the same records."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.inventory import of_sellers
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.solutions import FoundCart, cart_of, find
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.ids import ReleaseId


@dataclass(order=True, slots=True)
class _Part:
    """A part of all carts with its best one; parts never overlap."""

    order: tuple[int, int, int, tuple[int, ...]]
    cart: FoundCart = field(compare=False)
    rules: Rules = field(compare=False)
    banned: frozenset[ReleaseId] = field(compare=False)


def with_next(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    carts: Sequence[FoundCart],
    *,
    top: int,
    per_seller: int,
    node_limit: int,
) -> list[FoundCart]:
    """The best `top` of `carts` (in order, one a seller) and their sellers' next ones."""
    shown = list(carts)
    for first in carts:
        if len(shown) >= top and first.objective_micro < shown[top - 1].objective_micro:
            break
        following = _Following(copies, rules, tariffs, first, node_limit)
        for _ in range(per_seller - 1):
            cart = following.find(shown[top - 1].objective_micro if len(shown) >= top else 0)
            if cart is None:
                break
            shown = sorted([*shown, cart], key=lambda cart: cart.order)[:top]
    return shown


class _Following:
    """The carts of a seller by falling objective, then rising total, each found when asked for.

    After Lawler (1972): what is left beside a best cart of releases r1 … rk is split into carts without r1,
    with r1 without r2, …, and those with all of them and more; each part's best is found as the first was.
    """

    def __init__(
        self,
        copies: Copies,
        rules: Rules,
        tariffs: Sequence[Tariff | None] | None,
        first: FoundCart,
        node_limit: int,
    ) -> None:
        self.whole, self.all_tariffs = copies, tariffs
        self.copies, self.tariffs, self.rows = of_sellers(copies, tariffs, [first.seller])
        self.seller, self.node_limit = first.seller, node_limit
        self.proven = first.proof is Proof.OPTIMAL
        self.parts: list[_Part] = []
        self.last = _Part(first.order, first, rules, frozenset())

    def find(self, enough: int) -> FoundCart | None:
        """The next cart, if its objective is `enough`."""
        for rules, banned in _split(self.last, self._releases(self.last.cart)):
            self._push(rules, banned, enough)
        if not self.parts:
            return None
        self.last = heapq.heappop(self.parts)
        if self.proven:
            return self.last.cart
        return replace(self.last.cart, proof=Proof.HEURISTIC)

    def _releases(self, cart: FoundCart) -> list[ReleaseId]:
        places = np.searchsorted(self.rows, cart.rows)
        return [ReleaseId(release) for release in self.copies.release[places].tolist()]

    def _push(self, rules: Rules, banned: frozenset[ReleaseId], enough: int) -> None:
        left = np.flatnonzero(~np.isin(self.copies.release, list(banned)))
        copies = self.copies.take(left)
        found = find(copies, rules, self.tariffs, top=1, enough=enough, node_limit=self.node_limit)
        if 0 not in found.best:
            return
        best = found.best[0]
        best = replace(best, rows=tuple(self.rows[left[list(best.rows)]].tolist()))
        cart = cart_of(self.whole, self.all_tariffs, self.seller, best, found.bounds[0])
        self.proven = self.proven and cart.proof is Proof.OPTIMAL
        heapq.heappush(self.parts, _Part(cart.order, cart, rules, banned))


def _split(part: _Part, releases: Sequence[ReleaseId]) -> Iterator[tuple[Rules, frozenset[ReleaseId]]]:
    forced = {release for one_of in part.rules.required if len(one_of) == 1 for release in one_of}
    rules = part.rules
    for release in releases:
        if release in forced:
            continue
        yield rules, part.banned | {release}
        rules = replace(rules, required=(*rules.required, frozenset({release})))
    yield replace(rules, min_items=len(releases) + 1), part.banned
