"""Texts and numbers of a dump's elements: trimmed, and None where they are absent or empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_YEAR = re.compile(r"[0-9]{4}")
_EARLIEST = 1860
_LARGEST = 2**31 - 1
_LONGEST = 12  # digits, leading zeros included


def trimmed(text: str | None) -> str | None:
    """`text` without blanks at its ends; None where nothing is left."""
    return text.strip() or None if text else None


def text_of(element: Any, tag: str) -> str | None:
    """The text of the first child of this name."""
    return trimmed(element.findtext(tag))


def texts_of(elements: Iterable[Any]) -> list[str]:
    """The texts of these elements, or of the children of one; empty ones left out."""
    return [text for child in elements if (text := trimmed(child.text))]


def number(text: str | None) -> int | None:
    """A whole number in ASCII digits that fits 32 bits; None for anything else."""
    plain = text.strip() if text else ""
    if not (plain.isdigit() and plain.isascii() and len(plain) <= _LONGEST):
        return None
    value = int(plain)
    return value if value <= _LARGEST else None


def identifier(text: str | None) -> int | None:
    """The id of an artist, label or master; None for 0, which older dumps use if there is no page."""
    return number(text) or None


def year_of(text: str | None) -> int | None:
    """The four leading digits of a date such as 1983-00-00 where they make a year from 1860 on."""
    found = _YEAR.match(text.strip()) if text else None
    year = int(found[0]) if found else 0
    return year if year >= _EARLIEST else None
