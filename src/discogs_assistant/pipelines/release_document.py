"""A release as the JSON that result documents carry."""

from __future__ import annotations

from typing import Any

from discogs_assistant.model.release import Format, Release, bare_name


def release_json(release: Release) -> dict[str, Any]:
    """The release's metadata (CC0: without images or prices), names as lists of text."""
    return {
        "release_id": int(release.id),
        "master_id": None if release.master_id is None else int(release.master_id),
        "title": release.title,
        "artists": _distinct(artist.anv or bare_name(artist.name) for artist in release.artists),
        "year": release.year,
        "country": release.country,
        "labels": _distinct(bare_name(label.name) for label in release.labels),
        "catno": next((label.catno for label in release.labels if label.catno), None),
        "formats": [format_text(made_of) for made_of in release.formats],
        "genres": list(release.genres),
        "styles": list(release.styles),
    }


def format_text(made_of: Format) -> str:
    """As sellers write it: "2×Vinyl, LP, Album"."""
    name = f"{made_of.quantity}×{made_of.name}" if made_of.quantity > 1 else made_of.name
    return ", ".join([name, *made_of.descriptions])


def format_words(text: str) -> list[str]:
    """The words that a format's text is made of, without its count: Vinyl, LP, Album."""
    return [word.split("×", 1)[-1].strip() for word in text.split(",")]


def format_of(text: str) -> Format:
    """The format that `format_text` wrote, but for its count."""
    name, *descriptions = format_words(text)
    return Format(name, descriptions=tuple(descriptions))


def _distinct(names: Any) -> list[str]:
    return list(dict.fromkeys(names))
