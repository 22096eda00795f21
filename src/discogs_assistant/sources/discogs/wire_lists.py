"""Pages of lists from Discogs' JSON: pagination, discographies, versions of a master, searches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.ids import MasterId
from discogs_assistant.model.ports import Page
from discogs_assistant.model.release import Discography, SearchHit
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_release import read_year, release_id

T = TypeVar("T")


def read_page(
    fields: Fields,
    key: str,
    read: Callable[[Fields], T],
    remarks: Callable[[Fields], list[str]] = lambda fields: [],
) -> Page[T]:
    """A page whose entries lie under `key`.

    An entry that cannot be read is left out, counted and reported; `remarks` are reported besides.
    """
    pagination = fields.required_part("pagination")
    items: list[T] = []
    problems: list[str] = []
    entries = fields.entries(key)
    for place, entry in enumerate(entries):
        try:
            part = Fields(entry, f"{key}[{place}]")
            items.append(read(part))
            problems += remarks(part)
        except UnexpectedAnswerError as error:
            problems.append(f"An entry was left out: {error.sentence}")
    per_page = pagination.required_whole("per_page")
    if per_page == 0:
        raise pagination.wrong("per_page", "is 0")
    return Page(
        items=tuple(items),
        page=pagination.required_whole("page"),
        pages=pagination.required_whole("pages"),
        per_page=per_page,
        total=pagination.required_whole("items"),
        unread=len(entries) - len(items),
        problems=tuple(problems),
    )


def read_discography(fields: Fields) -> Discography:
    """A line of `/artists/{id}/releases`, of `/labels/{id}/releases` or of `/masters/{id}/versions`.

    Labels and masters list releases only and leave `type` out.
    """
    return Discography(
        kind=fields.text("type") or "release",
        id=fields.required_identifier("id"),
        title=fields.required_text("title"),
        main_release=release_id(fields, "main_release"),
        artist=fields.text("artist"),
        role=fields.text("role"),
        year=read_year(fields, "year") or read_year(fields, "released"),
        thumb=fields.link("thumb"),
        label=fields.text("label"),
        format=_format(fields),
        country=fields.text("country"),
        catno=fields.text("catno"),
    )


def read_hit(fields: Fields) -> SearchHit:
    """A line of `/database/search`."""
    community = fields.part("community")
    master = fields.identifier("master_id")
    return SearchHit(
        kind=fields.required_text("type"),
        id=fields.required_identifier("id"),
        title=fields.required_text("title"),
        master_id=MasterId(master) if master is not None else None,
        year=read_year(fields, "year"),
        country=fields.text("country"),
        formats=fields.texts("format"),
        labels=fields.texts("label"),
        genres=fields.texts("genre"),
        styles=fields.texts("style"),
        catno=fields.text("catno"),
        thumb=fields.link("thumb"),
        have=community.whole("have") if community else None,
        want=community.whole("want") if community else None,
    )


def _format(fields: Fields) -> str | None:
    """A version names its medium apart from the rest: "Vinyl" and "LP, Album"."""
    media = ", ".join(fields.texts("major_formats"))
    return ", ".join(part for part in (media, fields.text("format")) if part) or None
