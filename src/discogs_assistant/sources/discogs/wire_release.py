"""Releases and masters from Discogs' JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId
from discogs_assistant.model.release import (
    ArtistCredit,
    Community,
    Format,
    LabelCredit,
    MarketStats,
    Master,
    Release,
    Track,
)
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_money import read_amount

_FIRST_YEAR = 1860
_LAST_YEAR = 2999


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """A release's own page: the release, its owner counts, and its price floor at that moment."""

    release: Release
    community: Community
    stats: MarketStats


def read_basic(fields: Fields) -> Release:
    """The release of a collection row or a want (`basic_information`)."""
    return Release(
        id=ReleaseId(fields.required_identifier("id")),
        title=fields.required_text("title"),
        master_id=_master(fields),
        year=read_year(fields, "year"),
        artists=read_artists(fields, "artists"),
        labels=_labels(fields),
        formats=_formats(fields),
        genres=fields.texts("genres"),
        styles=fields.texts("styles"),
        thumb=fields.link("thumb"),
        cover=fields.link("cover_image"),
    )


def read_release(fields: Fields) -> Release:
    """A release's own page (`/releases/{id}`)."""
    tracks = list(_tracks(fields))
    image = _image(fields)
    return Release(
        id=ReleaseId(fields.required_identifier("id")),
        title=fields.required_text("title"),
        master_id=_master(fields),
        year=read_year(fields, "year") or read_year(fields, "released"),
        country=fields.text("country"),
        artists=read_artists(fields, "artists"),
        labels=_labels(fields),
        formats=_formats(fields),
        genres=fields.texts("genres"),
        styles=fields.texts("styles"),
        credits=_credits(fields, tracks),
        tracks=tuple(Track(t.text("position"), t.required_text("title"), t.text("duration")) for t in tracks),
        identifiers=_identifiers(fields),
        notes=fields.text("notes"),
        thumb=fields.link("thumb") or (image.link("uri150") if image else None),
        cover=image.link("uri") if image else None,
        grams=fields.whole("estimated_weight") or None,
        complete=True,
    )


def read_release_page(fields: Fields, as_of: datetime, currency: str) -> ReleasePage:
    """A release's own page with its market figures, whose prices are in `currency`."""
    release = read_release(fields)
    stats = MarketStats(
        release.id,
        lowest=read_amount(fields, "lowest_price", currency),
        for_sale=fields.whole("num_for_sale") or 0,
        blocked=bool(fields.flag("blocked_from_sale")),
        as_of=as_of,
    )
    return ReleasePage(release, _community(fields), stats)


def read_master(fields: Fields) -> Master:
    """A master's own page (`/masters/{id}`)."""
    image = _image(fields)
    return Master(
        id=MasterId(fields.required_identifier("id")),
        title=fields.required_text("title"),
        main_release=release_id(fields, "main_release"),
        year=read_year(fields, "year"),
        artists=read_artists(fields, "artists"),
        genres=fields.texts("genres"),
        styles=fields.texts("styles"),
        cover=image.link("uri") if image else None,
    )


def read_artists(fields: Fields, key: str) -> tuple[ArtistCredit, ...]:
    """The artists under `key`; an artist that Discogs does not link has the id 0."""
    return tuple(
        ArtistCredit(
            id=ArtistId(artist.identifier("id") or 0),
            name=artist.required_text("name"),
            anv=artist.text("anv"),
            join=artist.text("join"),
            role=artist.text("role"),
            tracks=artist.text("tracks"),
        )
        for artist in fields.parts(key)
    )


def read_year(fields: Fields, key: str) -> int | None:
    """The four leading digits where they make a year from 1860 on: of 1985, "1985" and "1985-03-00"."""
    value = fields.text(key) if fields.is_text(key) else str(fields.whole(key) or "")
    digits = (value or "")[:4]
    year = int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


def release_id(fields: Fields, key: str) -> ReleaseId | None:
    """A release's id, or None where there is none."""
    value = fields.identifier(key)
    return ReleaseId(value) if value is not None else None


def _master(fields: Fields) -> MasterId | None:
    value = fields.identifier("master_id")
    return MasterId(value) if value is not None else None


def _labels(fields: Fields) -> tuple[LabelCredit, ...]:
    return tuple(
        LabelCredit(
            id=LabelId(label.identifier("id") or 0),
            name=label.required_text("name"),
            catno=label.text("catno"),
            entity_type=label.text("entity_type_name") or label.text("entity_type"),
        )
        for label in fields.parts("labels")
    )


def _formats(fields: Fields) -> tuple[Format, ...]:
    return tuple(
        Format(
            name=item.required_text("name"),
            quantity=_quantity(item),
            descriptions=item.texts("descriptions"),
            text=item.text("text"),
        )
        for item in fields.parts("formats")
    )


def _quantity(fields: Fields) -> int:
    """People type the quantity: blank or words mean one."""
    text = fields.text("qty") if fields.is_text("qty") else str(fields.whole("qty") or "")
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1


def _tracks(fields: Fields) -> Iterator[Fields]:
    for track in fields.parts("tracklist"):
        yield track
        yield from track.parts("sub_tracks")


def _credits(fields: Fields, tracks: list[Fields]) -> tuple[ArtistCredit, ...]:
    found = read_artists(fields, "extraartists")
    for track in tracks:
        found += read_artists(track, "extraartists")
    return found


def _identifiers(fields: Fields) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind, value)
        for item in fields.parts("identifiers")
        if (kind := item.text("type")) and (value := item.text("value"))
    )


def _image(fields: Fields) -> Fields | None:
    images = list(fields.parts("images"))
    primary = [image for image in images if image.text("type") == "primary"]
    return next(iter(primary + images), None)


def _community(fields: Fields) -> Community:
    community = fields.part("community")
    if community is None:
        return Community()
    rating = community.part("rating")
    average = rating.number("average") if rating else None
    return Community(
        have=community.whole("have"),
        want=community.whole("want"),
        rating=float(average) if average is not None else None,
        ratings=rating.whole("count") if rating else None,
    )
