"""A collector's profile: what is owned, what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import InstanceId, ReleaseId, UserName
from discogs_assistant.model.money import Currency
from discogs_assistant.model.release import Release

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class DiscogsUser:
    """A user's page; a count that is None belongs to a list the user keeps private."""

    name: UserName
    id: int | None
    collection: int | None
    wantlist: int | None
    for_sale: int | None = None
    currency: Currency | None = None
    seller_rating: float | None = None
    seller_ratings: int | None = None
    location: str | None = None
    registered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is."""

    id: int
    name: UserName


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a collection with its number of copies; folder 0 holds all."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """One owned copy; several copies of a release differ in `instance_id`."""

    instance_id: InstanceId
    release: Release
    folder_id: int = 0
    folder: str | None = None
    rating: int = 0
    added: datetime | None = None
    media: Grade | None = None
    sleeve: SleeveGrade | None = None
    notes: tuple[tuple[str, str], ...] = ()
    """Pairs of the note field's id or name and its text."""


@dataclass(frozen=True, slots=True)
class Want:
    """One wanted release."""

    release: Release
    rating: int = 0
    added: datetime | None = None
    notes: str | None = None

    @property
    def release_id(self) -> ReleaseId:
        """The wanted release's id."""
        return self.release.id


@dataclass(frozen=True, slots=True)
class ListPart(Generic[Item]):
    """A part of an uploaded collection or wantlist, and what could not be read of its rows."""

    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row of an uploaded file that could not be used."""

    file: str
    line: int
    column: str | None
    why: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.why}"
