"""How old something is, in words."""

from __future__ import annotations

from datetime import timedelta

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def in_words(age: timedelta) -> str:
    """An age such as "3 hours", in its largest unit, rounded down; "a moment" below a minute."""
    seconds = int(age.total_seconds())
    for name, size in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count:,} {name}{'s' if count > 1 else ''}"
    return "a moment"
