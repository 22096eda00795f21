"""Numbers, money, ages and countries as people read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from markupsafe import Markup

from discogs_assistant.model.country import country_name
from discogs_assistant.model.money import Currency, Money

# Line breaks and tabs stay: sellers' own words have them.
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


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


def ago(then: datetime, now: datetime) -> str:
    """ "just now", "5 minutes ago", "2 hours ago", "3 days ago", or the date."""
    seconds = (now - then).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{count(int(seconds // _MINUTE), 'minute')} ago"
    if seconds < 2 * _DAY:
        return f"{count(int(seconds // _HOUR), 'hour')} ago"
    return f"{int(seconds // _DAY)} days ago" if seconds < 60 * _DAY else f"on {day(then)}"


def age(then: datetime, now: datetime) -> str:
    """ "1 min old", "2 h old", "3 days old"."""
    seconds = max(_MINUTE, (now - then).total_seconds())
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min old"
    return f"{int(seconds // _HOUR)} h old" if seconds < 2 * _DAY else f"{int(seconds // _DAY)} days old"


def day(moment: datetime) -> str:
    """ "24 Nov 2026"."""
    return f"{moment.day} {moment:%b %Y}"


def exactly(moment: datetime) -> str:
    """ "24 Nov 2026, 14:05 UTC", for paper."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def month(moment: datetime) -> str:
    """ "October 2026"."""
    return f"{moment:%B %Y}"


def span(length: timedelta) -> str:
    """ "6 hours", "30 minutes", "2 days"."""
    seconds = int(length.total_seconds())
    for size, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size and seconds % size == 0:
            return count(seconds // size, name)
    return count(seconds, "second")


def left(seconds: float) -> str:
    """ "a few seconds left", "about 2 minutes left"."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 50:
        return f"about {round(seconds / 10) * 10} seconds left"
    if seconds < 90 * _MINUTE:
        return f"about {count(max(1, round(seconds / _MINUTE)), 'minute')} left"
    return f"about {count(round(seconds / _HOUR), 'hour')} left"


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
