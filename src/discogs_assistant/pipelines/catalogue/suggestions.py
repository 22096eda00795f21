"""What somebody who types may mean: artists, works and labels whose names begin with or hold the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from typing import Literal

from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.release import NOBODY, Release, bare_name
from discogs_assistant.model.search_words import joined, name_key, words
from discogs_assistant.pipelines.catalogue.releases import Known, releases
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.catalogue.dumps.query import Question, words_of
from discogs_assistant.store.catalogue.release_search import find_known
from discogs_assistant.store.database import Database

Kind = Literal["artist", "master", "release", "label"]

_LOOKED_AT = 24  # of the best known releases that answer, for each of artist, work and label
_SHORTEST = 2
_VERY_NAME, _BEGINS, _HOLDS, _MISSPELT = range(4)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page to go to: `text` as people call it, `detail` distinguishes it from namesakes."""

    kind: Kind
    id: int
    text: str
    detail: str


Offer = tuple[Suggestion, str]
"""With the name under which it is looked for."""


def suggestions(
    db: Database, files: Catalogue, typed: str, limit: int = 8, owner: OwnerId | None = None
) -> list[Suggestion]:
    """At most `limit` for an unfinished last word: the exact name, then names that begin so, then others.

    Among equals artists, works and labels take turns, the best known of each first. Empty for fewer than two
    letters; Discogs' placeholder names are left out. `owner` as in `catalogue_known.releases`.
    """
    if len(joined(typed)) < _SHORTEST:
        return []
    found = _from_dump(db, files, typed) or _from_api(db, files, typed, owner)
    tier_of = _tiers(typed)
    offers = [[(suggestion, tier_of(name)) for suggestion, name in read(some)] for read, some in found]
    ranked: dict[tuple[Kind, int], Suggestion] = {}
    for tier in (_VERY_NAME, _BEGINS, _HOLDS, _MISSPELT):
        if tier == _MISSPELT and ranked:
            break
        for suggestion in _in_turn(
            [suggestion for suggestion, its in some if its == tier] for some in offers
        ):
            ranked.setdefault((suggestion.kind, suggestion.id), suggestion)
    return list(ranked.values())[:limit]


Read = Callable[[Iterable[Release]], Iterator[Offer]]


def _from_dump(db: Database, files: Catalogue, typed: str) -> list[tuple[Read, list[Release]]]:
    asked: tuple[tuple[Read, Question], ...] = (
        (_artists, Question(artist=typed, typing=True)),
        (_works, Question(words=typed, typing=True)),
        (_labels, Question(label=typed, typing=True)),
    )
    ids = [(read, files.find(question, _LOOKED_AT)) for read, question in asked]
    known = releases(db, files, {ReleaseId(id) for _, some in ids for id in some})
    return [(read, _in_order(known, map(ReleaseId, some))) for read, some in ids] if known else []


def _from_api(
    db: Database, files: Catalogue, typed: str, owner: OwnerId | None
) -> list[tuple[Read, list[Release]]]:
    """One search has to do: without an index each reads all lines."""
    ids = find_known(db, Question(words=typed, typing=True), 3 * _LOOKED_AT, owner)
    known = releases(db, files, ids, owner)
    found = _in_order(known, ids)
    return [(_artists, found), (_works, found), (_labels, found)]


def _in_order(known: Mapping[ReleaseId, Known], ids: Iterable[ReleaseId]) -> list[Release]:
    return [known[id].release for id in ids if id in known]


def _artists(found: Iterable[Release]) -> Iterator[Offer]:
    for release in found:
        for artist in release.artists:
            if artist.id > 0 and name_key(artist.name) not in NOBODY:
                text = bare_name(artist.name)
                suggestion = Suggestion("artist", artist.id, text, f"artist{artist.name[len(text) :]}")
                yield suggestion, text
                if artist.anv:
                    yield suggestion, artist.anv


def _works(found: Iterable[Release]) -> Iterator[Offer]:
    for release in found:
        parts = (release.artist_text, str(release.year) if release.year else "")
        detail = ", ".join(part for part in parts if part)
        if release.master_id is not None:
            suggestion = Suggestion("master", release.master_id, release.title, detail)
        else:
            suggestion = Suggestion("release", release.id, release.title, detail)
        yield suggestion, release.title
        yield suggestion, f"{release.title} {release.artist_text}"


def _labels(found: Iterable[Release]) -> Iterator[Offer]:
    for release in found:
        for label in release.labels:
            if label.id > 0 and not name_key(label.name).startswith("not on label"):
                text = bare_name(label.name)
                yield Suggestion("label", label.id, text, f"label{label.name[len(text) :]}"), text


def _tiers(typed: str) -> Callable[[str], int]:
    """How well a name fits what was typed, which has two letters at least."""
    asked = joined(typed)
    *finished, last = words_of(typed)

    @cache
    def tier(name: str) -> int:
        whole = joined(name)
        if whole == asked:
            return _VERY_NAME
        if whole.startswith(asked):
            return _BEGINS
        held = words(name)
        return _HOLDS if {*finished} <= {*held} and any(word.startswith(last) for word in held) else _MISSPELT

    return tier


def _in_turn(several: Iterable[list[Suggestion]]) -> Iterator[Suggestion]:
    return (suggestion for suggestion in chain.from_iterable(zip_longest(*several)) if suggestion is not None)
