"""Numbers, money, days and countries as people read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from markupsafe import Markup

from discogs_assistant.model.country import country_name
from discogs_assistant.model.money import Currency, Money

# Line breaks and tabs stay: sellers' own words have them.
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def printed(value: object) -> object:
    """A text without control characters and those that turn the direction of what stands around it.

    Titles are typed in by strangers, and handed-in files hold anything.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return _UNPRINTED.sub("", value)


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 record", "1,234 records"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def money(minor: int, currency: str) -> str:
    """An amount in minor units, with its currency."""
    return str(Money(minor, Currency(currency)))


def day(moment: datetime) -> str:
    """ "24 Nov 2026"."""
    return f"{moment.day} {moment:%b %Y}"


def exactly(moment: datetime) -> str:
    """ "24 Nov 2026, 14:05 UTC", for paper."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def month(moment: datetime) -> str:
    """ "October 2026"."""
    return f"{moment:%B %Y}"


def country(code: str | None) -> str:
    """A country's English name."""
    return country_name(code) if code else "an unknown country"


def percent(part: float) -> str:
    """0.123 as "12 %"."""
    return f"{round(part * 100)} %"


def moment(text: str | None) -> datetime | None:
    """The moment that a document gives as ISO text."""
    if text is None:
        return None
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def ratio(part: Decimal | None) -> str:
    """1.20 as "20 % above the lowest known", 1.00 as "the lowest known"."""
    if part is None:
        return ""
    above = round((part - 1) * 100)
    return "lowest known" if above <= 0 else f"{above} % above lowest"


def places(rise: float) -> str:
    """ "+1.4", "−2", "0"."""
    size = f"{abs(rise):.1f}".removesuffix(".0")
    return "0" if size == "0" else f"{'+' if rise > 0 else '−'}{size}"
