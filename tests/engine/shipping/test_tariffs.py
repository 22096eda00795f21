"""Shipping policies as integers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checker.shipping import Band as Bands
from tests.checker.shipping import Method, ShippingTerms
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.shipping.tariffs import tariff
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)

USD = RateTable.identity(date(2026, 11, 24), Currency.USD)
ABROAD = RateTable(
    date(2026, 11, 24),
    "test",
    Currency.USD,
    {Currency.USD: Decimal(1), Currency.EUR: Decimal("1.0850000000")},
)


def method(unit: ShippingUnit, *bands: tuple[str, str, str, str], name: str = "") -> ShippingMethod:
    made = (
        Band(Decimal(low), Decimal(high) if high else None, Decimal(cost), Decimal(more))
        for low, high, cost, more in bands
    )
    return ShippingMethod(name, unit, tuple(made))


def policy(
    unit: ShippingUnit, *bands: tuple[str, str, str, str], currency: Currency = Currency.USD
) -> ShippingPolicy:
    return ShippingPolicy(
        seller="s",
        ships_to="US",
        methods=(method(unit, *bands),),
        currency=currency,
        source=ShippingSource.ENTERED,
    )


@pytest.mark.parametrize(("items", "cost"), [(1, 500), (2, 650), (7, 1400)])
def test_a_first_item_and_each_further_one_have_their_prices(items: int, cost: int) -> None:
    found = tariff(policy(ShippingUnit.ITEMS, ("1", "", "5.00", "1.50")), USD)
    assert shipping(found, items=items) == cost


@pytest.mark.parametrize(
    ("grams", "cost"), [(499, 400), (500, 400), (501, 900), (2000, 900), (2001, None), (0, None)]
)
def test_at_a_shared_edge_the_lower_band_holds_and_past_the_last_nothing_is_sent(
    grams: int, cost: int | None
) -> None:
    bands = policy(ShippingUnit.GRAMS, ("1", "500", "4", "0"), ("500", "2000", "9", "0"))
    assert shipping(tariff(bands, USD), grams=grams) == cost


def test_the_upper_band_counts_from_the_shared_edge() -> None:
    bands = policy(ShippingUnit.GRAMS, ("0", "500", "4", "0"), ("500", "", "4", "0.01"))
    assert shipping(tariff(bands, USD), grams=600) == 500


def test_value_is_merchandise_in_the_policys_currency() -> None:
    bands = policy(ShippingUnit.VALUE, ("0", "49.99", "6", "0"), ("50", "", "0", "0"), currency=Currency.EUR)
    found = tariff(bands, ABROAD)
    assert [shipping(found, worth=worth) for worth in (4999, 5000)] == [651, 0]


def test_a_cost_is_converted_from_its_decimal_and_rounded_half_up_once() -> None:
    found = tariff(policy(ShippingUnit.ITEMS, ("1", "", "0.10", "0.10"), currency=Currency.EUR), ABROAD)
    assert [shipping(found, items=items) for items in (1, 2, 3)] == [11, 22, 33]


@given(
    st.sampled_from([*ShippingUnit]),
    st.sampled_from([Currency.USD, Currency.EUR]),
    st.lists(st.tuples(st.decimals(0, 99, places=3), st.decimals(-9, 9, places=6)), min_size=1, max_size=4),
    st.integers(0, 400),
)
def test_costs_are_exact_fractions_of_their_decimals(
    unit: ShippingUnit, currency: Currency, costs: list[tuple[Decimal, Decimal]], x: int
) -> None:
    edges = [(f"{100 * at}", f"{100 * at + 100}") for at in range(len(costs))]
    bands = policy(
        unit,
        *(
            (low, high, f"{cost:f}", f"{more:f}")
            for (low, high), (cost, more) in zip(edges, costs, strict=True)
        ),
        currency=currency,
    )
    oracle = ShippingTerms(
        (Method(unit, tuple(Bands(b.low, b.high, b.cost, b.per_unit) for b in bands.methods[0].bands)),),
        currency, 2, Fraction(ABROAD.rate(currency)) * 100,
    )  # fmt: skip
    measured = {"items": 0, "grams": 0, "worth": 0} | {"worth" if unit == "value" else str(unit): x}
    assert shipping(tariff(bands, ABROAD), **measured) == oracle.cost(**measured)


def test_costs_in_whole_minor_units_need_no_denominator() -> None:
    found = tariff(policy(ShippingUnit.ITEMS, ("1", "3", "5.20", "1.50"), ("3", "", "9", "0")), USD)
    assert [each.den for each in found.methods] == [1]
