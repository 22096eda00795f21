"""The shapes of releases in the JSON API, for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Exact(BaseModel):
    """Nothing but what is named here."""

    model_config = ConfigDict(extra="forbid")


class ArtistShape(_Exact):
    """A main artist: `anv` is the name as printed where it differs, `join` what stands before the next."""

    id: int
    name: str
    anv: str | None
    join: str | None


class LabelShape(_Exact):
    """A label with the catalogue number there."""

    id: int
    name: str
    catno: str | None


class FormatShape(_Exact):
    """What it is made of."""

    name: str
    quantity: int
    descriptions: list[str]
    text: str | None


class CreditShape(_Exact):
    """Somebody else on a release."""

    id: int
    name: str
    role: str | None


class IdentifierShape(_Exact):
    """A barcode, a matrix number or the like."""

    type: str
    value: str


class TrackShape(_Exact):
    """A track; headings have no position."""

    position: str | None
    title: str
    duration: str | None


class Origin(_Exact):
    """Where it is known from and since when; `complete` where the source told all that it has."""

    source: str
    as_of: str
    complete: bool


class ReleaseShape(Origin):
    """All that is known of a release."""

    release_id: int
    master_id: int | None
    title: str
    year: int | None
    country: str | None
    artists: list[ArtistShape]
    labels: list[LabelShape]
    formats: list[FormatShape]
    genres: list[str]
    styles: list[str]
    credits: list[CreditShape]
    tracks: list[TrackShape]
    identifiers: list[IdentifierShape]


class LineShape(_Exact):
    """A release as a line of a list, with names as texts."""

    release_id: int
    master_id: int | None
    title: str
    artists: list[str]
    year: int | None
    country: str | None
    labels: list[str]
    catno: str | None
    formats: list[str]
    genres: list[str]
    styles: list[str]


class FoundShape(LineShape, Origin):
    """A release that a search found."""


class Found(_Exact):
    """The best first."""

    releases: list[FoundShape]


class ReasonShape(_Exact):
    """Why: in a sentence, with its share of the score."""

    kind: str
    text: str
    share: float
    release_id: int | None


class LikeShape(LineShape):
    """A record that is much like another one."""

    model_config = ConfigDict(extra="allow")

    rank: int
    score: float
    reasons: list[ReasonShape]


class Like(BaseModel):
    """The records that are most like one, the most alike first."""

    model_config = ConfigDict(extra="allow")

    recommendations: list[LikeShape]


def answers(shape: type[BaseModel], words: str) -> dict[int | str, dict[str, Any]]:
    """The answer 200 of this shape, for a route whose answer is a document already."""
    return {200: {"model": shape, "description": words}}
