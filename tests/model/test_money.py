"""Money is exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import Currency, Money, RateTable, round_half_up

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("text", ["0", "-1", "NaN", "inf", "1e5", "12,50", "", " ", "1.999", "9" * 20, "١٢"])
def test_an_amount_that_is_not_positive_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        Money.parse(text, Currency.USD)


def test_the_yen_has_no_decimals() -> None:
    assert Money.parse("1500", Currency.JPY) == Money(1500, Currency.JPY)
    assert str(Money(1500, Currency.JPY)) == "1,500 JPY"
    with pytest.raises(BadInputError, match="more decimals"):
        Money.parse("15.5", Currency.JPY)


@given(st.integers(1, 10**12), st.sampled_from(list(Currency)))
def test_an_amount_reads_back_as_it_was_written(minor: int, currency: Currency) -> None:
    money = Money(minor, currency)
    assert Money.parse(str(money.decimal), currency) == money


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.49", 2), ("-0.5", -1)]
)
def test_halves_round_away_from_zero(amount: str, rounded: int) -> None:
    assert round_half_up(Decimal(amount)) == rounded


def test_conversion_multiplies_by_the_printed_value() -> None:
    table = RateTable.from_euro(
        DAY,
        "ECB",
        Currency.USD,
        {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.0843"), Currency.JPY: Decimal("163.2")},
    )
    assert table.convert(Money(1000, Currency.EUR)) == Money(1084, Currency.USD)
    value = table.values[Currency.JPY]
    assert table.convert(Money(2500, Currency.JPY)) == Money.of(Decimal(2500) * value, Currency.USD)
    assert table.convert(Money(2500, Currency.USD)) == Money(2500, Currency.USD)


def test_a_currency_without_a_rate_is_reported() -> None:
    with pytest.raises(BadInputError, match="SEK"):
        RateTable.identity(DAY, Currency.USD).convert(Money(1, Currency.SEK))


def test_an_unknown_currency_is_reported_with_the_known_ones() -> None:
    with pytest.raises(BadInputError, match="USD GBP"):
        Currency.parse("DM")
