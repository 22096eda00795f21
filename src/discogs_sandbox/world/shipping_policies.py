"""The made-up sellers' shipping policies: the first record costs what the seller's words say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from discogs_sandbox.world.countries import COUNTRIES, near
from discogs_sandbox.world.prices import Price
from discogs_sandbox.world.seeded_random import Odds, SeededRandom
from discogs_sandbox.world.shipping import (
    PolicyAnswer,
    RangeType,
    ShippingMethod,
    ShippingPolicy,
    ShippingRange,
)

_ANSWERS = Odds((
    (PolicyAnswer.POLICIES, 88), (PolicyAnswer.EMPTY, 8), (PolicyAnswer.NO_LIST, 0.7),
    (PolicyAnswer.TEXT_PRICES, 0.7), (PolicyAnswer.NO_CURRENCY, 0.6), (PolicyAnswer.REFUSED, 1),
    (PolicyAnswer.SERVER_ERROR, 1),
))  # fmt: skip
_TWO_METHODS, _BY_WEIGHT = 0.25, 0.5
_HOME_ALONE, _NEAR_ALONE, _NOT_TO_THE_US = 0.05, 0.1, 0.06
_FREE_FROM, _FREE_AT_HOME = 0.18, 0.04
_GRAMS = (999, 1999, 4999, 9999, None)
_FURTHER_BY_GRAMS = (0, 1, 3, 6, 10)
_LETTER_GRAMS = (749, 1249)
_ITEMS = (0, 1, 2, 3, 5, 9, None)
_CARRIERS = {
    "United States": "USPS", "Germany": "DHL", "United Kingdom": "Royal Mail", "France": "La Poste",
    "Netherlands": "PostNL", "Italy": "Poste Italiane", "Japan": "Japan Post", "Canada": "Canada Post",
    "Australia": "Australia Post", "Spain": "Correos", "Sweden": "PostNord", "Belgium": "bpost",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What a seller's words say: the first record at home and abroad, each further one at home.

    `bundle` records go for the price of the first. All amounts are in the seller's currency.
    """

    country: str
    home: Price
    each: Price
    abroad: Price
    bundle: int = 1


@dataclass(frozen=True, slots=True)
class _Rates:
    first: Decimal
    further: Decimal


def draw_answer(rng: SeededRandom) -> PolicyAnswer:
    """How the endpoint answers for a seller: for most as it should."""
    return rng.weighted(_ANSWERS)


def make_policies(terms: Terms, rng: SeededRandom) -> tuple[ShippingPolicy, ...]:
    """A policy for the seller's country, and for most sellers one for those near it and one for the rest."""
    by_weight, two = rng.chance(_BY_WEIGHT), rng.chance(_TWO_METHODS)
    free_from = _free_from(terms, rng)
    return tuple(
        ShippingPolicy(
            number,
            countries,
            _methods(terms, rates, by_weight=by_weight, two=two),
            free_from if countries == (terms.country,) else None,
        )
        for number, (countries, rates) in enumerate(_destinations(terms, rng), 1)
    )


def _destinations(terms: Terms, rng: SeededRandom) -> list[tuple[tuple[str, ...], _Rates]]:
    """Where the seller sends to, in groups of countries with the same prices."""
    beside, far = near(terms.country), rng.number()
    rest = tuple(name for name in COUNTRIES if name != terms.country and name not in beside)
    if far > 1 - _NOT_TO_THE_US:
        rest = tuple(name for name in rest if name != "United States")
    home: tuple[str, ...] = (terms.country,)
    groups = [(home, _Rates(terms.home.amount, terms.each.amount))]
    if beside and far >= _HOME_ALONE:
        groups.append((beside, _Rates(_middle(terms.home, terms.abroad), terms.each.amount)))
    if far >= _HOME_ALONE + _NEAR_ALONE:
        groups.append((rest, _Rates(terms.abroad.amount, 2 * terms.each.amount)))
    return groups


def _free_from(terms: Terms, rng: SeededRandom) -> Decimal | None:
    """The merchandise from which shipping at home is free: ten times its price, or 0."""
    fate = rng.number()
    if fate < _FREE_AT_HOME:
        return Decimal(0)
    return 10 * terms.home.amount if fate < _FREE_AT_HOME + _FREE_FROM else None


def _methods(terms: Terms, rates: _Rates, *, by_weight: bool, two: bool) -> tuple[ShippingMethod, ...]:
    carrier = _CARRIERS.get(terms.country, "Post")
    parcel = _Rates(rates.first + 2 * rates.further, rates.further) if two else rates
    ranges = _by_weight(parcel) if by_weight else _by_quantity(parcel, terms.bundle)
    kind = RangeType.WEIGHT if by_weight else RangeType.QUANTITY
    name = f"Tracked - {carrier}" if two else f"Standard - {carrier}"
    methods = (ShippingMethod(name, kind, ranges),)
    if not two:
        return methods
    letter = tuple(
        ShippingRange(grams, rates.first + place * rates.further) for place, grams in enumerate(_LETTER_GRAMS)
    )
    return (ShippingMethod(f"Letter - {carrier}", RangeType.WEIGHT, letter), *methods)


def _by_weight(rates: _Rates) -> tuple[ShippingRange, ...]:
    steps = zip(_GRAMS, _FURTHER_BY_GRAMS, strict=True)
    return tuple(ShippingRange(grams, rates.first + further * rates.further) for grams, further in steps)


def _by_quantity(rates: _Rates, bundle: int) -> tuple[ShippingRange, ...]:
    """A price for each further record, the last one for all beyond."""
    return tuple(
        ShippingRange(None if items is None else bundle + items, rates.first + place * rates.further)
        for place, items in enumerate(_ITEMS)
    )


def _middle(home: Price, abroad: Price) -> Decimal:
    step = Decimal(100) if home.currency == "JPY" else Decimal("0.50")
    return round((home.amount + abroad.amount) / 2 / step) * step
