"""The made-up world's fixed exchange rates, and how Discogs writes a price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from discogs_assistant.model.money import Currency, Money, RateTable

_PER_EURO = {
    Currency.EUR: Decimal(1),
    Currency.USD: Decimal("1.16"),
    Currency.GBP: Decimal("0.87"),
    Currency.CAD: Decimal("1.62"),
    Currency.AUD: Decimal("1.77"),
    Currency.JPY: Decimal(178),
    Currency.CHF: Decimal("0.93"),
    Currency.MXN: Decimal("21.4"),
    Currency.BRL: Decimal("6.2"),
    Currency.NZD: Decimal("2.02"),
    Currency.SEK: Decimal("11"),
    Currency.ZAR: Decimal("20.1"),
}
_NUMBERS = {currency: number for number, currency in enumerate(Currency, 1)}
_SIGNS = {
    Currency.USD: "$", Currency.GBP: "£", Currency.EUR: "€", Currency.CAD: "CA$", Currency.AUD: "A$",
    Currency.JPY: "¥", Currency.CHF: "CHF", Currency.MXN: "MX$", Currency.BRL: "R$", Currency.NZD: "NZ$",
    Currency.SEK: "SEK", Currency.ZAR: "ZAR",
}  # fmt: skip
_FRENCH_SIGNS = {
    Currency.USD: "$US", Currency.GBP: "£GB", Currency.CAD: "$CA", Currency.AUD: "$AU", Currency.MXN: "$MX",
    Currency.NZD: "$NZ",
}  # fmt: skip


def convert(money: Money, currency: Currency) -> Money:
    """`money` in another currency at the world's rates."""
    return _table(currency).convert(money)


def currency_number(currency: Currency) -> int:
    """Discogs' own number of a currency (`curr_id`): 1 is the dollar, 3 the euro."""
    return _NUMBERS[currency]


def english(money: Money) -> str:
    """A price as the English site writes it: $9,000.00."""
    return f"{_SIGNS[money.currency]}{money.decimal:,.{money.currency.decimals}f}"


def french(money: Money) -> str:
    """A price as the French site writes it: 10,99 $US, but the yen in front, JPY100."""
    if money.currency is Currency.JPY:
        return f"JPY{money.minor}"
    amount = f"{money.decimal:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{amount}\N{NO-BREAK SPACE}{_FRENCH_SIGNS.get(money.currency, _SIGNS[money.currency])}"


@cache
def _table(currency: Currency) -> RateTable:
    return RateTable.from_euro(date(2026, 11, 1), "made up", currency, _PER_EURO)
