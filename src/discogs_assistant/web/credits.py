"""Names on records as pages print them, artists with their join words, and where each leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from discogs_assistant.model.ids import id_from_name
from discogs_assistant.model.release import NOBODY, ArtistCredit, Format, LabelCredit, bare_name
from discogs_assistant.model.search_words import joined
from discogs_assistant.pipelines.runtime.results.releases import format_text
from discogs_assistant.web.release_text import NO_NUMBER


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is printed, and the page it leads to; None for "Various" and its like.

    `number` tells namesakes apart ("2" of "Nirvana (2)"), `called` is the usual name where another one is
    printed, `after` stands between this name and the next.
    """

    text: str
    address: str | None = None
    number: str = ""
    called: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class OnLabel:
    """A label with all of a release's catalogue numbers there."""

    name: Name
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """Who did what on a release."""

    name: Name
    roles: str


def artist_names(artists: tuple[ArtistCredit, ...]) -> list[Name]:
    """ "A & B feat. C": commas bind to the left, words stand between blanks."""
    return [
        name_of("artist", artist.id, artist.name, artist.anv, _join(artist) if place < len(artists) else "")
        for place, artist in enumerate(artists, 1)
    ]


def label_names(labels: tuple[LabelCredit, ...], *, brief: bool = False) -> list[OnLabel]:
    """Each label once, in order; `brief`: only the first of numbers that differ by blanks alone."""
    numbers: dict[int, dict[str, str]] = {}
    named: dict[int, Name] = {}
    for label in labels:
        key = label.id or id_from_name(label.name)
        named.setdefault(key, name_of("label", label.id, label.name))
        found = numbers.setdefault(key, {})
        if label.catno and label.catno.casefold() != NO_NUMBER:
            found.setdefault(joined(label.catno) if brief else label.catno, label.catno)
    return [OnLabel(name, tuple(numbers[key].values())) for key, name in named.items()]


def credit_names(credits: tuple[ArtistCredit, ...]) -> list[Credit]:
    """Each person once, in order, with all roles; on which tracks where that is known."""
    roles: dict[tuple[int, str], dict[str, None]] = {}
    first: dict[tuple[int, str], ArtistCredit] = {}
    for credit in credits:
        key = int(credit.id), credit.anv or credit.name
        role = credit.role or "credited"
        first.setdefault(key, credit)
        roles.setdefault(key, {})[f"{role} ({credit.tracks})" if credit.tracks else role] = None
    return [
        Credit(name_of("artist", artist.id, artist.name, artist.anv), ", ".join(roles[key]))
        for key, artist in first.items()
    ]


def format_names(formats: Iterable[Format]) -> list[str]:
    """ "2×Vinyl, LP, Album (Blue)", one an entry."""
    return [
        f"{format_text(format_)} ({format_.text})" if format_.text else format_text(format_)
        for format_ in formats
    ]


def name_of(kind: str, id: int | None, name: str, anv: str | None = None, after: str = "") -> Name:
    """A name and its page; of somebody without a page, the search for the name."""
    bare, printed = bare_name(name), anv or bare_name(name)
    return Name(
        printed,
        _address(kind, id, name),
        number=number_of(name),
        called=bare if printed != bare else "",
        after=after,
    )


def number_of(name: str) -> str:
    """ "2" of "Nirvana (2)", nothing of "Nirvana"."""
    return name[len(bare_name(name)) :].strip(" ()")


def is_nobody(name: str) -> bool:
    """Whether a name is a placeholder such as "Various"."""
    return bare_name(name).casefold() in NOBODY


def _address(kind: str, id: int | None, name: str) -> str | None:
    if is_nobody(name):
        return None
    if id is not None and id > 0:
        return f"/{kind}/{id}"
    return f"/search?{urlencode({kind: bare_name(name)})}"


def _join(artist: ArtistCredit) -> str:
    join = (artist.join or ",").strip()
    return f"{join} " if join == "," else f" {join} "
