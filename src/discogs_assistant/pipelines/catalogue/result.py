"""The typed documents of the catalogue: what an import added, what is served, and its releases."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from discogs_assistant.store.catalogue.dumps.serving import Serving


class _Document(BaseModel):
    """Nothing but what is named in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogueCounts(_Document):
    """The dump that is served, as YYYY-MM where its files named it, and how many records of each kind."""

    month: str | None
    artists: int
    labels: int
    masters: int
    releases: int


class CatalogueStatus(CatalogueCounts):
    """What is served, the bytes it takes, and when it was imported; zeros and None before any import."""

    bytes: int
    imported_at: str | None

    @classmethod
    def of(cls, serving: Serving | None) -> CatalogueStatus:
        """The counts of what is served."""
        return cls(
            month=serving.month if serving else None,
            artists=count_of(serving, "artists"),
            labels=count_of(serving, "labels"),
            masters=count_of(serving, "masters"),
            releases=count_of(serving, "releases"),
            bytes=serving.bytes if serving else 0,
            imported_at=serving.imported_at if serving else None,
        )


class SkippedRecord(_Document):
    """A record that an import left out; `id` is None where it could not be read."""

    entity: str
    id: int | None
    why: str


class ImportReport(CatalogueCounts):
    """What an import added, and what it cost."""

    skipped: tuple[SkippedRecord, ...]
    bytes: int
    seconds: float
    peak_mb: float


class ArtistPart(_Document):
    """A main artist: `anv` is the name as printed where it differs, `join` what stands before the next."""

    id: int | None
    name: str | None
    anv: str | None
    join: str | None


class LabelPart(_Document):
    """A label with the catalogue number there."""

    id: int | None
    name: str | None
    catno: str | None


class FormatPart(_Document):
    """What it is made of."""

    name: str | None
    quantity: int | float | None
    descriptions: tuple[str, ...]
    text: str | None


class CreditPart(_Document):
    """Somebody else on a release, with the role as written."""

    id: int | None
    name: str | None
    role: str | None


class TrackPart(_Document):
    """A track; headings have no position."""

    position: str | None
    title: str | None
    duration: str | None


class IdentifierPart(_Document):
    """A barcode, a matrix number or the like."""

    type: str | None
    value: str | None


class CatalogueRelease(BaseModel):
    """All that a dump says of a release; what is absent is null or an empty list."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    release_id: int
    master_id: int | None
    main: bool | None
    title: str | None
    year: int | None
    country: str | None
    artists: tuple[ArtistPart, ...]
    labels: tuple[LabelPart, ...]
    formats: tuple[FormatPart, ...]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    credits: tuple[CreditPart, ...]
    tracks: tuple[TrackPart, ...]
    identifiers: tuple[IdentifierPart, ...]


class CatalogueReleases(_Document):
    """The requested releases that are known."""

    releases: tuple[CatalogueRelease, ...]


class CatalogueLine(_Document):
    """A release as a line of what was found, with names as text."""

    release_id: int
    master_id: int | None
    title: str | None
    year: int | None
    country: str | None
    artists: tuple[str, ...]
    labels: tuple[str, ...]
    formats: tuple[str, ...]

    @classmethod
    def of(cls, release: CatalogueRelease) -> CatalogueLine:
        """The line of a release."""
        return cls(
            release_id=release.release_id,
            master_id=release.master_id,
            title=release.title,
            year=release.year,
            country=release.country,
            artists=tuple(artist.name for artist in release.artists if artist.name),
            labels=tuple(label.name for label in release.labels if label.name),
            formats=tuple(format_.name for format_ in release.formats if format_.name),
        )


class CatalogueFound(_Document):
    """The releases that answer a question, the best first."""

    releases: tuple[CatalogueLine, ...]


def count_of(serving: Serving | None, kind: str) -> int:
    """How many records of a kind are served."""
    held = serving.kinds.get(kind) if serving else None
    return held.count if held else 0
