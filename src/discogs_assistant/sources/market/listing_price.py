"""What counts as the price of a copy for sale."""

from __future__ import annotations

from decimal import Decimal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import Currency, Money

_DEAREST_MINOR = 10**9
"""Ten million dollars, a billion yen: no record ever cost that, so it is a slip or a trick."""


def checked_price(amount: Decimal, currency: Currency, *, what: str = "The price") -> Money:
    """`amount` as money; `BadInputError` where it is not above 0, too exact for the currency, or absurd."""
    if amount <= 0:
        raise BadInputError(f"{what} must be above 0, and is {_shown(amount)}.")
    return checked_amount(amount, currency, what=what)


def checked_amount(amount: Decimal, currency: Currency, *, what: str) -> Money:
    """As `checked_price`, where 0 is allowed: shipping may be free."""
    if not amount.is_finite() or amount < 0:
        raise BadInputError(f"{what} must not be {_shown(amount)}.")
    if amount.adjusted() > 15:
        raise BadInputError(f"{what} {_shown(amount)} is absurdly high.")
    money = Money.of(amount, currency)
    if money.decimal != amount:
        raise BadInputError(f"{what} {_shown(amount)} has more decimals than {currency} has.")
    return not_absurd(money, what=what)


def not_absurd(money: Money, *, what: str = "The price") -> Money:
    """`money`; `BadInputError` if it is absurdly high."""
    if money.minor > _DEAREST_MINOR:
        raise BadInputError(f"{what} {money} is absurdly high.")
    return money


def _shown(amount: Decimal) -> str:
    return str(amount)[:30]
