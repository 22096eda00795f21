"""The shape of a taste in the JSON API, for its OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Part(BaseModel):
    """So many records have this name."""

    name: str
    records: int
    id: int | None = Field(description="A label's, as its source told it.")


class Breakdown(BaseModel):
    """What is owned in one respect, by falling number of records; a record counts for each of its names."""

    known: int = Field(description="Records that have any name.")
    without: int = Field(description="Records that say there is none: those on no label.")
    parts: list[Part]


class Decades(Breakdown):
    """The decades in their order, from the first with a record to the last."""

    oldest: int | None
    newest: int | None


class Near(BaseModel):
    """A neighbour; `likeness` is a cosine, 0 for as much as any two styles have in common."""

    name: str
    likeness: float


class MappedStyle(BaseModel):
    """A style on the map."""

    name: str
    records: int
    x: float
    y: float
    neighbours: list[Near]
    not_owned_yet: Near | None


class StyleMap(BaseModel):
    """The biggest styles on a plane; `kept` of the differences, from 0 to 1."""

    kept: float
    unplaced: int = Field(description="Owned styles of which too little is known.")
    styles: list[MappedStyle]


class MovedStyle(BaseModel):
    """The mean place of a style's records on the newest list, without what was said and with it."""

    name: str
    records: int
    before: float
    after: float


class MovedRecord(BaseModel):
    """The place of a record on the newest list, without what was said and with it."""

    release_id: int
    title: str
    artists: list[str]
    before: int
    after: int


class Said(BaseModel):
    """A love or a hide, and what it moved; `effect` says why it moved nothing where it did not."""

    release_id: int
    title: str
    artists: list[str]
    styles: list[str]
    said: Literal["loved", "hidden"]
    at: str
    effect: Literal["moved", "still", "owned", "not learned", "no list", "no model"]
    moved_styles: list[MovedStyle]
    moved_records: list[MovedRecord]


class Taste(BaseModel):
    """A collector's taste; `map` is null where nothing was learned, or fewer than two styles are known."""

    user: str
    model: str | None
    list_run: str | None = Field(description="The run that gave the newest list.")
    records: int
    wanted: int
    styles: Breakdown
    decades: Decades
    labels: Breakdown
    countries: Breakdown
    map: StyleMap | None
    said: list[Said]
