"""Partial releases, from a discography's line or a copy for sale."""

from __future__ import annotations

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId, id_from_name
from discogs_assistant.model.listing import Listing
from discogs_assistant.model.release import ArtistCredit, Discography, Format, LabelCredit, Release, bare_name
from discogs_assistant.sources.discogs.format_text import parse_formats

_MASTER = "master"
_MAIN = "main"
_UNOFFICIAL = "unofficialrelease"


def release_of_entry(entry: Discography, kind: str, id: int, name: str) -> Release | None:
    """The main pressing that a line of the discography of `name` stands for; None where it names none.

    `kind` is artist or label. Bootlegs are left out.
    """
    release = entry.main_release if entry.kind == _MASTER else ReleaseId(entry.id)
    if release is None or (entry.role or "").casefold() == _UNOFFICIAL:
        return None
    return Release(
        id=release,
        title=entry.title,
        master_id=MasterId(entry.id) if entry.kind == _MASTER else None,
        year=entry.year,
        country=entry.country,
        artists=_artists(entry, kind, id, name),
        labels=_labels(entry, kind, id, name),
        formats=_formats(entry.format),
        thumb=entry.thumb,
    )


def release_of_listing(listing: Listing) -> Release:
    """The release of a copy for sale, without its master, genres and styles, which no listing has."""
    return Release(
        id=listing.release_id,
        title=listing.title or f"Release {listing.release_id}",
        year=listing.year,
        artists=_by_name(listing.artist),
        labels=_label(listing.label, listing.catno),
        formats=_formats(listing.format),
    )


def _artists(entry: Discography, kind: str, id: int, name: str) -> tuple[ArtistCredit, ...]:
    """The artists as the line prints them: as the artist's own where that is the main one."""
    printed = entry.artist or (name if kind == "artist" else None)
    is_main = kind == "artist" and (entry.role or _MAIN).casefold() == _MAIN
    if is_main and printed and bare_name(name).casefold() in printed.casefold():
        return (ArtistCredit(ArtistId(id), name, anv=None if printed == name else printed),)
    return _by_name(printed)


def _labels(entry: Discography, kind: str, id: int, name: str) -> tuple[LabelCredit, ...]:
    if kind == "label":
        return (LabelCredit(LabelId(id), name, entry.catno),)
    return _label(entry.label, entry.catno)


def _by_name(name: str | None) -> tuple[ArtistCredit, ...]:
    return (ArtistCredit(ArtistId(id_from_name(name)), name),) if name else ()


def _label(name: str | None, catno: str | None) -> tuple[LabelCredit, ...]:
    return (LabelCredit(LabelId(id_from_name(name)), name, catno),) if name else ()


def _formats(text: str | None) -> tuple[Format, ...]:
    return parse_formats(text) if text else ()
