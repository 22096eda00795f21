"""The releases of the JSON API: what is known of one, and lines of lists."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from discogs_assistant.pipelines.catalogue.releases import Known
from discogs_assistant.pipelines.runtime.results.fields import Moment
from discogs_assistant.pipelines.runtime.results.releases import release_json
from discogs_assistant.web.json_answer import Responses


class _Exact(BaseModel):
    """Nothing but what is named here."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


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
    descriptions: tuple[str, ...]
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
    """Where it is known from and since when; `complete` if the source sent all that it has."""

    source: str
    as_of: Moment
    complete: bool


class _ReleaseParts(_Exact):
    release_id: int
    master_id: int | None
    title: str
    year: int | None
    country: str | None
    artists: tuple[ArtistShape, ...]
    labels: tuple[LabelShape, ...]
    formats: tuple[FormatShape, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    credits: tuple[CreditShape, ...]
    tracks: tuple[TrackShape, ...]
    identifiers: tuple[IdentifierShape, ...]


class ReleaseShape(Origin, _ReleaseParts):
    """All that is known of a release."""

    @classmethod
    def of(cls, known: Known) -> ReleaseShape:
        """As `catalogue release` prints it, with where it is known from."""
        release = known.release
        return cls(
            release_id=release.id,
            master_id=release.master_id,
            title=release.title,
            year=release.year,
            country=release.country,
            artists=tuple(map(ArtistShape.model_validate, release.artists)),
            labels=tuple(map(LabelShape.model_validate, release.labels)),
            formats=tuple(map(FormatShape.model_validate, release.formats)),
            genres=release.genres,
            styles=release.styles,
            credits=tuple(map(CreditShape.model_validate, release.credits)),
            tracks=tuple(map(TrackShape.model_validate, release.tracks)),
            identifiers=tuple(IdentifierShape(type=kind, value=text) for kind, text in release.identifiers),
            source=known.source,
            as_of=known.as_of,
            complete=release.complete,
        )


class LineShape(_Exact):
    """A release as a line of a list, with names as texts."""

    release_id: int
    master_id: int | None
    title: str
    artists: tuple[str, ...]
    year: int | None
    country: str | None
    labels: tuple[str, ...]
    catno: str | None
    formats: tuple[str, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]


class FoundShape(Origin, LineShape):
    """A release that a search found."""

    @classmethod
    def of(cls, known: Known) -> FoundShape:
        """The line of a known release."""
        return cls(
            **release_json(known.release),
            source=known.source,
            as_of=known.as_of,
            complete=known.release.complete,
        )


class Found(_Exact):
    """The best first."""

    releases: tuple[FoundShape, ...]


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


def answers(shape: type[BaseModel], words: str) -> Responses:
    """The answer 200 of this shape, for a route whose answer is a document already."""
    return {200: {"model": shape, "description": words}}
