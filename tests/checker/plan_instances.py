"""Small wants and markets for the plan engine: each with one kind of shipping and several features."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.checker.cart_instances import ABROAD, made_terms
from tests.checker.dice import Dice
from tests.checker.plan_oracle import Copy, Limits, Want
from tests.checker.shipping import ShippingTerms

SHIPPING_KINDS = (
    "none", "linear", "items_bands", "grams_bands", "value_bands", "min_orders", "falling", "foreign",
    "methods", "crossing", "free_from", "everything",
)  # fmt: skip
QUESTIONS = ("cheapest", "most", "fewest")
ONCE_IN = {
    "tied": 4, "correlated": 4, "zero": 4, "must": 4, "groups": 4, "copies": 3, "max_sellers": 4,
    "subtotal": 4, "single": 4, "barren": 4, "dear": 4,
}  # fmt: skip
"""How seldom each feature is there."""

BYTES = 110
SELLERS = ("b", "B", "é")


@dataclass(frozen=True)
class Case:
    """Copies, wants, question and limits; where others have shipping, sellers without are left out."""

    question: str
    copies: tuple[Copy, ...]
    wants: tuple[Want, ...]
    limits: Limits
    shipping_terms: dict[str, ShippingTerms] | None
    features: frozenset[str]


def case(dice: Dice, kind: str, most: int = 7) -> Case:
    """Up to four wants and `most` listings at up to three sellers, with shipping of a kind."""
    question = dice.pick(QUESTIONS)
    features = frozenset(feature for feature, often in ONCE_IN.items() if dice.chance(often))
    wants = tuple(_want(dice, features, release) for release in range(dice.within(1, 4)))
    sellers = SELLERS[: 1 + dice.below(3)]
    copies = tuple(
        _copy(dice, kind, features, number, len(wants), sellers)
        for number in range(min(most, dice.below(16)))
    )
    budget: int | None = _budget(dice, features, copies)
    if question != "most" and "subtotal" not in features and not dice.chance(3):
        budget = None
    parcels = dice.within(1, 2) if "max_sellers" in features else None
    limits = Limits(budget, parcels, Fraction(dice.pick((5, 0, 30, 100)), 100))
    shipping_terms = None
    if kind != "none":
        shipping_terms = {}
        for seller in sorted({copy.seller for copy in copies}):
            if not dice.chance(8):
                worths = [copy.worth for copy in copies if copy.seller == seller]
                shipping_terms[seller] = made_terms(dice, kind, worths)
    return Case(question, copies, wants, limits, shipping_terms, features | {question})


def _want(dice: Dice, features: frozenset[str], release: int) -> Want:
    score = 0 if "zero" in features else dice.pick((1_000_000, 500_000, 2_000_000, 1, 0))
    return Want(
        release,
        score,
        "must" in features and dice.chance(2),
        dice.pick((1, 2, 3)) if "copies" in features else 1,
        dice.pick((None, 1, 1)) if "groups" in features else None,
    )


def _copy(
    dice: Dice, kind: str, features: frozenset[str], number: int, wants: int, sellers: tuple[str, ...]
) -> Copy:
    release = dice.below(wants)
    price = dice.within(1, 40)
    if "correlated" in features:
        price = 10 * (release + 1) + price % 3
    if "tied" in features:
        price = 5
    if "dear" in features:
        price = _dear(dice, price, kind)
    return Copy(
        listing=1 + number * 7 % 11,
        seller=f"s{number}" if "single" in features else dice.pick(sellers),
        release=release + (dice.pick((0, wants)) if "barren" in features else 0),
        price=price,
        worth=price if kind not in ABROAD else max(1, price + dice.pick((0, 0, 1, -1))),
        quantity=dice.pick((1, 2, 3)) if "copies" in features else 1,
        grams=dice.pick((230, 60, 460)),
    )


def _dear(dice: Dice, price: int, kind: str) -> int:
    """Above 10^6; where nothing depends on a parcel's value up to 10^9, near to others or far from them."""
    if kind not in {"none", "linear", "items_bands", "grams_bands"} or dice.chance(2):
        return 10**6 + price
    return dice.pick((10**9 + price, 10**7 * price - dice.below(256)))


def _budget(dice: Dice, features: frozenset[str], copies: tuple[Copy, ...]) -> int:
    whole = sum(copy.price for copy in copies)
    if "subtotal" in features:
        return max(1, sum(copy.price for copy in copies if dice.chance(2)))
    return 1 + (whole + 20) * dice.within(1, 16) // 16
