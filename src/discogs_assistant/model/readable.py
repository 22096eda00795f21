"""Ages, waits, durations and sizes as pages, the command line and errors say them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from humanize import naturaldelta, naturalsize, naturaltime, precisedelta

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NEW = timedelta(minutes=1)


def ago(then: datetime, now: datetime) -> str:
    """ "just now", "5 minutes ago", "a day ago", "3 months ago"; rounded to one unit."""
    return "just now" if now - then < _NEW else naturaltime(now - then)


def age(then: datetime, now: datetime) -> str:
    """ "a minute old", "2 hours old"; rounded to one unit, at least a minute."""
    return f"{naturaldelta(max(_NEW, now - then))} old"


def duration(length: timedelta) -> str:
    """Exactly and in days at most: "6 hours", "1 hour and 30 minutes", "30 days"."""
    return precisedelta(length, suppress=("months", "years"), format="%d")


def wait(seconds: float) -> str:
    """A wait in its largest unit, rounded up: "a second", "2 minutes", "an hour"."""
    unit = next((size for size in (_DAY, _HOUR, _MINUTE) if seconds > size), 1)
    return naturaldelta(max(1, math.ceil(seconds / unit)) * unit)


def left(seconds: float) -> str:
    """ "a few seconds left", "about 40 seconds left", "about 2 minutes left"; rounded to the unit."""
    if seconds < 10:
        return "a few seconds left"
    unit = 10 if seconds < 50 else _MINUTE if seconds < _HOUR else _HOUR
    return f"about {naturaldelta(max(1, round(seconds / unit)) * unit)} left"


def size(count: int) -> str:
    """So many bytes: "3.4 GB", "12 MB", "64 kB"."""
    return naturalsize(count).replace(".0 ", " ")
