"""A release in the words of result documents: its names as text, and its printed JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discogs_assistant.model.release import Format, Release, bare_name


def release_json(release: Release) -> dict[str, Any]:
    """The release's metadata (CC0: without images or prices), names as lists of text."""
    return {
        "release_id": int(release.id),
        "master_id": None if release.master_id is None else int(release.master_id),
        "title": release.title,
        "artists": artist_names(release),
        "year": release.year,
        "country": release.country,
        "labels": label_names(release),
        "catno": first_catno(release),
        "formats": format_texts(release),
        "genres": list(release.genres),
        "styles": list(release.styles),
    }


def artist_names(release: Release) -> list[str]:
    """Its artists by their names on this release, each once."""
    return _distinct(artist.anv or bare_name(artist.name) for artist in release.artists)


def label_names(release: Release) -> list[str]:
    """Its labels, each once."""
    return _distinct(bare_name(label.name) for label in release.labels)


def first_catno(release: Release) -> str | None:
    """The first catalogue number that a label gave it."""
    return next((label.catno for label in release.labels if label.catno), None)


def format_texts(release: Release) -> list[str]:
    """Its formats as sellers write them."""
    return [format_text(made_of) for made_of in release.formats]


def format_text(made_of: Format) -> str:
    """As sellers write it: "2×Vinyl, LP, Album"."""
    name = f"{made_of.quantity}×{made_of.name}" if made_of.quantity > 1 else made_of.name
    return ", ".join([name, *made_of.descriptions])


def format_words(text: str) -> list[str]:
    """The words that a format's text is made of, without its count: Vinyl, LP, Album."""
    return [word.split("×", 1)[-1].strip() for word in text.split(",")]


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
