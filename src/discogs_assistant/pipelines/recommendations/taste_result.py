"""The typed document of a collector's taste, as its page and the JSON API have it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from discogs_assistant.model.ids import ReleaseId, RunId, UserName
from discogs_assistant.pipelines.runtime.results.fields import Moment

Effect = Literal["moved", "still", "owned", "not learned", "no list", "no model"]
"""The effect on a list; all but the first say why nothing moved."""


class OwnedPart(BaseModel, frozen=True):
    """The number of records with this name."""

    name: str
    records: int
    id: int | None = Field(description="The id of a label, from its source.")


class OwnedBreakdown(BaseModel, frozen=True):
    """What is owned in one respect, by falling number of records; a record counts for each of its names."""

    known: int = Field(description="Records that have any name.")
    without: int = Field(description="Records that say there is none: those on no label.")
    parts: tuple[OwnedPart, ...]


class OwnedDecades(OwnedBreakdown, frozen=True):
    """The decades in their order, from the first with a record to the last."""

    oldest: int | None
    newest: int | None


class StyleNeighbour(BaseModel, frozen=True):
    """A neighbour; `likeness` is a cosine, 0 for two styles that have an average amount in common."""

    name: str
    likeness: float


class StyleOnMap(BaseModel, frozen=True):
    """A style on the map."""

    name: str
    records: int
    x: float
    y: float
    neighbours: tuple[StyleNeighbour, ...]
    not_owned_yet: StyleNeighbour | None


class StyleMap(BaseModel, frozen=True):
    """The biggest styles on a plane; `kept` of the differences, from 0 to 1."""

    kept: float
    unplaced: int = Field(description="Owned styles of which too little is known.")
    styles: tuple[StyleOnMap, ...]


class MovedStyle(BaseModel, frozen=True):
    """The mean place of a style's records on the newest list, without the feedback and with it."""

    name: str
    records: int
    before: float
    after: float

    @property
    def rise(self) -> float:
        """By how many places it rose; below 0 where it fell."""
        return self.before - self.after


class MovedRecord(BaseModel, frozen=True):
    """The place of a record on the newest list, without the feedback and with it."""

    release_id: ReleaseId
    title: str
    artists: tuple[str, ...]
    before: int
    after: int


class FeedbackEffect(BaseModel, frozen=True):
    """A love or a hide, and what it moved; `effect` says why it moved nothing where it did not."""

    release_id: ReleaseId
    title: str
    artists: tuple[str, ...]
    styles: tuple[str, ...]
    said: Literal["loved", "hidden"]
    at: Moment
    effect: Effect
    moved_styles: tuple[MovedStyle, ...]
    moved_records: tuple[MovedRecord, ...]


class OwnedRecords(BaseModel, frozen=True):
    """What is owned, by what it is; `map` is null where nothing was learned of two styles."""

    records: int
    wanted: int
    styles: OwnedBreakdown
    decades: OwnedDecades
    labels: OwnedBreakdown
    countries: OwnedBreakdown
    map: StyleMap | None


class TasteHead(BaseModel, frozen=True):
    """Whose taste it is, and what it was learned from."""

    user: UserName
    model: str | None
    list_run: RunId | None = Field(description="The run that gave the newest list.")


class TasteDocument(OwnedRecords, TasteHead, frozen=True):
    """A collector's taste: whose it is, what is owned, and what each love and hide moved."""

    said: tuple[FeedbackEffect, ...]
