"""Money as integer minor units of a currency; never a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from discogs_assistant.errors import BadInputError

_LARGEST_MINOR = 10**14
_RATE_DIGITS = Decimal("1e-10")


class Currency(StrEnum):
    """The currencies in which Discogs shows prices."""

    USD = "USD"
    GBP = "GBP"
    EUR = "EUR"
    CAD = "CAD"
    AUD = "AUD"
    JPY = "JPY"
    CHF = "CHF"
    MXN = "MXN"
    BRL = "BRL"
    NZD = "NZD"
    SEK = "SEK"
    ZAR = "ZAR"

    @property
    def decimals(self) -> int:
        """How many decimals an amount has: 0 for the yen, else 2."""
        return 0 if self is Currency.JPY else 2

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Currency:
        """The currency of an ISO code in any case; `BadInputError` for one that Discogs does not use."""
        try:
            return cls(text.strip().upper())
        except ValueError:
            known = " ".join(cls)
            raise BadInputError(
                f"“{text.strip()[:20]}” is not a currency that Discogs uses.",
                f"Use one of {known}.",
                field=field,
            ) from None


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` units (cents, or whole yen) of `currency`."""

    minor: int
    currency: Currency

    @property
    def decimal(self) -> Decimal:
        """The amount in the currency's major unit, exact."""
        return Decimal(self.minor).scaleb(-self.currency.decimals)

    @classmethod
    def of(cls, amount: Decimal, currency: Currency) -> Money:
        """`amount` in major units, rounded half up to the currency's decimals."""
        return cls(round_half_up(amount.scaleb(currency.decimals)), currency)

    @classmethod
    def parse(
        cls, text: str, currency: Currency, *, what: str = "The price", field: str | None = None
    ) -> Money:
        """A positive decimal with no more decimals than the currency has; `BadInputError` otherwise."""
        amount = parse_decimal(text, what=what, field=field)
        exponent = amount.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        if places > currency.decimals:
            raise BadInputError(
                f"{what} {text.strip()[:30]} has more decimals than {currency} has ({currency.decimals}).",
                field=field,
            )
        if amount <= 0:
            raise BadInputError(f"{what} must be above 0, and is {text.strip()[:30]}.", field=field)
        minor = int(amount.scaleb(currency.decimals))
        if minor > _LARGEST_MINOR:
            raise BadInputError(
                f"{what} {text.strip()[:30]} is too large.", "Give a smaller amount.", field=field
            )
        return cls(minor, currency)

    def __str__(self) -> str:
        return f"{self.decimal:,.{self.currency.decimals}f} {self.currency}"


def parse_decimal(text: str, *, what: str, field: str | None = None) -> Decimal:
    """A plain finite decimal number: digits and one point, without exponent, blanks or NaN."""
    clean = text.strip()
    try:
        if not clean.isascii() or any(char not in "0123456789.-+" for char in clean):
            raise InvalidOperation
        return Decimal(clean)
    except InvalidOperation:
        raise BadInputError(
            f"{what} “{clean[:30]}” is not a number.", "Write it as 12.50.", field=field
        ) from None


def round_half_up(amount: Decimal) -> int:
    """`amount` rounded to an integer, halves away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class RateTable:
    """The rates of a day into one currency: an amount × `values[its currency]` is the amount in `target`.

    `values` are decimals of ten places, so that every reader computes the same amounts.
    """

    day: date
    source: str
    target: Currency
    values: Mapping[Currency, Decimal]

    @classmethod
    def from_euro(
        cls, day: date, source: str, target: Currency, per_euro: Mapping[Currency, Decimal]
    ) -> RateTable:
        """Cross rates from the units of each currency that one euro buys."""
        if target not in per_euro:
            raise BadInputError(
                f"No exchange rate of {day} is stored for {target}.", "Choose another date or currency."
            )
        values = {
            source_currency: (per_euro[target] / rate).quantize(_RATE_DIGITS)
            for source_currency, rate in per_euro.items()
        }
        values[target] = Decimal(1)
        return cls(day, source, target, values)

    @classmethod
    def identity(cls, day: date, target: Currency) -> RateTable:
        """The table that knows only its own currency."""
        return cls(day, "none", target, {target: Decimal(1)})

    def has_rate(self, currency: Currency) -> bool:
        """Whether amounts in that currency can be converted."""
        return currency is self.target or currency in self.values

    def rate(self, currency: Currency) -> Decimal:
        """What one unit of `currency` is in the target; `BadInputError` where no rate is held."""
        if currency is self.target:
            return Decimal(1)
        if currency not in self.values:
            raise BadInputError(
                f"No exchange rate of {self.day} is stored from {currency} to {self.target}.",
                "Choose another date or currency.",
            )
        return self.values[currency]

    def convert(self, money: Money) -> Money:
        """`money` in the target currency, rounded half up; `BadInputError` where no rate is held."""
        if money.currency is self.target:
            return money
        return Money.of(money.decimal * self.rate(money.currency), self.target)
