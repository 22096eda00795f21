"""The made-up world's sellers: their countries, their terms, and what they have for sale."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world import grades
from discogs_sandbox.world.collectors import END
from discogs_sandbox.world.entities import Account, Listing, Release, Shop
from discogs_sandbox.world.grades import GRADES
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.prices import Price, convert, english
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import Odds, SeededRandom
from discogs_sandbox.world.shipping_policies import Terms, draw_answer, make_policies
from discogs_sandbox.world.tastes import TasteMap

COUNTRIES: tuple[tuple[str, str, float], ...] = (
    ("United States", "USD", 5), ("Germany", "EUR", 4), ("United Kingdom", "GBP", 4),
    ("France", "EUR", 2), ("Netherlands", "EUR", 2), ("Italy", "EUR", 1.5),
    ("Japan", "JPY", 1.5), ("Canada", "CAD", 1.2), ("Australia", "AUD", 1),
    ("Spain", "EUR", 1), ("Sweden", "EUR", 0.8), ("Belgium", "EUR", 0.8),
)  # fmt: skip
_COUNTRY_ODDS = Odds(((country, currency), weight) for country, currency, weight in COUNTRIES)
_MEDIA = Odds((
    (grades.MINT, 6), (grades.NEAR_MINT, 30), (grades.VERY_GOOD_PLUS, 36), (grades.VERY_GOOD, 17),
    (grades.GOOD_PLUS, 6), (grades.GOOD, 3), (grades.FAIR, 1.2), (grades.POOR, 0.8),
))  # fmt: skip
_ENDINGS = Odds(((Decimal("0.99"), 6.0), (Decimal(0), 2.0), (Decimal("0.50"), 1.0), (Decimal("0.49"), 1.0)))
_PRICE_FACTORS = dict(zip(GRADES, (0.12, 0.18, 0.3, 0.42, 0.65, 1.0, 1.35, 1.7), strict=True))
"""The price of a copy by its grade, where a very good plus copy is 1."""
_COMMENTS = (
    "",
    "",
    "Plays great, light marks under lamp",
    'Small "cut-out" notch & writing on label',
    "Sealed <new> old stock",
    "Corner bump; <b>ask for photos</b>",
    'Labels: A & B side worn. Sleeve has seam split 4"',
    "⚠️ Ask for pictures if you want",
    "Très bon état, pochette légèrement usée",
    "盤質良好 帯付き",
)
_TWO_FOR_ONE = "(1-2 LPs)"
_DEAR, _CHEAP = 0.006, 0.004
"""Shares of the copies whose price makes no sense: far too dear, or a few cents."""
SHOP_SIZES = (10, 2000)
"""Copies of the smallest and of the largest shop."""


def make_sellers(seed: int, count: int) -> list[Account]:
    """`count` accounts with a shop, at least one in each of the twelve countries where there are as many."""
    namer = Namer(seed, "seller names")
    return [_seller(seed, index, namer.user()) for index in range(count)]


def _seller(seed: int, index: int, name: str) -> Account:
    rng = SeededRandom(seed, "seller", index)
    drawn = rng.weighted(_COUNTRY_ODDS)
    country, currency = COUNTRIES[index][:2] if index < len(COUNTRIES) else drawn
    return Account(
        id=5_000_000 + index * 13,
        name=f"{name}{rng.pick(('', '', '_records', '-vinyl', '.shop'))}",
        country=country,
        currency=currency,
        registered=END - timedelta(days=rng.between(400, 7000)),
        shop=_shop(country, currency, rng, SeededRandom(seed, "shipping", index)),
    )


def _shop(country: str, currency: str, rng: SeededRandom, shipping: SeededRandom) -> Shop:
    new = rng.chance(0.04)
    rating = Decimal(1000 - int(abs(rng.normal(0, 12 if rng.chance(0.85) else 90)))) / 10
    home, each = _price_near(5, currency, rng), _price_near(1.5, currency, rng)
    abroad = _price_near(16, currency, rng)
    ratings = 0 if new else int(10 ** (1 + 3 * rng.number()))
    min_order = _price_near(10, currency, rng) if rng.chance(0.25) else None
    words = _words(home, each, abroad, rng)
    policies = make_policies(Terms(country, home, each, abroad, 2 if _TWO_FOR_ONE in words else 1), shipping)
    free_at_home = policies[0].free_from == 0
    return Shop(
        rating=Decimal("0.0") if new else max(rating, Decimal("60.0")),
        ratings=ratings,
        currency=currency,
        min_order=min_order,
        terms=f"Free shipping in {country}. World: {english(abroad)}" if free_at_home else words,
        policies=policies,
        answer=draw_answer(shipping),
    )


def _price_near(dollars: float, currency: str, rng: SeededRandom) -> Price:
    half_dollars = max(1, round(dollars * (0.5 + rng.number()) * 2))
    exact = convert(Price(Decimal(half_dollars) / 2, "USD"), currency)
    step = Decimal(100) if currency == "JPY" else Decimal("0.50")
    return Price(max(1, round(exact.amount / step)) * step, currency)


def _words(home: Price, each: Price, abroad: Price, rng: SeededRandom) -> str:
    texts = (
        f'LP & 12": {english(home)} {_TWO_FOR_ONE}, each additional {english(each)}\r\n'
        f"World: {english(abroad)}",
        f"Buyer pays shipping / Versand zahlt der Käufer. Ab {english(home)}",
        f"Envoi suivi {english(home)}, puis {english(each)} par disque. Monde {english(abroad)}",
        f"Combined postage. First record {english(home)} <domestic>, abroad {english(abroad)}",
        "See my terms.",
        "",
    )
    return rng.pick(texts)


def stock_sizes(sellers: int, listings: int, bounds: tuple[int, int], rng: SeededRandom) -> list[int]:
    """How many copies each seller has: a power law within `bounds` that adds up to `listings`.

    The bounds give way where so few sellers cannot keep them.
    """
    if not sellers:
        return []
    smallest = min(bounds[0], listings // sellers)
    largest = max(bounds[1], -(-2 * listings // sellers))
    ranks = np.arange(1, sellers + 1, dtype=np.float64) ** -1.05
    low, high = 0.0, float(listings + 1) * sellers**1.05
    for _ in range(80):
        scale = (low + high) / 2
        fits = np.floor(np.clip(scale * ranks, smallest, largest)).sum() <= listings
        low, high = (scale, high) if fits else (low, scale)
    sizes = [int(size) for size in np.floor(np.clip(low * ranks, smallest, largest))]
    for index in range(sellers):
        sizes[index] += min(largest - sizes[index], listings - sum(sizes))
    return rng.shuffled(sizes)


def stock(rng: SeededRandom, seller: Account, size: int, tastes: TasteMap, *, first_id: int) -> list[Listing]:
    """The copies of one seller, most of them from a few scenes."""
    works = rng.weighted_choices(_scene_weights(tastes, rng), size)
    chosen = (rng.pick(tastes.sellable[work]) for work in works)
    return [offer(first_id + 7 * number, seller, release, rng) for number, release in enumerate(chosen)]


def _scene_weights(tastes: TasteMap, rng: SeededRandom) -> NDArray[np.float64]:
    fame = np.where([bool(releases) for releases in tastes.sellable], tastes.fame**0.6, 0.0)
    if rng.chance(0.3):
        return fame
    mix = np.zeros(len(SCENES))
    for scene in rng.sample(range(len(SCENES)), rng.between(1, 4)):
        mix[scene] += 0.3 + rng.number()
    return np.asarray(fame * (tastes.scenes @ mix))


def offer(identifier: int, seller: Account, release: Release, rng: SeededRandom) -> Listing:
    """A copy of the release at a grade and a price that are drawn."""
    assert seller.shop is not None
    media = rng.weighted(_MEDIA)
    return Listing(
        id=identifier,
        seller=seller.name,
        release=release.id,
        price=_asking_price(release, media, seller.shop.currency, rng),
        media=media,
        sleeve=_sleeve(media, rng),
        comments=rng.pick(_COMMENTS),
        posted=END - timedelta(seconds=rng.between(600, 4 * 365 * 86_400)),
        offers=rng.chance(0.4),
    )


def _sleeve(media: str, rng: SeededRandom) -> str:
    ungraded = rng.number()
    if ungraded < 0.09:
        return (grades.GENERIC, grades.NOT_GRADED, grades.NO_COVER)[int(ungraded / 0.03)]
    index = GRADES.index(media) + rng.pick((-1, -1, 0, 0, 0, 1))
    return GRADES[min(len(GRADES) - 1, max(0, index))]


def _asking_price(release: Release, media: str, currency: str, rng: SeededRandom) -> Price:
    """Log-normal around the pressing's worth; shops like prices that end in .99. A few make no sense."""
    dollars = release.worth * _PRICE_FACTORS[media] * math.exp(rng.normal(0, 0.35))
    fate = rng.number()
    if fate < _CHEAP:
        few = Decimal(rng.between(1, 25))
        return Price(few if currency == "JPY" else few / 100, currency)
    if fate > 1 - _DEAR:
        dollars *= rng.between(30, 300)
    exact = convert(Price(Decimal(max(99, round(dollars * 100))) / 100, "USD"), currency).amount
    if currency == "JPY":
        return Price(Decimal(max(100, round(exact / 10) * 10)), currency)
    return Price(max(Decimal("0.50"), int(exact) + rng.weighted(_ENDINGS)), currency)
