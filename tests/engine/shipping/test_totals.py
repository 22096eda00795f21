"""The shipping of carts and plans, computed again from the raw policies in fractions: never a cent apart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from tests.checker.totals import Exchange, Line, merchandise, reaches_minimum, shipping
from tests.durations import examples

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question, Wants
from discogs_assistant.engine.shipping.estimates import worth_in
from discogs_assistant.engine.shipping.tariffs import Tariff, tariff
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)

CURRENCIES = (Currency.EUR, Currency.USD, Currency.JPY, Currency.GBP)
RATES = RateTable(
    date(2026, 11, 24),
    "test",
    Currency.EUR,
    {
        Currency.EUR: Decimal(1),
        Currency.USD: Decimal("0.916"),
        Currency.JPY: Decimal("0.0061"),
        Currency.GBP: Decimal("1.1973"),
    },
)
MONEY = Exchange(
    Currency.EUR,
    {str(currency): rate for currency, rate in RATES.values.items()},
    {str(currency): currency.decimals for currency in CURRENCIES},
)
SELLERS, EACH, RECORDS = 25, 6, 12


@dataclass(frozen=True)
class RawMarket:
    """Copies as their sellers state them, the policies of these, and what the engine reads of both."""

    lines: tuple[Line, ...]
    policies: tuple[ShippingPolicy, ...]
    copies: Copies
    tariffs: Sequence[Tariff]


def raw_market(seed: int, count: int = SELLERS) -> RawMarket:
    """Sellers with a few copies each, of one currency or of several."""
    dice = random.Random(seed)
    policies = tuple(raw_policy(dice, number) for number in range(count))
    sellers = [number for number in range(count) for _ in range(EACH)]
    prices = [Money(dice.randint(100, 3000), dice.choice(CURRENCIES)) for _ in sellers]
    grams = [dice.choice((60, 100, 230, 460)) for _ in sellers]
    release = np.array([dice.randrange(RECORDS) for _ in sellers])
    pairs = list(zip(sellers, prices, strict=True))
    copies = Copies(
        sellers=tuple(f"{number:02}" for number in range(count)),
        listing=np.arange(1, len(sellers) + 1),
        seller=np.array(sellers),
        release=release,
        group=release,
        price=np.array([worth_in(price, RATES.target, RATES) for price in prices]),
        worth=np.array([worth_in(price, policies[seller].currency, RATES) for seller, price in pairs]),
        score=np.array([dice.randint(1, 10**6) for _ in sellers]),
        grams=np.array(grams),
        quantity=np.array([dice.randint(1, 2) for _ in sellers]),
        media=np.zeros(len(sellers), dtype=np.int64),
        sleeve=np.zeros(len(sellers), dtype=np.int64),
    )
    lines = tuple(
        Line(price.decimal, price.currency, weight) for price, weight in zip(prices, grams, strict=True)
    )
    return RawMarket(lines, policies, copies, [tariff(policy, RATES) for policy in policies])


def raw_policy(dice: random.Random, number: int) -> ShippingPolicy:
    """One to three methods; often free from a value that a few copies come to."""
    currency = dice.choice(CURRENCIES)
    scale = 100 if currency is Currency.JPY else 1
    limits = [
        Decimal(scale * dice.randint(1, most)) if dice.random() < often else None
        for most, often in ((60, 0.6), (20, 0.3))
    ]
    return ShippingPolicy(
        seller=f"{number:02}",
        ships_to="DE",
        methods=tuple(
            ShippingMethod(f"{place}", unit, tuple(raw_bands(dice, unit, currency)))
            for place, unit in enumerate(dice.choices([*ShippingUnit], k=dice.randint(1, 3)))
        ),
        currency=currency,
        source=ShippingSource.POLICY,
        free_from=limits[0],
        min_order=limits[1],
    )


def raw_bands(dice: random.Random, unit: ShippingUnit, currency: Currency) -> list[Band]:
    """Up to three bands that get dearer or cheaper, with shared edges and gaps, mostly without an end."""
    scale = 100 if currency is Currency.JPY else 1
    step = {ShippingUnit.ITEMS: 1, ShippingUnit.GRAMS: 230, ShippingUnit.VALUE: 12 * scale}[unit]
    low, bands = Decimal(unit is ShippingUnit.ITEMS), []
    for _ in range(dice.randint(1, 3)):
        high = low + step * dice.randint(1, 3)
        cost = (
            Decimal(scale * dice.randint(0, 1200)).scaleb(-2).quantize(Decimal(1).scaleb(-currency.decimals))
        )
        per_unit = Decimal(dice.randint(0, 999)).scaleb(-5 if unit is ShippingUnit.GRAMS else -3)
        bands.append(Band(low, high, cost, per_unit))
        low = high + dice.choice((0, 0, 1))
    if dice.random() < 0.8:
        bands[-1] = Band(bands[-1].low, None, bands[-1].cost, bands[-1].per_unit)
    return bands


def recomputed(market: RawMarket, seller: int, rows: Sequence[int], counts: Sequence[int]) -> list[object]:
    """Merchandise and shipping of a parcel, and whether it reaches the minimum order."""
    lines = [
        Line(line.price, line.currency, line.grams, count)
        for line, count in zip((market.lines[row] for row in rows), counts, strict=True)
    ]
    policy = market.policies[seller]
    return [
        merchandise(lines, MONEY, RATES.target),
        shipping(policy, lines, MONEY),
        reaches_minimum(policy, lines, MONEY),
    ]


def test_the_shipping_of_a_thousand_carts_is_what_their_policies_say() -> None:
    carts, differences = 0, []
    for seed in range(60):
        market = raw_market(seed)
        for cart in best_carts(market.copies, Rules(6000, min_orders=True), market.tariffs, top=999).carts:
            found = [cart.merchandise_minor, cart.shipping_minor, True]
            carts += 1
            if found != recomputed(market, cart.seller, cart.rows, [1] * len(cart.rows)):
                differences.append((seed, cart))
    assert differences == []
    assert carts >= 1000


def test_the_shipping_of_two_hundred_plans_is_what_their_policies_say() -> None:
    plans = examples(200)
    parcels, differences = 0, []
    for seed in range(plans):
        market = raw_market(1000 + seed, 6)
        plan = best_plan(market.copies, WANTS, PlanRules([*Question][seed % 3], 20_000), market.tariffs)
        for parcel in plan.parcels:
            found = [parcel.merchandise_minor, parcel.shipping_minor, True]
            parcels += 1
            if found != recomputed(market, parcel.seller, parcel.rows, parcel.quantities):
                differences.append((seed, parcel))
    assert differences == []
    assert parcels >= plans


WANTS = Wants(
    release=np.arange(RECORDS),
    score=np.arange(1, RECORDS + 1) * 1000,
    required=np.zeros(RECORDS, dtype=np.bool_),
    copies=1 + np.arange(RECORDS) % 2,
    group=np.arange(RECORDS),
)
