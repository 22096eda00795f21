"""Search the releases that the API reported, on either database and without an index of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    exists,
    func,
    or_,
    select,
    union_all,
)

from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.model.search_words import barcode, one_letter_apart
from discogs_assistant.store.catalogue.dumps.query import ANY, Question, Wanted, wanted_words
from discogs_assistant.store.catalogue.dumps.search_terms import COLUMNS, artist_word, label_word, terms
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import collection_item, release_words, uploaded_release, want
from discogs_assistant.store.statements import upsert

_MOST = 5_000  # rows that one search takes into memory
_SHORTEST = 5  # letters of a word that may be misspelt: each half is a filter of its own
_IN_NAMES = ("artist", "title")
_IN_TEXTS = ("artist", "title", "label", "catno")

Columns = dict[str, list[str]]
Fits = Callable[[str, Wanted], bool]


def put_words(connection: Connection, ranked: Iterable[tuple[Release, int]]) -> None:
    """Store the words of releases with the fullness of their source; a less full source changes nothing."""
    rows = [{"release_id": found.id, "fullness": rank, "words": line_of(found)} for found, rank in ranked]
    if rows:
        connection.execute(upsert(connection, release_words, not_older="fullness"), rows)


def line_of(release: Release) -> str:
    """Its words, one of `COLUMNS` after another, with a blank around each word."""
    return "|".join(f" {column} " for column in terms(_document(release)))


def find_known(db: Database, question: Question, limit: int, owner: OwnerId | None = None) -> list[ReleaseId]:
    """At most `limit` releases that answer, the best first; one statement, two where words look misspelt.

    A release that only a person's uploaded file names is found only by that person, `owner`.
    """
    wanted = wanted_words(question)
    fixed = [f" {word} " for word in question.filters]
    if question.barcode:
        fixed.append(f" {barcode(question.barcode) or 'none'} ")
    if not (wanted or fixed):
        return []
    with db.read() as connection:
        lines = _Lines(connection, fixed, owner)
        found = _ranked(lines.of([_spelt(asked) for asked in wanted]), question, wanted, _has)
        if len(found) < limit and any(map(_may_be_misspelt, wanted)):
            near = lines.of([_nearly_spelt(asked) for asked in wanted])
            found |= dict.fromkeys(_ranked(near, question, wanted, _nearly_has))
    return list(found)[:limit]


def on_which(db: Database, kind: str, id: int) -> list[ReleaseId]:
    """The releases reported by the API that have this main artist or label, ascending; one statement."""
    word = artist_word(id) if kind == "artist" else label_word(id)
    with db.read() as connection:
        return [found for found, _ in _Lines(connection, [f" {word} "], None).of([], None)]


class _Lines:
    """The lines that hold texts; `fixed` are those that each must hold. A person's own are for them alone."""

    def __init__(self, connection: Connection, fixed: Sequence[str], owner: OwnerId | None) -> None:
        self._connection = connection
        self._place = func.instr if connection.dialect.name == "sqlite" else func.strpos
        self._fixed = [[text] for text in fixed]
        self._owner = owner

    def of(self, parts: Sequence[Sequence[str]], most: int | None = _MOST) -> list[tuple[ReleaseId, str]]:
        """Releases, ascending, and lines that hold one of the texts of each part; one statement."""
        query: Select[Any] | CompoundSelect[Any] = self._reported(parts)
        if self._owner is not None:
            query = union_all(query, self._uploaded(self._owner, parts))
        rows = self._connection.execute(query.order_by("release_id").limit(most))
        return [(ReleaseId(row.release_id), row.words) for row in rows]

    def _reported(self, parts: Sequence[Sequence[str]]) -> Select[Any]:
        line = release_words.c
        return select(line.release_id, line.words).where(*self._all(line.words, parts))

    def _uploaded(self, owner: OwnerId, parts: Sequence[Sequence[str]]) -> Select[Any]:
        """Releases the person has now of which Discogs reported nothing."""
        line, reported = uploaded_release.c, release_words.c
        has = (select(table.c.release_id).where(table.c.owner == owner) for table in (collection_item, want))
        known = exists().where(reported.release_id == line.release_id)
        return select(line.release_id, line.words).where(
            line.owner == owner,
            or_(*(line.release_id.in_(ids) for ids in has)),
            ~known,
            *self._all(line.words, parts),
        )

    def _all(self, line: ColumnElement[str], parts: Sequence[Sequence[str]]) -> list[ColumnElement[bool]]:
        return [or_(*(self._place(line, text) > 0 for text in texts)) for texts in (*self._fixed, *parts)]


def _spelt(asked: Wanted) -> list[str]:
    end = "" if asked.unfinished else " "
    return [f" {word}{end}" for word in asked.spellings]


def _nearly_spelt(asked: Wanted) -> list[str]:
    """One wrong letter leaves half of a word as it is: the first at its start, or the second at its end."""
    if not _may_be_misspelt(asked):
        return _spelt(asked)
    return [
        text
        for word in asked.spellings
        for text in (f" {word[: len(word) // 2]}", f"{word[len(word) // 2 :]} ")
    ]


def _may_be_misspelt(asked: Wanted) -> bool:
    word = asked.spellings[0]
    return len(word) >= _SHORTEST and not (asked.unfinished or word.isdigit() or "_" in word)


def _ranked(
    lines: Iterable[tuple[ReleaseId, str]], question: Question, wanted: Sequence[Wanted], fits: Fits
) -> dict[ReleaseId, None]:
    """Those with every wanted word in its column: with the very name first, then with all words in names."""
    ranks: dict[ReleaseId, int] = {}
    for id, line in lines:
        columns = dict(zip(COLUMNS, line.split("|"), strict=True))
        if all(any(fits(columns[name], asked) for name in _columns(asked)) for asked in wanted):
            ranks[id] = _rank(columns, question, wanted, fits)
    return dict.fromkeys(sorted(ranks, key=lambda id: (ranks[id], id)))


def _rank(columns: dict[str, str], question: Question, wanted: Sequence[Wanted], fits: Fits) -> int:
    whole = question.whole
    if whole and any(f" {mark}{whole} " in columns[name] for mark, name in _WHOLE):
        return 0
    free = [asked for asked in wanted if asked.column == ANY]
    return 1 if all(any(fits(columns[name], asked) for name in _IN_NAMES) for asked in free) else 2


_WHOLE = (("a_", "artist"), ("t_", "title"), ("", "catno"))


def _columns(asked: Wanted) -> tuple[str, ...]:
    return _IN_TEXTS if asked.column == ANY else (asked.column,)


def _has(column: str, asked: Wanted) -> bool:
    return any(text in column for text in _spelt(asked))


def _nearly_has(column: str, asked: Wanted) -> bool:
    if _has(column, asked):
        return True
    return _may_be_misspelt(asked) and any(
        one_letter_apart(asked.spellings[0], word) for word in column.split()
    )


def _document(release: Release) -> dict[str, Any]:
    """As far as `terms` reads it."""
    return {
        "title": release.title,
        "artists": [
            {"id": max(0, credit.id), "name": credit.name, "anv": credit.anv} for credit in release.artists
        ],
        "labels": [
            {"id": max(0, credit.id), "name": credit.name, "catno": credit.catno} for credit in release.labels
        ],
        "formats": [{"name": credit.name, "descriptions": credit.descriptions} for credit in release.formats],
        "genres": release.genres,
        "styles": release.styles,
        "country": release.country,
        "year": release.year,
        "identifiers": [{"type": kind, "value": value} for kind, value in release.identifiers],
    }
