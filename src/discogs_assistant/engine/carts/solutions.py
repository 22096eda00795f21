"""The best cart of each seller, with what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.exact_sums import within_reach
from discogs_assistant.engine.carts.inventory import inventory_of
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.search import NODE_LIMIT, Best, Search
from discogs_assistant.engine.carts.subproblems import CHEAPEST, Mode
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ReleaseId

_MOST_VARIANTS = 1000


@dataclass(frozen=True, slots=True)
class FoundCart:
    """A cart of `seller` (index): `rows` of the copies by ascending listing id; money in minor units.

    `bound_micro` is what no cart of this seller exceeds.
    """

    seller: int
    rows: tuple[int, ...]
    score_micro: int
    objective_micro: int
    merchandise_minor: int
    shipping_minor: int
    bound_micro: int
    proof: Proof

    @property
    def total_minor(self) -> int:
        """Merchandise and shipping."""
        return self.merchandise_minor + self.shipping_minor

    @property
    def order(self) -> tuple[int, int, int, tuple[int, ...]]:
        """Sort key: higher objective, lower total, seller by code point."""
        return (-self.objective_micro, self.total_minor, self.seller, self.rows)


@dataclass(frozen=True, slots=True)
class Results:
    """By seller its best cart, and what none of its carts exceeds; sellers without a bound have no cart."""

    best: dict[int, Best]
    bounds: dict[int, int]
    searches: tuple[Search, ...]


def find(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    *,
    top: int,
    enough: int = 0,
    side: Ints | None = None,
    node_limit: int = NODE_LIMIT,
) -> Results:
    """The best carts of at least the `top` best sellers, as far as their objective is `enough`.

    The sum of `side` (n,) over a cart is not negative.
    """
    least, near = None if side is None else 0, within_reach(copies, rules)
    searches = [
        Search(
            inventory_of(near, variant.required, side=side), variant, tariffs, top=top, enough=enough,
            side=least, node_limit=node_limit,
        )
        for variant in variants(copies, rules)
    ]  # fmt: skip
    found = _merged(searches)
    if enough > 0 or len(found.best) >= top:
        return found
    others = ~np.isin(copies.seller, list(found.best))
    zero = cheapest(copies, rules, tariffs, keep=others, side=side, node_limit=node_limit)
    bounds = {seller: max(found.bounds.get(seller, 0), bound) for seller, bound in zero.bounds.items()}
    return Results({**zero.best, **found.best}, {**found.bounds, **bounds}, found.searches)


def cheapest(
    copies: Copies,
    rules: Rules,
    tariffs: Sequence[Tariff | None] | None,
    *,
    keep: Mask | None = None,
    side: Ints | None = None,
    node_limit: int = NODE_LIMIT,
) -> Results:
    """Each seller's cheapest cart of copies of `keep`, as one of objective 0; the bound is 1 if it is not
    proven."""
    near = within_reach(copies, rules)
    searches = [
        Search(
            inventory_of(near, variant.required, keep=keep, side=side), variant, tariffs, CHEAPEST, top=1,
            side=None if side is None else 0, node_limit=node_limit,
        )
        for variant in variants(copies, rules)
    ]  # fmt: skip
    found = _merged(searches)
    open_ended = {opened.seller for search in searches for opened in search.opened if opened.tie}
    best = {seller: replace(cart, objective=0) for seller, cart in found.best.items()}
    return Results(best, {seller: int(seller in open_ended) for seller in best}, tuple(searches))


def highest_sum(
    copies: Copies, amounts: Ints, rules: Rules, tariffs: Sequence[Tariff | None] | None
) -> tuple[int, tuple[int, ...]] | None:
    """Of all allowed carts the highest sum of `amounts` (n,), and the cart's copies; None without a cart."""
    measured = replace(within_reach(copies, rules), score=amounts)
    searches = [
        Search(inventory_of(measured, variant.required), variant, tariffs, Mode(linear=True), top=1)
        for variant in variants(copies, rules)
    ]
    found = _merged(searches).best
    best = min(((*best.order, seller) for seller, best in found.items()), default=None)
    return None if best is None else (-best[0], found[best[2]].rows)


def cart_of(
    copies: Copies, tariffs: Sequence[Tariff | None] | None, seller: int, best: Best, bound: int
) -> FoundCart:
    """The cart with its sums; the bracket in which it was found may not be its cheapest."""
    rows = np.array(best.rows)
    merchandise, score = sum(copies.price[rows].tolist()), sum(copies.score[rows].tolist())
    tariff = None if tariffs is None else tariffs[seller]
    quote = None if tariff is None else tariff.quote(copies.parcel(best.rows))
    objective = len(best.rows) * score
    bound = max(bound, objective)
    proof = Proof.OPTIMAL if bound == objective else Proof.WITHIN
    ordered = tuple(rows[np.argsort(copies.listing[rows])].tolist())
    shipping = 0 if quote is None else quote.minor
    return FoundCart(seller, ordered, score, objective, merchandise, shipping, bound, proof)


def _merged(searches: Sequence[Search]) -> Results:
    """Each seller's best; a bound one above its objective where a lower total is possible."""
    best: dict[int, Best] = {}
    bounds: dict[int, int] = {}
    for search in searches:
        search.run()
        for seller, cart in search.best.items():
            if seller not in best or cart.order < best[seller].order:
                best[seller] = cart
        for opened in search.opened:
            bound = opened.bound + opened.tie
            bounds[opened.seller] = max(bounds.get(opened.seller, bound), bound)
    return Results(best, bounds, tuple(searches))


def variants(copies: Copies, rules: Rules) -> Iterator[Rules]:
    """`rules` with sets of one group each: for a set whose releases are of several groups, each group by
    turn."""
    choices = [_by_group(copies, releases) for releases in rules.required]
    if np.prod([float(len(choice)) for choice in choices]) > _MOST_VARIANTS:
        raise BadInputError(
            "The required releases have too many pressings to try each combination.",
            "Require fewer releases.",
            field="must",
        )
    for required in product(*choices):
        yield replace(rules, required=required)


def _by_group(copies: Copies, releases: frozenset[ReleaseId]) -> list[frozenset[ReleaseId]]:
    rows = np.isin(copies.release, np.array(sorted(releases), dtype=np.int64))
    groups: dict[int, set[ReleaseId]] = {}
    for release, group in zip(copies.release[rows].tolist(), copies.group[rows].tolist(), strict=True):
        groups.setdefault(group, set()).add(ReleaseId(release))
    return [frozenset(groups[group]) for group in sorted(groups)] or [releases]
