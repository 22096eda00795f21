"""Prices: the currencies of Discogs, fixed exchange rates, and how the site writes an amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

_PER_EURO = {
    "USD": Decimal("1.16"), "GBP": Decimal("0.87"), "EUR": Decimal(1), "CAD": Decimal("1.62"),
    "AUD": Decimal("1.77"), "JPY": Decimal(178), "CHF": Decimal("0.93"), "MXN": Decimal("21.4"),
    "BRL": Decimal("6.2"), "NZD": Decimal("2.02"), "SEK": Decimal("11"), "ZAR": Decimal("20.1"),
}  # fmt: skip
_RATE_DIGITS = Decimal("1e-10")
_YEN, _CENT = Decimal(1), Decimal("0.01")

CURRENCIES = tuple(_PER_EURO)
"""Their codes, in the order of Discogs' own numbers."""

_SIGNS = {
    "USD": "$", "GBP": "£", "EUR": "€", "CAD": "CA$", "AUD": "A$", "JPY": "¥", "CHF": "CHF", "MXN": "MX$",
    "BRL": "R$", "NZD": "NZ$", "SEK": "SEK", "ZAR": "ZAR",
}  # fmt: skip
_FRENCH_SIGNS = {"USD": "$US", "GBP": "£GB", "CAD": "$CA", "AUD": "$AU", "MXN": "$MX", "NZD": "$NZ"}


@dataclass(frozen=True, slots=True, order=True)
class Price:
    """An amount in the major unit of `currency`, such as 10.99 dollars or 1200 yen."""

    amount: Decimal
    currency: str


def decimals(currency: str) -> int:
    """How many decimals an amount has: 0 for the yen, else 2."""
    return 0 if currency == "JPY" else 2


def convert(price: Price, currency: str) -> Price:
    """`price` in another currency, rounded half up to its decimals."""
    if price.currency == currency:
        return price
    amount = price.amount * _rate(price.currency, currency)
    step = _YEN if currency == "JPY" else _CENT
    return Price(amount.quantize(step, rounding=ROUND_HALF_UP), currency)


def currency_number(currency: str) -> int:
    """Discogs' own number of a currency (`curr_id`): 1 is the dollar, 3 the euro."""
    return CURRENCIES.index(currency) + 1


def english(price: Price) -> str:
    """A price as the English site writes it: $9,000.00."""
    return f"{_SIGNS[price.currency]}{price.amount:,.{decimals(price.currency)}f}"


def french(price: Price) -> str:
    """A price as the French site writes it: 10,99 $US, but the yen in front, JPY100."""
    if price.currency == "JPY":
        return f"JPY{price.amount:.0f}"
    amount = f"{price.amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{amount}\N{NO-BREAK SPACE}{_FRENCH_SIGNS.get(price.currency, _SIGNS[price.currency])}"


@cache
def _rate(source: str, target: str) -> Decimal:
    """What one unit of `source` is in `target`, to ten decimals."""
    return (_PER_EURO[target] / _PER_EURO[source]).quantize(_RATE_DIGITS)
