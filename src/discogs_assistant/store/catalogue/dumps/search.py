"""Finds releases by words, names and numbers; misspelt words are corrected to the probable ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from discogs_assistant.model.search_words import barcode, joined, one_letter_off
from discogs_assistant.store.catalogue.dumps.documents import at_once, marks, read_only
from discogs_assistant.store.catalogue.dumps.other_names import OtherNames
from discogs_assistant.store.catalogue.dumps.query import ANY, Question, Wanted, wanted_words
from discogs_assistant.store.catalogue.dumps.search_terms import MAIN, artist_word, label_word, whole_word

FILE = "search.db"

LEVELS = 1 << 33
"""Row numbers of the index are level × LEVELS + release: in their order the best known come first."""

_NAMES = "{artist title}"
_MEANT = 4  # likely words for a misspelt one
_FAR = 10  # times more frequent than what was typed
_SHORTEST = 3  # letters of a word that may be misspelt


class Search:
    """Reads a finished index; safe to share among threads. `others` are further names of artists."""

    def __init__(self, folder: Path, others: OtherNames | None = None) -> None:
        self._connection = read_only(folder / FILE)
        self._others = others

    def find(self, question: Question, limit: int) -> list[int]:
        """At most `limit` releases that answer, the best first; of equally good ones the best known.

        Those with the very name, title or number, then those with all words in names and titles, then in
        any text, then those of artists who also go under a name that was asked for. Where words were
        probably misspelt, also those with what was meant; where there are none at all, those with all words
        but one.
        """
        fixed = [f'filter : "{word}"' for word in question.filters]
        if question.barcode:
            fixed.append(f'barcode : "{barcode(question.barcode)}"')
        wanted = wanted_words(question)
        found = self._first(_readings(question, wanted), fixed, limit)
        if len(found) < limit:
            found |= self._first(self._under_other_names(question), fixed, limit)
        meant = [self._meant(word) for word in wanted]
        if meant != wanted and len(found) < limit:
            found |= self._first([_queries(meant)], fixed, limit)
        if not found and len(meant) > 1:
            found = self._first(map(_queries, combinations(meant, len(meant) - 1)), fixed, limit)
        return list(found)[:limit]

    def works(self, kind: str, id: int, limit: int) -> list[int]:
        """At most `limit` releases of an artist or a label, one of each work, the best known first."""
        word = artist_word(id) if kind == "artist" else label_word(id)
        return self._ask([f'{kind} : "{word}"', f'filter : "{MAIN}"'], limit) if id > 0 else []

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _first(self, readings: Iterable[Sequence[str]], fixed: Sequence[str], limit: int) -> dict[int, None]:
        """What the readings find one after another, until there are enough."""
        found: dict[int, None] = {}
        for parts in readings:
            if parts or fixed:
                found |= dict.fromkeys(self._ask([*parts, *fixed], limit))
            if len(found) >= limit:
                break
        return found

    def _ask(self, parts: Sequence[str], limit: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT rowid FROM release WHERE release MATCH ? ORDER BY rowid LIMIT ?",
            (" AND ".join(f"({part})" for part in parts), limit),
        )
        return [place % LEVELS for (place,) in rows]

    def _under_other_names(self, question: Question) -> Iterator[list[str]]:
        """The artists whose other name stands in the question, and all other words."""
        if self._others is None:
            return
        artists, rest = self._others.within(question.words)
        if artists:
            yield [_by(artists), *_queries(wanted_words(replace(question, words=rest)))]
        artists, rest = self._others.within(question.artist)
        if artists:
            yield [_by(artists), *_queries(wanted_words(replace(question, artist=rest)))]

    def _meant(self, wanted: Wanted) -> Wanted:
        """With the words of which it is probably a misspelling: one letter off, and far more frequent."""
        word = wanted.spellings[0]
        if len(word) < _SHORTEST or not word.isascii() or word.isdigit():
            return wanted
        counts = self._counts([word, *one_letter_off(word)])
        least = _FAR * counts.pop(word, 0)
        meant = sorted(
            (other for other in counts if counts[other] >= least), key=lambda other: (-counts[other], other)
        )
        return replace(wanted, spellings=(word, *meant[:_MEANT]))

    def _counts(self, some: Sequence[str]) -> dict[str, int]:
        """How many releases have each of these words; words without releases are left out."""
        counts: dict[str, int] = {}
        for part in at_once(some):
            query = f"SELECT word, releases FROM word WHERE word IN ({marks(part)})"  # noqa: S608  (marks alone)
            counts |= dict(self._connection.execute(query, part))
        return counts


def _by(artists: Iterable[int]) -> str:
    named = " OR ".join(f'"{artist_word(id)}"' for id in artists)
    return f"artist : ({named})"


def _readings(question: Question, wanted: Sequence[Wanted]) -> Iterator[list[str]]:
    if exact := _exactly(question):
        yield exact
    if any(word.column == ANY for word in wanted):
        yield _queries(replace(word, column=_NAMES) if word.column == ANY else word for word in wanted)
    yield _queries(wanted)


def _queries(wanted: Iterable[Wanted]) -> list[str]:
    return [word.query() for word in wanted]


def _exactly(question: Question) -> list[str]:
    """The whole name or title, where one was asked for."""
    if word := question.whole:
        return [
            f'artist : "a_{word}" OR title : "t_{word}" OR catno : "{word}"'
            f' OR barcode : "{barcode(word) or 0}"'
        ]
    if question.words or question.label or question.catno:
        return []
    named = (("artist", question.artist), ("title", question.title))
    return [f'{column} : "{whole_word(column, text)}"' for column, text in named if joined(text)]
