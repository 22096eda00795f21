"""Small made-up markets for the cart engine: each with one kind of shipping and several features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from tests.checker.cart_oracle import Demand, Offer
from tests.checker.dice import Dice
from tests.checker.shipping import Band, Method, ShippingTerms

SHIPPING_KINDS = (
    "none", "linear", "items_bands", "grams_bands", "value_bands", "min_orders", "falling", "foreign",
    "methods", "crossing", "free_from", "everything",
)  # fmt: skip
ABROAD = "foreign", "everything"
"""Kinds in another currency than the budget's."""

SCORES = ("uniform", "equal", "correlated", "tied", "zero", "huge")
ONCE_IN = {
    "min_items": 4, "must": 4, "any_of": 5, "groups": 4, "copies": 4, "subtotal": 4, "single": 5, "barren": 5,
}  # fmt: skip
"""How seldom each feature is there."""

BYTES = 120
SELLERS = ("b", "B", "é")
RELEASES = 6


@dataclass(frozen=True)
class Market:
    """Offers and what is asked of them; a seller without shipping is not considered where others have one."""

    offers: tuple[Offer, ...]
    demand: Demand
    shipping_terms: dict[str, ShippingTerms] | None
    features: frozenset[str] = frozenset()


def market(dice: Dice, kind: str, most: int = 8) -> Market:
    """Up to `most` copies at up to three sellers, with shipping of a kind."""
    scoring = dice.pick(3 * SCORES)
    features = frozenset(feature for feature, often in ONCE_IN.items() if dice.chance(often))
    shared = "groups" in features or "any_of" in features
    groups = [dice.pick((release, 1, 2)) if shared else release for release in range(RELEASES)]
    scores = [_score(dice, scoring) for _ in range(RELEASES)]
    prices = [dice.within(1, 30) for _ in range(RELEASES)]
    sellers = SELLERS[: 1 + dice.below(3)]
    offers = []
    for number in range(min(most, dice.below(16))):
        seller = f"s{number}" if "single" in features else dice.pick(sellers)
        release = dice.below(3 if "copies" in features else RELEASES)
        price = _price(dice, scoring, prices[release], most=10 if kind in ABROAD else 10**9)
        score = 1000 * price + scores[release] % 3 if scoring == "correlated" else scores[release]
        offers.append(
            _offer(dice, (number, seller, release, groups[release]), price, score, exact=kind not in ABROAD)
        )
    shipping_terms = None
    if kind != "none":
        shipping_terms = {}
        for seller in sorted({offer.seller for offer in offers}):
            if not dice.chance(8):
                worths = [offer.worth for offer in offers if offer.seller == seller]
                shipping_terms[seller] = made_terms(dice, kind, worths)
    demand = _demand(dice, kind, features, offers)
    return Market(tuple(offers), demand, shipping_terms, features | {scoring})


def _score(dice: Dice, scoring: str) -> int:
    if scoring == "equal":
        return 500_000
    if scoring == "tied":
        return dice.pick((5, 5, 10, 0))
    if scoring == "zero":
        return 0
    if scoring == "huge":
        return max(0, dice.below(101) * 10**10 - dice.below(2))
    return dice.pick((0, 1, 300_000)) + dice.below(100) * dice.pick((1, 10_000))


def _price(dice: Dice, scoring: str, usual: int, *, most: int) -> int:
    """Mostly the record's usual price, or near it; with huge scores about `most` times as much."""
    price = max(1, usual + dice.pick((0, 0, 1, -1, 7)))
    return most * price - dice.below(3) if scoring == "huge" else price


def _offer(dice: Dice, of: tuple[int, str, int, int], price: int, score: int, *, exact: bool) -> Offer:
    number, seller, release, group = of
    return Offer(
        listing=1 + number * 7 % 11,
        seller=seller,
        release=release,
        group=group,
        price=price,
        worth=price if exact else max(1, price + dice.pick((0, 0, 1, -1))),
        score=score,
        grams=dice.pick((230, 230, 60, 460, 100)),
        media=dice.pick((None, 6, 3, 8)),
        near=dice.chance(2),
    )


