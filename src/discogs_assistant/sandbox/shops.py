"""The made-up world's sellers: where they sit, what they promise, what they have for sale."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sandbox.dice import Dice, Odds
from discogs_assistant.sandbox.exchange import convert, english
from discogs_assistant.sandbox.names import Namer
from discogs_assistant.sandbox.records import Account, Listing, Release, Shop
from discogs_assistant.sandbox.scenes import SCENES
from discogs_assistant.sandbox.tastes import END, TasteMap

PLACES: tuple[tuple[str, Currency, float], ...] = (
    ("United States", Currency.USD, 5), ("Germany", Currency.EUR, 4), ("United Kingdom", Currency.GBP, 4),
    ("France", Currency.EUR, 2), ("Netherlands", Currency.EUR, 2), ("Italy", Currency.EUR, 1.5),
    ("Japan", Currency.JPY, 1.5), ("Canada", Currency.CAD, 1.2), ("Australia", Currency.AUD, 1),
    ("Spain", Currency.EUR, 1), ("Sweden", Currency.EUR, 0.8), ("Belgium", Currency.EUR, 0.8),
)  # fmt: skip
_COUNTRIES = Odds(((country, currency), weight) for country, currency, weight in PLACES)
_MEDIA = Odds((
    (Grade.MINT, 6), (Grade.NEAR_MINT, 30), (Grade.VERY_GOOD_PLUS, 36), (Grade.VERY_GOOD, 17),
    (Grade.GOOD_PLUS, 6), (Grade.GOOD, 3), (Grade.FAIR, 1.2), (Grade.POOR, 0.8),
))  # fmt: skip
_ENDINGS = Odds(((99, 6.0), (0, 2.0), (50, 1.0), (49, 1.0)))
_OF_MINT = {8: 1.7, 7: 1.35, 6: 1.0, 5: 0.65, 4: 0.42, 3: 0.3, 2: 0.18, 1: 0.12}
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
_LARGEST_SHOP = 2000
_SMALLEST_SHOP = 10


def make_sellers(seed: int, count: int) -> list[Account]:
    """`count` accounts with a shop, at least one in each of the twelve countries where there are as many."""
    namer = Namer(seed, "seller names")
    return [_seller(seed, place, namer.user()) for place in range(count)]


def _seller(seed: int, place: int, name: str) -> Account:
    dice = Dice(seed, "seller", place)
    drawn = dice.weighted(_COUNTRIES)
    country, currency = PLACES[place][:2] if place < len(PLACES) else drawn
    return Account(
        id=5_000_000 + place * 13,
        name=f"{name}{dice.pick(('', '', '_records', '-vinyl', '.shop'))}",
        country=country,
        currency=currency,
        registered=END - timedelta(days=dice.between(400, 7000)),
        shop=_shop(currency, dice),
    )


def _shop(currency: Currency, dice: Dice) -> Shop:
    new = dice.chance(0.04)
    rating = Decimal(1000 - int(abs(dice.normal(0, 12 if dice.chance(0.85) else 90)))) / 10
    home, each = _money(5, currency, dice), _money(1.5, currency, dice)
    abroad = _money(16, currency, dice)
    return Shop(
        rating=Decimal("0.0") if new else max(rating, Decimal("60.0")),
        ratings=0 if new else int(10 ** (1 + 3 * dice.number())),
        currency=currency,
        min_order=_money(10, currency, dice) if dice.chance(0.25) else None,
        terms=_terms(home, each, abroad, dice),
        home=home if dice.chance(0.35) else None,
        abroad=abroad if dice.chance(0.3) else None,
    )


def _money(dollars: float, currency: Currency, dice: Dice) -> Money:
    minor = round(dollars * (0.5 + dice.number()) * 2) * 50
    exact = convert(Money(max(50, minor), Currency.USD), currency)
    step = 50 if currency is not Currency.JPY else 100
    return Money(max(step, round(exact.minor / step) * step), currency)


def _terms(home: Money, each: Money, abroad: Money, dice: Dice) -> str:
    said = (
        f'LP & 12": {english(home)} (1-2 LPs), each additional {english(each)}\r\nWorld: {english(abroad)}',
        f"Buyer pays shipping / Versand zahlt der Käufer. Ab {english(home)}",
        f"Envoi suivi {english(home)}, puis {english(each)} par disque. Monde {english(abroad)}",
        f"Combined postage. First record {english(home)} <domestic>, abroad {english(abroad)}",
        "See my terms.",
        "",
    )
    return dice.pick(said)


def stock_sizes(sellers: int, listings: int, dice: Dice) -> list[int]:
    """How many copies each seller has: a power law between 10 and 2,000 that adds up to `listings`."""
    if not sellers:
        return []
    largest = max(_LARGEST_SHOP, -(-2 * listings // sellers))
    ranks = np.arange(1, sellers + 1, dtype=np.float64) ** -1.05
    sizes = np.clip(
        np.floor(ranks / ranks.sum() * listings), min(_SMALLEST_SHOP, listings // sellers), largest
    )
    whole = [int(size) for size in sizes]
    place = 0
    while (short := listings - sum(whole)) != 0:
        room = largest - whole[place] if short > 0 else max(0, whole[place] - 1) // 4
        whole[place] += min(room, short) if short > 0 else -min(room, -short)
        place = (place + 1) % sellers
    return dice.several(whole, sellers)


def stock(dice: Dice, seller: Account, size: int, tastes: TasteMap, *, first_id: int) -> list[Listing]:
    """The copies of one seller, who knows some scenes better than others."""
    works = dice.draw_again(_leaning(tastes, dice), size)
    chosen = (dice.pick(tastes.sellable[work]) for work in works)
    return [_listing(first_id + 7 * number, seller, release, dice) for number, release in enumerate(chosen)]


def _leaning(tastes: TasteMap, dice: Dice) -> NDArray[np.float64]:
    fame = np.where([bool(releases) for releases in tastes.sellable], tastes.fame**0.6, 0.0)
    if dice.chance(0.3):
        return fame
    mix = np.zeros(len(SCENES))
    for scene in dice.several(range(len(SCENES)), dice.between(1, 4)):
        mix[scene] += 0.3 + dice.number()
    return np.asarray(fame * (tastes.scenes @ mix))


def _listing(identifier: int, seller: Account, release: Release, dice: Dice) -> Listing:
    assert seller.shop is not None
    media = dice.weighted(_MEDIA)
    return Listing(
        id=identifier,
        seller=seller.name,
        release=release.id,
        price=_price(release, media, seller.shop.currency, dice),
        media=media,
        sleeve=_sleeve(media, dice),
        comments=dice.pick(_COMMENTS),
        posted=END - timedelta(seconds=dice.between(600, 4 * 365 * 86_400)),
        offers=dice.chance(0.4),
    )


def _sleeve(media: Grade, dice: Dice) -> SleeveGrade:
    ungraded = dice.number()
    if ungraded < 0.09:
        return (SleeveGrade.GENERIC, SleeveGrade.NOT_GRADED, SleeveGrade.NO_COVER)[int(ungraded / 0.03)]
    return SleeveGrade(min(8, max(1, media + dice.pick((-1, -1, 0, 0, 0, 1)))))


def _price(release: Release, media: Grade, currency: Currency, dice: Dice) -> Money:
    """Log-normal around the pressing's worth; shops like prices that end in .99."""
    dollars = release.worth * _OF_MINT[media] * math.exp(dice.normal(0, 0.35))
    exact = convert(Money(max(99, round(dollars * 100)), Currency.USD), currency).minor
    if currency is Currency.JPY:
        return Money(max(100, round(exact / 10) * 10), currency)
    ending = dice.weighted(_ENDINGS)
    return Money(max(50, exact // 100 * 100 + ending), currency)
