"""Releases and discographies as plain JSON for the catalogue, without their image links."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId
from discogs_assistant.model.release import (
    ArtistCredit,
    Discography,
    Format,
    LabelCredit,
    Release,
    Track,
)
from discogs_assistant.store.schema.records import COMPLETE, NAMED, TAGGED


def fullness(release: Release) -> int:
    """How much the source reported: genres and styles are absent from discographies and files."""
    if release.complete:
        return COMPLETE
    return TAGGED if release.genres or release.styles else NAMED


def to_document(release: Release) -> dict[str, Any]:
    """The release as JSON, without empty values."""
    document = {
        "id": release.id,
        "title": release.title,
        "master_id": release.master_id,
        "year": release.year,
        "country": release.country,
        "artists": [_credit(artist) for artist in release.artists],
        "labels": [[label.id, label.name, label.catno, label.entity_type] for label in release.labels],
        "formats": [[f.name, f.quantity, list(f.descriptions), f.text] for f in release.formats],
        "genres": list(release.genres),
        "styles": list(release.styles),
        "credits": [_credit(artist) for artist in release.credits],
        "tracks": [[track.position, track.title, track.duration] for track in release.tracks],
        "identifiers": [list(pair) for pair in release.identifiers],
        "notes": release.notes,
        "grams": release.grams,
        "complete": release.complete,
    }
    return {
        name: value
        for name, value in document.items()
        if value is not None and value is not False and value != []
    }


def from_document(document: dict[str, Any]) -> Release:
    """The release that `to_document` wrote."""
    master = document.get("master_id")
    return Release(
        id=ReleaseId(document["id"]),
        title=document["title"],
        master_id=None if master is None else MasterId(master),
        year=document.get("year"),
        country=document.get("country"),
        artists=tuple(_artist(row) for row in document.get("artists", ())),
        labels=tuple(LabelCredit(LabelId(row[0]), *row[1:]) for row in document.get("labels", ())),
        formats=tuple(Format(row[0], row[1], tuple(row[2]), row[3]) for row in document.get("formats", ())),
        genres=tuple(document.get("genres", ())),
        styles=tuple(document.get("styles", ())),
        credits=tuple(_artist(row) for row in document.get("credits", ())),
        tracks=tuple(Track(*row) for row in document.get("tracks", ())),
        identifiers=tuple((kind, value) for kind, value in document.get("identifiers", ())),
        notes=document.get("notes"),
        grams=document.get("grams"),
        complete=document.get("complete", False),
    )


@lru_cache(maxsize=4096)
def from_text(text: str) -> Release:
    """As `from_document`, of a document's text; pages show the same releases again and again."""
    return from_document(json.loads(text))


def entries_document(entries: Sequence[Discography]) -> list[list[Any]]:
    """A discography as JSON."""
    return [
        [e.kind, e.id, e.title, e.main_release, e.artist, e.role, e.year, e.label, e.format] for e in entries
    ]


def entries_from(document: list[list[Any]]) -> list[Discography]:
    """The discography that `entries_document` wrote."""
    return [
        Discography(kind, id, title, main, artist, role, year, label=label, format=format)
        for kind, id, title, main, artist, role, year, label, format in document
    ]


def _credit(artist: ArtistCredit) -> list[Any]:
    return [artist.id, artist.name, artist.anv, artist.join, artist.role, artist.tracks]


def _artist(row: list[Any]) -> ArtistCredit:
    return ArtistCredit(ArtistId(row[0]), *row[1:])
