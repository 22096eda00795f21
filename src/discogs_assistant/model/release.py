"""A release (one pressing), its master, and who made it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId
from discogs_assistant.model.money import Money

_JOIN = re.compile(
    r",\s+|\s+(?:[/&+x-]|and|with|feat\.?|featuring|ft\.?|vs\.?|versus|meets|presents|pres\.?)\s+",
    re.IGNORECASE,
)
_MOST_NAMES = 9
"""A line of more artists is one name: it would hold too many."""
NOBODY = frozenset({"various", "various artists", "unknown artist", "no artist", "not on label"})
"""Discogs' placeholder names, in lower case: they say nothing about a record."""


@dataclass(frozen=True, slots=True)
class ArtistCredit:
    """An artist as credited: `anv` is the name on this release, `join` the word before the next artist."""

    id: ArtistId
    name: str
    anv: str | None = None
    join: str | None = None
    role: str | None = None
    tracks: str | None = None


@dataclass(frozen=True, slots=True)
class LabelCredit:
    """A label (or company) with this release's catalogue number there."""

    id: LabelId
    name: str
    catno: str | None = None
    entity_type: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """What the release is made of, such as two pieces of vinyl, each an LP."""

    name: str
    quantity: int = 1
    descriptions: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A track; a heading has no position."""

    position: str | None
    title: str
    duration: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One pressing as its source reports it: a collection row holds less than the release's own page."""

    id: ReleaseId
    title: str
    master_id: MasterId | None = None
    year: int | None = None
    country: str | None = None
    artists: tuple[ArtistCredit, ...] = ()
    labels: tuple[LabelCredit, ...] = ()
    formats: tuple[Format, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    credits: tuple[ArtistCredit, ...] = ()
    tracks: tuple[Track, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    notes: str | None = None
    thumb: str | None = None
    cover: str | None = None
    grams: int | None = None
    complete: bool = False
    """True where the data comes from the release's own page or a dump, so that absent credits mean none."""

    @property
    def artist_text(self) -> str:
        """The artists as printed: names on this release, with their join words."""
        return artists_as_printed(self.artists)

    @property
    def item_key(self) -> int:
        """The master where there is one, else the release, negated: one number per recommended work."""
        return int(self.master_id) if self.master_id is not None else -int(self.id)


@dataclass(frozen=True, slots=True)
class Master:
    """A work with all its pressings."""

    id: MasterId
    title: str
    main_release: ReleaseId | None = None
    year: int | None = None
    artists: tuple[ArtistCredit, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Discography:
    """One line of an artist's or a label's releases: a master or a single release."""

    kind: str
    id: int
    title: str
    main_release: ReleaseId | None
    artist: str | None
    role: str | None
    year: int | None
    thumb: str | None = None
    label: str | None = None
    format: str | None = None
    country: str | None = None
    catno: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of a search: `kind` is release, master, artist or label; `title` holds artist and title."""

    kind: str
    id: int
    title: str
    master_id: MasterId | None = None
    year: int | None = None
    country: str | None = None
    formats: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    catno: str | None = None
    thumb: str | None = None
    have: int | None = None
    want: int | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """How many own and want a release, and its mean rating of `ratings` votes."""

    have: int | None = None
    want: int | None = None
    rating: float | None = None
    ratings: int | None = None


@dataclass(frozen=True, slots=True)
class MarketStats:
    """The price floor of a release: `lowest` is None when none is for sale."""

    release_id: ReleaseId
    lowest: Money | None
    for_sale: int
    blocked: bool
    as_of: datetime


def artists_as_printed(artists: tuple[ArtistCredit, ...]) -> str:
    """ "A & B feat. C": commas bind to the left, words stand between blanks."""
    text = ""
    for place, artist in enumerate(artists):
        text += artist.anv or bare_name(artist.name)
        if place + 1 < len(artists):
            join = (artist.join or ",").strip()
            text += f"{join} " if join == "," else f" {join} "
    return text


def names_within(printed: str) -> tuple[str, ...]:
    """The names that a printed line of artists may hold, itself first: "A, B & C" gives A, B, C, "A, B" too.

    Copies for sale and exported files give one text without ids, and names hold join words of their own: no
    part of "Earth, Wind & Fire" is an artist. So these are possible names, to compare with known ones.
    """
    joins = list(_JOIN.finditer(printed))
    if not 0 < len(joins) < _MOST_NAMES:
        return (printed,)
    starts, ends = [0, *(join.end() for join in joins)], [*(join.start() for join in joins), len(printed)]
    spans = [printed[start:end].strip() for at, start in enumerate(starts) for end in ends[at:]]
    return tuple(dict.fromkeys((printed, *filter(None, spans))))


def bare_name(name: str) -> str:
    """A name without the number with which Discogs distinguishes namesakes: "Mike (408)" is "Mike"."""
    head, _, tail = name.rpartition(" (")
    return head if head and tail.endswith(")") and tail[:-1].isdigit() else name