def _demand(dice: Dice, kind: str, features: frozenset[str], offers: list[Offer]) -> Demand:
    prices, releases = [offer.price for offer in offers], [offer.release for offer in offers] or [0]
    budget = 1 + (sum(prices) + 20) * dice.within(1, 16) // 12
    if "subtotal" in features:
        budget = max(1, sum(price for price in prices if dice.chance(2)))
    must: tuple[frozenset[int], ...] = ()
    if "must" in features:
        must = tuple(frozenset({dice.pick(releases)}) for _ in range(dice.pick((1, 1, 2))))
    if "any_of" in features:
        must += (frozenset({dice.pick(releases), dice.below(RELEASES)}),)
    if "barren" in features:
        budget = dice.within(1, 4)
    least = dice.within(1, 4) if "min_items" in features else 1
    return Demand(budget, least, must, kind == "min_orders" or (kind in ABROAD and dice.chance(2)))


def made_terms(dice: Dice, kind: str, worths: Sequence[int]) -> ShippingTerms:
    """One band for all, several, falling ones with gaps, in another currency, as `kind` says.

    What is free from a value is often just what some copies of these `worths` come to.
    """
    if kind == "linear":
        return ShippingTerms((_linear(dice),), "USD", 2, Fraction(100))
    unit = {"items_bands": "items", "grams_bands": "grams", "value_bands": "value"}.get(
        kind, dice.pick(("items", "grams", "value"))
    )
    foreign = kind in ABROAD
    methods = [Method(unit, _bands(dice, unit, falling=kind in {"falling", *ABROAD}))]
    if kind == "crossing":
        methods = [_linear(dice), _linear(dice)]
    if kind in {"methods", "everything"}:
        for _ in range(dice.pick((1, 2))):
            other = dice.pick((unit, "items", "grams", "value"))
            methods.append(Method(other, _bands(dice, other, falling=dice.chance(2))))
    least = dice.below(30) if kind in {"min_orders", "value_bands", *ABROAD} and dice.chance(2) else None
    free = (
        _free_from(dice, worths) if kind == "free_from" or (kind == "everything" and dice.chance(2)) else None
    )
    return ShippingTerms(
        tuple(methods),
        "EUR" if foreign else "USD",
        2,
        Fraction(dice.pick(("1.085", "0.9999999999", "1.3333333333"))) * 100 if foreign else Fraction(100),
        None if least is None else Decimal(least).scaleb(-2),
        None if free is None else Decimal(free).scaleb(-2),
    )


def _free_from(dice: Dice, worths: Sequence[int]) -> int:
    """The sum of some of the copies, or near it, or anything."""
    some = sum(worth for worth in worths if dice.chance(2))
    return max(0, dice.pick((some, some, some - 1, some + 1, dice.below(60))))


def _linear(dice: Dice) -> Method:
    """A first item and each further one; most often without an end."""
    first, further = sorted((dice.below(13), dice.below(9)), reverse=not dice.chance(4))
    end = Decimal(dice.within(1, 4)) if dice.chance(5) else None
    return Method("items", (Band(Decimal(1), end, Decimal(first).scaleb(-2), Decimal(further).scaleb(-2)),))


def _bands(dice: Dice, unit: str, *, falling: bool) -> tuple[Band, ...]:
    step = {"items": 1, "grams": 115, "value": 5}[unit]
    low, bands = dice.pick((1, 0, 0)) if unit != "items" else dice.pick((1, 1, 0, 2)), []
    count = dice.within(1, 3)
    for number in range(count):
        high = low + dice.within(0, 4) * step
        last = number == count - 1 and not dice.chance(4)
        bands.append(_band(dice, unit, low, None if last else high, falling=falling))
        smallest = 0 if high > low else 1
        low = high + (dice.pick((smallest, 1)) if not falling else dice.pick((smallest, 1, step + 1)))
    return tuple(bands)


def _band(dice: Dice, unit: str, low: int, high: int | None, *, falling: bool) -> Band:
    """Costs that never fall below 0, also where each further unit makes the parcel cheaper."""
    cost = dice.below(13)
    per_unit = dice.pick((0, 1, 2, 4)) * (Decimal("0.01") if unit == "items" else Decimal("0.0001"))
    if unit == "value":
        per_unit = dice.pick((Decimal(0), Decimal("0.05"), Decimal("0.333")))
    if falling and high is not None and dice.chance(4):
        span = Decimal(high - low) * (Decimal("0.01") if unit == "value" else 1)
        most = (Decimal(cost).scaleb(-2) / span).quantize(Decimal("0.0001"), ROUND_DOWN) if span else per_unit
        per_unit = -min(per_unit, most)
    scale = Decimal("0.01") if unit == "value" else Decimal(1)
    end = None if high is None else high * scale
    return Band(low * scale, end, Decimal(cost).scaleb(-2), per_unit)
