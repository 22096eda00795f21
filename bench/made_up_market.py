"""Made-up markets of thousands of sellers, the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.shipping.tariffs import Method, Step, Tariff, single_method
from discogs_assistant.model.shipping import Confidence, ShippingUnit

SEED = 20261125
SCORES = ("recommended", "equal", "mixed")
"""As recommendation scores, all 1, or half of each."""

_STOCK_EXPONENT = 1.13
_LARGEST_STOCK = 600


def market(sellers: int, listings: int, releases: int, scores: str, seed: int = SEED) -> Copies:
    """About `listings` copies of `releases` records.

    Sizes of stocks by a power law, records by a power law of demand, prices log-normal around 12, each
    record's usual price times each seller's mood, and ending in .99.
    """
    dice = np.random.default_rng(seed)
    seller = np.repeat(np.arange(sellers), _stocks(dice, sellers, listings))
    count = len(seller)
    demand = 1 / (10 + np.arange(releases)) ** 0.6
    release = dice.choice(releases, count, p=demand / demand.sum())
    usual = dice.lognormal(np.log(12), 0.7, releases)
    price = usual[release] * dice.lognormal(0, 0.35, count)
    minor = 100 * np.floor(price).astype(np.int64) + 99
    return Copies(
        sellers=tuple(f"seller{number:06}" for number in range(sellers)),
        listing=dice.permutation(count).astype(np.int64) + 1,
        seller=seller.astype(np.int64),
        release=release.astype(np.int64),
        group=release.astype(np.int64),
        price=minor,
        worth=minor,
        score=_scores(dice, releases, scores)[release],
        grams=dice.choice(np.array([230, 230, 230, 460, 60]), count).astype(np.int64),
        quantity=np.ones(count, dtype=np.int64),
        media=dice.integers(3, 9, count, dtype=np.int64),
        sleeve=dice.integers(0, 9, count, dtype=np.int64),
    )


def even_market(sellers: int, listings: int, releases: int, seed: int = SEED) -> Copies:
    """Sellers with about as many records each, all as common as each other; prices log-normal around 11."""
    dice = np.random.default_rng(seed)
    release = 1 + dice.integers(0, releases, listings)
    minor = 100 * (3 + dice.lognormal(2.4, 0.6, listings).astype(np.int64)) + 50
    same = np.ones(listings, dtype=np.int64)
    return Copies(
        sellers=tuple(f"seller{number:06}" for number in range(sellers)),
        listing=np.arange(1, listings + 1),
        seller=dice.integers(0, sellers, listings),
        release=release,
        group=release,
        price=minor,
        worth=minor,
        score=10**6 * same,
        grams=230 * same,
        quantity=same,
        media=6 * same,
        sleeve=6 * same,
    )


def scored(copies: Copies, scores: str, seed: int = SEED) -> Copies:
    """The same market with other scores."""
    by_release = _scores(np.random.default_rng(seed + 1), int(copies.release.max()) + 1, scores)
    return replace(copies, score=by_release[copies.release])


def linear_shipping(sellers: int, seed: int = SEED) -> list[Tariff | None]:
    """A first record at 3 to 12 and each further one at 0.30 to 2.50, never more than the first."""
    dice = np.random.default_rng(seed + 2)
    firsts, furthers = dice.integers(300, 1200, sellers), dice.integers(30, 250, sellers)
    return [
        single_method(ShippingUnit.ITEMS, (Step(1, None, 1, int(first), int(further)),))
        for first, further in zip(firsts, furthers, strict=True)
    ]


def stepped_shipping(sellers: int, seed: int = SEED) -> list[Tariff | None]:
    """A third each in steps of items, in steps of grams, and free from a value; without a minimum order."""
    dice = np.random.default_rng(seed + 3)
    costs = dice.integers(300, 1200, sellers)
    return [_STEPPED[number % 3](int(cost)) for number, cost in enumerate(costs)]


def _by_items(cost: int) -> Tariff:
    steps = (Step(1, 2, 1, cost, 0), Step(3, 6, 3, 2 * cost, 0), Step(7, None, 7, 3 * cost, cost // 4))
    return single_method(ShippingUnit.ITEMS, steps)


def _by_grams(cost: int) -> Tariff:
    steps = (Step(0, 500, 0, cost, 0), Step(501, 2000, 501, 2 * cost, 0), Step(2001, 5000, 2001, 3 * cost, 0))
    return single_method(ShippingUnit.GRAMS, steps)


def _free_from(cost: int) -> Tariff:
    free = 10 * cost
    return single_method(ShippingUnit.VALUE, (Step(0, free - 1, 0, cost, 0), Step(free, None, free, 0, 0)))


_STEPPED = (_by_items, _by_grams, _free_from)


def policies_of_all_kinds(sellers: int, seed: int = SEED) -> list[Tariff | None]:
    """A sixth each of the kinds below; half are free from 8 to 12 times the first cost.

    In steps of items; in steps of grams; in steps of value that get cheaper; two methods by items, one of
    them cheaper for few; methods by items and by grams; methods by items, grams and value.
    """
    dice = np.random.default_rng(seed + 4)
    costs, free = dice.integers(300, 1200, sellers), dice.integers(8, 13, sellers)
    kept = dice.random(sellers) < 0.5
    return [
        Tariff(
            _methods(number % 6, int(cost)),
            int(times * cost) if is_free else None,
            0,
            Confidence.KNOWN,
        )
        for number, (cost, times, is_free) in enumerate(zip(costs, free, kept, strict=True))
    ]


def _methods(kind: int, cost: int) -> tuple[Method, ...]:
    letter = Method("Letter", ShippingUnit.ITEMS, (Step(1, 3, 1, cost, cost // 2),), 1)
    flat = Method("Parcel", ShippingUnit.ITEMS, (Step(1, None, 1, 2 * cost, cost // 10),), 1)
    by_value = (
        Step(0, 5 * cost - 1, 0, cost, 0),
        Step(5 * cost, 10 * cost - 1, 0, cost // 2, 0),
        Step(10 * cost, None, 0, cost // 4, 0),
    )
    return (
        _by_items(cost).methods,
        _by_grams(cost).methods,
        (Method("", ShippingUnit.VALUE, by_value, 1),),
        (letter, flat),
        (letter, *_by_grams(cost).methods),
        (letter, flat, *_by_grams(cost).methods, Method("", ShippingUnit.VALUE, by_value[:2], 1)),
    )[kind]


def _stocks(dice: np.random.Generator, sellers: int, listings: int) -> Ints:
    drawn = np.minimum(_LARGEST_STOCK, (1 - dice.random(sellers)) ** (-1 / _STOCK_EXPONENT))
    stocks: Ints = np.maximum(1, np.floor(drawn * listings / drawn.sum() + 0.5)).astype(np.int64)
    return stocks


def _scores(dice: np.random.Generator, releases: int, kind: str) -> Ints:
    """Millionths by release; recommendations fall off from 1 as the scores of a factor model do."""
    recommended = (10**6 * dice.beta(1.3, 4.0, releases)).astype(np.int64)
    share = {"recommended": 0.0, "equal": 1.0, "mixed": 0.5}[kind]
    of_one = dice.random(releases) < share
    return np.where(of_one, 10**6, recommended).astype(np.int64)
