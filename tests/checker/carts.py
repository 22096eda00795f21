"""Does the JSON that `carts` printed hold? Everything is computed again from the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.checker import files
from tests.checker.cart_oracle import Cart, Demand, Offer, cart_of
from tests.checker.eligible import Criteria, eligible
from tests.checker.shipping import FREE, ShippingTerms

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """The command's options, as they were typed."""

    listings: Path
    scores: Path
    budget: str
    currency: str
    top: int = 20
    per_seller: int = 1
    min_items: int = 1
    must: tuple[int, ...] = ()
    criteria: Criteria = field(default_factory=Criteria)
    policies: Path | None = None
    ships_to: str | None = None
    unknown_free: bool = False
    min_orders: bool = False

    def options(self) -> list[str]:
        """The same on the command line."""
        words = [
            "--listings", self.listings, "--scores", self.scores, "--budget", self.budget,
            "--currency", self.currency, "--top", self.top,
            "--per-seller", self.per_seller, "--min-items", self.min_items,
        ]  # fmt: skip
        words += [word for release in self.must for word in ("--must", release)]
        if self.policies is not None:
            words += ["--policies", self.policies, "--ships-to", self.ships_to or ""]
        words += ["--unknown-shipping", "free"] if self.unknown_free else []
        words += ["--min-orders"] if self.min_orders else []
        return [*map(str, words), *self.criteria.options()]


@dataclass(frozen=True)
class Stock:
    """What the files offer: eligible offers by seller, and the shipping of those who are considered."""

    offers: Mapping[str, tuple[Offer, ...]]
    shipping_terms: Mapping[str, ShippingTerms]
    demand: Demand
    read: int

    @property
    def considered(self) -> dict[str, tuple[Offer, ...]]:
        """Offers of the sellers with shipping."""
        return {seller: offers for seller, offers in self.offers.items() if seller in self.shipping_terms}


def stock(asked: Asked, rates: Mapping[str, str] | None = None) -> Stock:
    """The files read again; `rates` into the currency asked for."""
    money = files.Money(asked.currency, {name: Decimal(str(rate)) for name, rate in (rates or {}).items()})
    everything = files.listings(asked.listings)
    scores = files.scored(asked.scores)
    wanted = [listing for listing in everything if listing.release in scores]
    passed = eligible(wanted, asked.criteria, money)
    sellers = sorted({listing.seller for listing in passed})
    shipping_terms: dict[str, ShippingTerms] = {}
    if asked.policies is None or asked.unknown_free:
        shipping_terms = dict.fromkeys(sellers, FREE)
    if asked.policies is not None:
        shipping_terms |= files.shipping_terms(asked.policies, asked.ships_to or "", money, sellers)
    offers: dict[str, list[Offer]] = {}
    for listing in passed:
        into = shipping_terms.get(listing.seller, FREE).currency or asked.currency
        offers.setdefault(listing.seller, []).append(_offer(listing, scores, money, into))
    demand = Demand(
        money.minor(Decimal(asked.budget), asked.currency),
        asked.min_items,
        tuple(frozenset({release}) for release in asked.must),
        asked.min_orders,
    )
    return Stock(
        {seller: tuple(found) for seller, found in offers.items()}, shipping_terms, demand, len(everything)
    )


def _offer(
    listing: files.Listing, scores: Mapping[int, files.Scored], money: files.Money, into: str
) -> Offer:
    scored = scores[listing.release]
    return Offer(
        listing=listing.listing,
        seller=listing.seller,
        release=listing.release,
        group=hash(("group", scored.group) if scored.group else ("alone", listing.release)),
        price=money.minor(listing.price, listing.currency),
        worth=money.minor(listing.price, listing.currency, into),
        score=scored.score,
        grams=listing.grams,
        media=listing.media,
    )


def check(asked: Asked, answer: Json) -> Stock:
    """Fails by assertion where the answer says something that the files do not bear out."""
    market = stock(asked, (answer.get("rates") or {}).get("values"))
    assert answer["currency"] == asked.currency
    assert answer["budget_minor"] == market.demand.budget
    assert answer["listings"] == market.read
    assert answer["eligible"] == sum(map(len, market.offers.values()))
    assert answer["sellers"] == len(market.offers)
    assert isinstance(answer["partial"], list)
    carts = [check_cart(market, cart) for cart in answer["carts"]]
    assert [cart["rank"] for cart in answer["carts"]] == list(range(1, len(carts) + 1))
    assert [cart.order for cart in carts] == sorted(cart.order for cart in carts)
    assert len(carts) <= asked.top
    for seller in {cart.seller for cart in carts}:
        records = [frozenset(o.release for o in cart.offers) for cart in carts if cart.seller == seller]
        assert len(records) == len(set(records)) <= asked.per_seller
    _check_proof(answer)
    return market


def check_cart(market: Stock, shown: Json) -> Cart:
    """A cart of the answer, rebuilt from its listings alone."""
    seller, listed = shown["seller"], shown["listing_ids"]
    by_id = {offer.listing: offer for offer in market.considered[seller]}
    assert listed == sorted(set(listed))
    offers = tuple(by_id[listing] for listing in listed)
    assert len({offer.group for offer in offers}) == len({offer.release for offer in offers}) == len(offers)
    cart = cart_of(offers, market.demand, market.shipping_terms[seller])
    assert cart is not None, f"the cart at {seller} is not allowed"
    sums = {
        "items": len(offers),
        "score_sum_micro": sum(offer.score for offer in offers),
        "objective_micro": cart.objective,
        "merchandise_minor": cart.merchandise,
        "shipping_minor": cart.shipping,
        "total_minor": cart.total,
    }
    assert sums == {name: shown[name] for name in sums}
    assert shown["bound_micro"] >= cart.objective
    if shown["proof"] == "optimal":
        assert shown["bound_micro"] == cart.objective
    assert shown["proof"] in {"optimal", "within", "heuristic"}
    return cart


def _check_proof(answer: Json) -> None:
    """An optimal answer has no gap; any other has the largest of its carts at least."""
    proof = answer["proof"]
    gaps = [
        Fraction(cart["bound_micro"] - cart["objective_micro"], cart["bound_micro"])
        for cart in answer["carts"]
        if cart["bound_micro"] > cart["objective_micro"] and cart["proof"] != "heuristic"
    ]
    assert (proof["status"], proof["gap"] > 0) in {("within", True), ("optimal", False)}
    assert 0 <= proof["gap"] <= 1
    assert proof["gap"] >= float(max(gaps, default=Fraction(0))) * (1 - 1e-9)
