"""Documents of a dump as the releases and works that the engines know."""

from __future__ import annotations

from typing import Any

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId, id_from_name
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Master, Release, Track


def release_of(document: dict[str, Any]) -> Release:
    """The release that `Catalogue.releases` returns; complete, so that absent credits mean none."""
    master = document["master_id"]
    return Release(
        id=ReleaseId(document["release_id"]),
        title=document["title"] or "",
        master_id=None if master is None else MasterId(master),
        year=document["year"],
        country=document["country"],
        artists=tuple(_artist(artist) for artist in document["artists"] if artist["name"]),
        labels=tuple(
            LabelCredit(LabelId(label["id"] or id_from_name(label["name"])), label["name"], label["catno"])
            for label in document["labels"]
            if label["name"]
        ),
        formats=tuple(
            Format(format["name"], format["quantity"] or 1, tuple(format["descriptions"]), format["text"])
            for format in document["formats"]
            if format["name"]
        ),
        genres=tuple(document["genres"]),
        styles=tuple(document["styles"]),
        credits=tuple(_artist(artist) for artist in document["credits"] if artist["name"]),
        tracks=tuple(
            Track(track["position"], track["title"], track["duration"])
            for track in document["tracks"]
            if track["title"]
        ),
        identifiers=tuple(
            (identifier["type"], identifier["value"])
            for identifier in document["identifiers"]
            if identifier["type"] and identifier["value"]
        ),
        complete=True,
    )


def master_of(document: dict[str, Any]) -> Master:
    """The work that `Catalogue.records` returns."""
    main = document["main_release"]
    return Master(
        id=MasterId(document["master_id"]),
        title=document["title"] or "",
        main_release=None if main is None else ReleaseId(main),
        year=document["year"],
        artists=tuple(_artist(artist) for artist in document["artists"] if artist["name"]),
        genres=tuple(document["genres"]),
        styles=tuple(document["styles"]),
    )


def _artist(artist: dict[str, Any]) -> ArtistCredit:
    """Some credits name an artist without a page; these are distinguished by name, as in exported files."""
    return ArtistCredit(
        ArtistId(artist["id"] or id_from_name(artist["name"])),
        artist["name"],
        anv=artist.get("anv"),
        join=artist.get("join"),
        role=artist.get("role"),
    )
