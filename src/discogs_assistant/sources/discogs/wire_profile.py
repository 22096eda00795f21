"""Users, collections and wantlists from Discogs' JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import InstanceId, UserName
from discogs_assistant.model.money import Currency
from discogs_assistant.model.profile import CollectionItem, DiscogsUser, Folder, Identity, Want
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_release import read_basic

G = TypeVar("G")

NOTE_FIELDS: Mapping[int, str] = {1: "Media Condition", 2: "Sleeve Condition", 3: "Notes"}
"""The note fields that each new collection has; their owner may add others."""


def read_identity(fields: Fields) -> Identity:
    """`/oauth/identity`."""
    return Identity(fields.required_identifier("id"), UserName(fields.required_text("username")))


def read_user(fields: Fields) -> DiscogsUser:
    """`/users/{name}`: a count whose key is absent belongs to a private list."""
    rating = fields.number("seller_rating")
    ratings = fields.whole("seller_num_ratings")
    currency = fields.text("curr_abbr")
    return DiscogsUser(
        name=UserName(fields.required_text("username")),
        id=fields.identifier("id"),
        collection=fields.whole("num_collection"),
        wantlist=fields.whole("num_wantlist"),
        for_sale=fields.whole("num_for_sale"),
        currency=Currency(currency) if currency in set(Currency) else None,
        seller_rating=float(rating) if rating is not None and ratings else None,
        seller_ratings=ratings,
        location=fields.text("location"),
        registered=fields.moment("registered"),
    )


def read_folders(fields: Fields) -> tuple[Folder, ...]:
    """`/users/{name}/collection/folders`; folder 0 holds all."""
    return tuple(
        Folder(folder.required_whole("id"), folder.required_text("name"), folder.required_whole("count"))
        for folder in fields.parts("folders")
    )


def read_note_fields(fields: Fields) -> dict[int, str]:
    """`/users/{name}/collection/fields`: names by id."""
    return {field.required_identifier("id"): field.required_text("name") for field in fields.parts("fields")}


def read_collection_item(
    fields: Fields, folders: Mapping[int, str], note_fields: Mapping[int, str] = NOTE_FIELDS
) -> CollectionItem:
    """One row of a collection.

    Grades stand among its notes, which only their owner sees; those that are no grade stay notes.
    """
    folder_id = fields.whole("folder_id") or 0
    notes = [(note_fields.get(number, str(number)), text) for number, text in _notes(fields)]
    media, sleeve, others = _grades(notes)
    return CollectionItem(
        instance_id=InstanceId(fields.required_identifier("instance_id")),
        release=read_basic(fields.required_part("basic_information")),
        folder_id=folder_id,
        folder=folders.get(folder_id),
        rating=_rating(fields),
        added=fields.moment("date_added"),
        media=media,
        sleeve=sleeve,
        notes=others,
    )


def read_want(fields: Fields) -> Want:
    """One row of a wantlist."""
    return Want(
        release=read_basic(fields.required_part("basic_information")),
        rating=_rating(fields),
        added=fields.moment("date_added"),
        notes=fields.text("notes"),
    )


def _rating(fields: Fields) -> int:
    return min(max(fields.whole("rating") or 0, 0), 5)


def _notes(fields: Fields) -> list[tuple[int, str]]:
    return [
        (note.required_identifier("field_id"), text)
        for note in fields.parts("notes")
        if (text := note.text("value"))
    ]


def _grades(
    notes: list[tuple[str, str]],
) -> tuple[Grade | None, SleeveGrade | None, tuple[tuple[str, str], ...]]:
    media: Grade | None = None
    sleeve: SleeveGrade | None = None
    others = []
    for name, text in notes:
        if name == NOTE_FIELDS[1] and (grade := _or_none(Grade.parse, text)) is not None:
            media = grade
        elif name == NOTE_FIELDS[2] and (cover := _or_none(SleeveGrade.parse, text)) is not None:
            sleeve = cover
        else:
            others.append((name, text))
    return media, sleeve, tuple(others)


def _or_none(parse: Callable[[str], G], text: str) -> G | None:
    try:
        return parse(text)
    except BadInputError:
        return None
