"""Guesses of shipping, and prices in the currency of a policy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.shipping.estimates import (
    Guess,
    Region,
    UsualShipping,
    by_items,
    by_orders,
    free,
    guesses,
    region,
    usual_grams,
    usual_shipping,
    worth_in,
)
from discogs_assistant.engine.shipping.tariffs import tariff
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import (
    Band,
    Confidence,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)

RATES = RateTable(
    date(2026, 11, 24),
    "test",
    Currency.EUR,
    {Currency.EUR: Decimal(1), Currency.USD: Decimal("0.9"), Currency.JPY: Decimal("0.0061")},
)


@pytest.mark.parametrize(
    ("seller", "destination", "expected"),
    [
        ("DE", "DE", Region.HOME),
        ("FR", "DE", Region.AREA),
        ("US", "DE", Region.ABROAD),
        ("GB", "DE", Region.ABROAD),
        ("IM", "GB", Region.AREA),
        ("CA", "US", Region.ABROAD),
        (None, "DE", None),
    ],
)
def test_a_region_is_home_the_same_customs_area_or_abroad(
    seller: str | None, destination: str, expected: Region | None
) -> None:
    assert region(seller, destination) is expected


def test_a_guess_is_the_median_of_sellers_in_the_same_region() -> None:
    known = {
        "a": UsualShipping(400, 100),
        "b": UsualShipping(500, None),
        "c": UsualShipping(900, 200),
        "d": UsualShipping(1500, 300),
        "lost": UsualShipping(1, 1),
    }
    places = {"a": Region.HOME, "b": Region.HOME, "c": Region.HOME, "d": Region.ABROAD, "lost": None}
    assert guesses(known, places.get) == {
        Region.HOME: Guess(500, 3, 200, 2),
        Region.ABROAD: Guess(1500, 1, 300, 1),
    }


def test_nothing_known_is_no_guess() -> None:
    assert guesses({}, lambda _: Region.AREA) == {}
    assert guesses({"a": UsualShipping(400, None)}, lambda _: Region.AREA)[Region.AREA] == Guess(
        400, 1, None, 0
    )


def policy(unit: ShippingUnit, *bands: tuple[int, int | None, str, str]) -> ShippingPolicy:
    made = (
        Band(Decimal(a), None if b is None else Decimal(b), Decimal(cost), Decimal(per))
        for a, b, cost, per in bands
    )
    method = ShippingMethod("", unit, tuple(made))
    return ShippingPolicy("s", "DE", (method,), Currency.EUR, ShippingSource.ENTERED)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (policy(ShippingUnit.ITEMS, (1, None, "5", "1.50")), UsualShipping(500, 150)),
        (policy(ShippingUnit.ITEMS, (1, 2, "7", "0"), (2, None, "7", "0.75")), UsualShipping(700, 67)),
        (policy(ShippingUnit.ITEMS, (1, 1, "7", "0")), UsualShipping(700, None)),
        (policy(ShippingUnit.GRAMS, (0, 300, "4", "0"), (300, None, "6", "0")), UsualShipping(400, 23)),
        (policy(ShippingUnit.ITEMS, (1, 8, "4.50", "0"), (9, None, "9", "0")), UsualShipping(450, 50)),
        (policy(ShippingUnit.ITEMS, (1, 3, "5", "1")), UsualShipping(500, 100)),
        (policy(ShippingUnit.GRAMS, (1000, None, "9", "0")), None),
        (policy(ShippingUnit.VALUE, (0, None, "5", "0")), None),
    ],
)
def test_policies_are_compared_by_one_and_two_usual_records(
    typed: ShippingPolicy, expected: UsualShipping | None
) -> None:
    assert usual_shipping(tariff(typed, RATES)) == expected


@pytest.mark.parametrize(
    ("format", "grams"),
    [
        ("LP, Album", 230),
        ("2xLP, Album, Gat", 460),
        ("2×Vinyl, LP", 460),
        ('7", Single', 60),
        ('Vinyl, 7", 45 RPM', 60),
        ("CD, Album", 100),
        ("LP, Album + CD, Comp", 330),
        ("Box, Ltd", 230),
        (None, 230),
    ],
)
def test_a_record_weighs_what_its_format_usually_does(format: str | None, grams: int) -> None:
    assert usual_grams(format, {"lp": 230, '7"': 60, "cd": 100}) == grams


@given(st.integers(1, 500), st.integers(0, 5000), st.integers(0, 5000))
def test_by_items_each_further_record_costs_the_same(items: int, first: int, further: int) -> None:
    found = by_items(first, further, Confidence.ESTIMATED)
    assert shipping(found, items=items) == first + further * (items - 1)
    assert shipping(free(70), items=items) == 0
    assert free(70).min_order == 70


def test_a_price_in_its_own_currency_is_exact_and_in_another_rounded_half_up() -> None:
    assert worth_in(Money(1999, Currency.USD), Currency.USD, RATES) == 1999
    assert worth_in(Money(1999, Currency.USD), Currency.EUR, RATES) == 1799
    assert worth_in(Money(1005, Currency.USD), Currency.EUR, RATES) == 905
    exact = Fraction(1999, 100) * Fraction(9, 10) / Fraction(61, 10000)
    assert worth_in(Money(1999, Currency.USD), Currency.JPY, RATES) == round(exact)


PAID = st.dictionaries(st.integers(1, 40), st.integers(0, 9000), min_size=1, max_size=4)


@given(PAID, st.none() | st.tuples(st.integers(0, 5000), st.integers(0, 900)), st.integers(1, 60))
def test_a_parcel_of_as_many_records_as_an_order_costs_the_same_and_others_are_filled_in(
    paid: dict[int, int], others: tuple[int, int] | None, items: int
) -> None:
    largest = max(paid)
    each = -(-paid[largest] // largest)
    larger = [count for count in sorted(paid) if count >= items]
    filled = paid[larger[0]] if larger else paid[largest] + each * (items - largest)
    elsewhere = filled if others is None else others[0] + others[1] * (items - 1)
    assert shipping(by_orders(paid, others), items=items) == paid.get(items, elsewhere)
