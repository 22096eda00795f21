"""Goldmine grades as Discogs writes them, as numbers."""

from __future__ import annotations

SHORT = {"P": 1, "F": 2, "G": 3, "G+": 4, "VG": 5, "VG+": 6, "NM": 7, "M": 8}
LONG = {
    "poor": 1, "fair": 2, "good": 3, "good plus": 4, "very good": 5, "very good plus": 6,
    "near mint": 7, "mint": 8, "generic": 0, "not graded": -1, "no cover": -2,
}  # fmt: skip


def grade(text: str) -> int | None:
    """A larger number is better; 0 and below fail every minimum; None where nothing is said."""
    if not text:
        return None
    found = SHORT.get(text.upper(), LONG.get(text.split(" (")[0].lower()))
    if found is None:
        raise ValueError(text)
    return found
