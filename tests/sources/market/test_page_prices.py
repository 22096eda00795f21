"""Prices in the site's languages: whatever a page writes is read back to the minor unit, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.market.page_prices import price_in_text, price_of_attributes, shipping_in_text

# Symbols of the twelve currencies by language, and how that language writes thousands, cents and order.
SYMBOLS = {
    "en": "$ £ € CA$ A$ ¥ CHF MX$ R$ NZ$ SEK ZAR",
    "fr": "$US £GB € $CA $AU JPY CHF $MX R$ $NZ SEK ZAR",
    "de": "$ £ € CA$ AU$ ¥ CHF MX$ R$ NZ$ SEK ZAR",
    "es": "US$ GBP € CAD AUD JPY CHF MXN BRL NZD SEK ZAR",
    "it": "USD £ € CA$ A$ JPY CHF MXN BRL NZD SEK ZAR",
    "pt": "US$ £ € CA$ AU$ JP¥ CHF MX$ R$ NZ$ SEK ZAR",
    "ja": "$ £ € CA$ A$ ￥ CHF MX$ R$ NZ$ SEK ZAR",
    "za": "US$ £ € CAD AUD JP¥ CHF MXN R$ NZD kr R",
}
STYLES = {
    "en": (",", ".", "{s}{n}"),
    "fr": ("\u202f", ",", "{n}\u00a0{s}"),
    "de": (".", ",", "{n}\u00a0{s}"),
    "es": (".", ",", "{n}\u00a0{s}"),
    "it": (".", ",", "{n}\u00a0{s}"),
    "pt": (".", ",", "{s}\u00a0{n}"),
    "ja": (",", ".", "{s}{n}"),
    "za": ("\u00a0", ",", "{s}\u00a0{n}"),
}
MONEY = st.builds(Money, st.integers(1, 10**9), st.sampled_from(Currency))


def written(money: Money, language: str) -> str:
    thousands, point, order = STYLES[language]
    symbol = SYMBOLS[language].split()[list(Currency).index(money.currency)]
    plain = f"{money.decimal:,.{money.currency.decimals}f}"
    number = plain.replace(",", "T").replace(".", point).replace("T", thousands)
    return order.format(s=symbol, n=number)


@given(MONEY, st.sampled_from(sorted(SYMBOLS)))
def test_what_a_page_writes_is_read_back(money: Money, language: str) -> None:
    assert price_in_text(written(money, language)) == money
    assert shipping_in_text(f"+{written(money, language)} shipping") == money


@given(MONEY)
def test_what_a_page_states_for_programs_is_read_back(money: Money) -> None:
    assert price_of_attributes(f"{money.decimal:.2f}", money.currency.value) == money


@given(st.text(alphabet="0123456789.,'’ -−+$£€¥CHFRSEKkr%\u00a0\u202f٣½e\x00", max_size=24))
def test_any_text_is_a_price_or_refused(text: str) -> None:
    try:
        price = price_in_text(text)
    except BadInputError:
        return
    assert price.minor > 0
    digits = "".join(char for char in text if char.isascii() and char.isdigit()).lstrip("0")
    assert str(price.minor) in {digits, digits + "00", digits[:-2]}


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "12.50",
        "$1,23,456.00",
        "$1.5",
        "1.234,567 €",
        "$1 2 3",
        "-5,00 €",
        "$0.00",
        "¥1,500.50",
        "$",
        "€€5",
    ],
)
def test_ambiguous_or_senseless_input_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        price_in_text(text)


@pytest.mark.parametrize("value", ["", "-1", "1e5", "NaN", "inf", "1,000", "0", "0.00", "9" * 16, "1.999"])
def test_stated_prices_are_plain_numbers(value: str) -> None:
    with pytest.raises(BadInputError):
        price_of_attributes(value, "EUR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(BadInputError, match="currency"):
        price_of_attributes("5.00", "DOGE")
