"""Every allowed cart of a few listings, one by one: what the cart engine's answers are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.checker.shipping import FREE, ShippingTerms


@dataclass(frozen=True)
class Offer:
    """A copy; `price` in minor units of the budget's currency, `worth` in those of the shipping's."""

    listing: int
    seller: str
    release: int
    group: int
    price: int
    worth: int
    score: int
    grams: int = 230
    media: int | None = None
    near: bool = False


@dataclass(frozen=True)
class Demand:
    """What is asked of a cart; one release of each set in `must` is in it."""

    budget: int
    min_items: int = 1
    must: tuple[frozenset[int], ...] = ()
    min_orders: bool = False


@dataclass(frozen=True)
class Cart:
    """An allowed cart with its sums."""

    seller: str
    offers: tuple[Offer, ...]
    objective: int
    merchandise: int
    shipping: int

    @property
    def total(self) -> int:
        return self.merchandise + self.shipping

    @property
    def order(self) -> tuple[int, int, str]:
        """Smaller is better: higher objective, lower total, seller by code point."""
        return -self.objective, self.total, self.seller


def cart_of(offers: tuple[Offer, ...], demand: Demand, terms: ShippingTerms = FREE) -> Cart | None:
    """The cart of `offers` of one seller, where it is allowed."""
    items, worth = len(offers), sum(offer.worth for offer in offers)
    merchandise = sum(offer.price for offer in offers)
    if items < max(1, demand.min_items) or merchandise > demand.budget:
        return None
    releases = {offer.release for offer in offers}
    if not all(releases & one_of for one_of in demand.must):
        return None
    if demand.min_orders and not terms.enough(worth):
        return None
    shipping = terms.cost(items, sum(offer.grams for offer in offers), worth)
    if shipping is None or merchandise + shipping > demand.budget:
        return None
    objective = items * sum(offer.score for offer in offers)
    return Cart(offers[0].seller, offers, objective, merchandise, shipping)


def all_carts(offers: Iterable[Offer], demand: Demand, terms: ShippingTerms = FREE) -> Iterator[Cart]:
    """Every allowed cart of one seller's offers, at most one copy of each group."""
    chosen: list[tuple[Offer, ...]] = [()]
    for copies in _by_group(offers).values():
        chosen += [(*cart, copy) for cart in chosen for copy in copies]
    for cart in chosen[1:]:
        found = cart_of(cart, demand, terms)
        if found is not None:
            yield found


def carts_of_each(
    offers: Iterable[Offer], demand: Demand, shipping_terms: Mapping[str, ShippingTerms] | None
) -> list[Cart]:
    """Every allowed cart of every seller; under `shipping_terms` only of sellers that have one."""
    by_seller: dict[str, list[Offer]] = {}
    for offer in offers:
        by_seller.setdefault(offer.seller, []).append(offer)
    return [
        cart
        for seller, stock in by_seller.items()
        if shipping_terms is None or seller in shipping_terms
        for cart in all_carts(stock, demand, FREE if shipping_terms is None else shipping_terms[seller])
    ]


def ranking(carts: Iterable[Cart], per_seller: int = 1) -> list[tuple[int, int, str]]:
    """Objective, total and seller of the best carts in order; of a seller no two of the same releases."""
    of_records: dict[tuple[str, frozenset[int]], tuple[int, int, str]] = {}
    for cart in carts:
        records = cart.seller, frozenset(offer.release for offer in cart.offers)
        of_records[records] = min(of_records.get(records, cart.order), cart.order)
    shown: dict[str, int] = {}
    ordered = []
    for objective, total, seller in sorted(of_records.values()):
        shown[seller] = shown.get(seller, 0) + 1
        if shown[seller] <= per_seller:
            ordered.append((-objective, total, seller))
    return ordered


def named(carts: Iterable[Cart]) -> dict[str, tuple[object, ...]]:
    """The key of each named answer that exists: its own measure, then objective, total and seller."""
    found = list(carts)
    graded = [cart for cart in found if all(offer.media is not None for offer in cart.offers)]
    near = [cart for cart in found if all(offer.near for offer in cart.offers)]
    answers = {
        "best_score": min((cart.order for cart in found), default=None),
        "most_records": min(((-len(cart.offers), *cart.order) for cart in found), default=None),
        "cheapest": min(((per_record(cart), *cart.order) for cart in found), default=None),
        "best_quality": min(((-mean_grade(cart), *cart.order) for cart in graded), default=None),
        "closest_to_home": min((cart.order for cart in near), default=None),
    }
    return {name: key for name, key in answers.items() if key is not None}


def per_record(cart: Cart) -> Fraction:
    """Total per record."""
    return Fraction(cart.total, len(cart.offers))


def mean_grade(cart: Cart) -> Fraction:
    """Mean grade of the records, all of which are graded."""
    return Fraction(sum(offer.media or 0 for offer in cart.offers), len(cart.offers))


def _by_group(offers: Iterable[Offer]) -> dict[int, list[Offer]]:
    groups: dict[int, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.group, []).append(offer)
    return groups
