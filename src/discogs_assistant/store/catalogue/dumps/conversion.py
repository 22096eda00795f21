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
        artists=tuple(_artist(one) for one in document["artists"] if one["name"]),
        labels=tuple(
            LabelCredit(LabelId(one["id"] or id_from_name(one["name"])), one["name"], one["catno"])
            for one in document["labels"]
            if one["name"]
        ),
        formats=tuple(
            Format(one["name"], one["quantity"] or 1, tuple(one["descriptions"]), one["text"])
            for one in document["formats"]
            if one["name"]
        ),
        genres=tuple(document["genres"]),
        styles=tuple(document["styles"]),
        credits=tuple(_artist(one) for one in document["credits"] if one["name"]),
        tracks=tuple(
            Track(one["position"], one["title"], one["duration"])
            for one in document["tracks"]
            if one["title"]
        ),
        identifiers=tuple(
            (one["type"], one["value"]) for one in document["identifiers"] if one["type"] and one["value"]
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
        artists=tuple(_artist(one) for one in document["artists"] if one["name"]),
        genres=tuple(document["genres"]),
        styles=tuple(document["styles"]),
    )


def _artist(one: dict[str, Any]) -> ArtistCredit:
    """Some credits name an artist without a page; these are distinguished by name, as in exported files."""
    return ArtistCredit(
        ArtistId(one["id"] or id_from_name(one["name"])),
        one["name"],
        anv=one.get("anv"),
        join=one.get("join"),
        role=one.get("role"),
    )
