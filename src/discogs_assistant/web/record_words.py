"""A release of a result document in one line."""

from __future__ import annotations

from typing import Any

NO_NUMBER = "none"
"""What Discogs writes where a label gave a record no catalogue number."""


def artists(item: dict[str, Any]) -> str:
    """The artists, with commas between."""
    return ", ".join(item["artists"]) or "Unknown artist"


def facts(item: dict[str, Any]) -> str:
    """ "1973 · Germany · Label – CAT 1 · 2×Vinyl, LP": what is known, nothing for what is not."""
    number = None if item["catno"] == NO_NUMBER else item["catno"]
    label = " – ".join(part for part in (", ".join(item["labels"][:2]), number) if part)
    return _joined(item["year"], item["country"], label, _formats(item))


def around_labels(item: dict[str, Any]) -> tuple[str, str]:
    """As `facts`, what stands before the labels and what stands after them, each with its mark."""
    before, after = _joined(item["year"], item["country"]), _formats(item)
    return before and f"{before} · ", after and f" · {after}"


def _formats(item: dict[str, Any]) -> str:
    return " + ".join(item["formats"])


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)
