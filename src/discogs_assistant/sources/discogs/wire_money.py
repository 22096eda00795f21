"""Amounts of money from Discogs' JSON, exact to the minor unit."""

from __future__ import annotations

from decimal import Decimal

from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.discogs.wire_fields import Fields

_LARGEST = Decimal(10) ** 12


def read_money(fields: Fields, key: str) -> Money | None:
    """The object `{"value", "currency"}` (or `"curr_abbr"`) under `key`; None if it is absent or `{}`."""
    part = fields.part(key)
    if part is None:
        return None
    currency = part.text("currency") or part.text("curr_abbr")
    if currency is None:
        raise part.wrong("currency", "is missing")
    money = read_amount(part, "value", currency)
    if money is None:
        raise part.wrong("value", "is missing")
    return money


def read_amount(fields: Fields, key: str, currency: str) -> Money | None:
    """The bare number under `key`, in `currency`; none is below 0."""
    amount = fields.number(key)
    if amount is None:
        return None
    if not 0 <= amount <= _LARGEST:
        raise fields.wrong(key, "is not a sensible amount of money")
    return Money.of(amount, read_currency(fields, key, currency))


def read_currency(fields: Fields, key: str, currency: str) -> Currency:
    """The currency of an ISO code that Discogs uses."""
    try:
        return Currency(currency)
    except ValueError:
        raise fields.wrong(key, f"is in “{printable(currency, 10)}”, an unknown currency") from None
