"""A release of a result document in one line."""

from __future__ import annotations

from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.runtime.results.releases import (
    artist_names,
    first_catno,
    format_texts,
    label_names,
)

NO_NUMBER = "none"
"""What Discogs writes where a label gave a record no catalogue number."""


def credited(release: Release) -> str:
    """The artists' names with commas between; empty where none is known."""
    return ", ".join(artist_names(release))


def artists(release: Release) -> str:
    """As `credited`, with words where no artist is known."""
    return credited(release) or "Unknown artist"


def facts(release: Release) -> str:
    """ "1973 · Germany · Label – CAT 1 · 2×Vinyl, LP": what is known, nothing for what is not."""
    catno = first_catno(release)
    number = None if catno == NO_NUMBER else catno
    label = " – ".join(part for part in (", ".join(label_names(release)[:2]), number) if part)
    return _joined(release.year, release.country, label, _formats(release))


def around_labels(release: Release) -> tuple[str, str]:
    """As `facts`, what stands before the labels and what stands after them, each with its mark."""
    before, after = _joined(release.year, release.country), _formats(release)
    return before and f"{before} · ", after and f" · {after}"


def _formats(release: Release) -> str:
    return " + ".join(format_texts(release))


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)
