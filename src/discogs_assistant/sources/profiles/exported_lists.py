"""Collections and wantlists from the CSV files that Discogs exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import InstanceId, ReleaseId
from discogs_assistant.model.profile import CollectionItem, ListPart, Want
from discogs_assistant.model.release import Release
from discogs_assistant.model.tally import Tallies, Tally
from discogs_assistant.sources.csv_files import cells
from discogs_assistant.sources.csv_files.rows import CsvFile, CsvRow, Problems, chunks, column_key
from discogs_assistant.sources.profiles.exported_releases import FileReleases

T = TypeVar("T")

ITEMS_AT_ONCE = 1_000
_COPIES_KEPT = 1_000
_OWN_FIELDS = "collection "
_GRADED = ("Collection Media Condition", "Collection Sleeve Condition")
_COLUMNS = ("Catalog#", "Artist", "Title", "Label", "Format", "Rating", "Released", "release_id")


def read_collection_csv(
    file: BinaryIO, name: str, tallies: Tallies, limit: int | None = None
) -> Iterator[ListPart[CollectionItem]]:
    """The owned copies of an exported collection in parts, at most `limit`, and what is wrong with its rows.

    A row without a usable release id is left out; any other cell that makes no sense is left out alone.
    Instance ids are negative and come from the release and the copy's place in the file, so that the same
    file gives the same ids. `BadInputError`, before the first part, where the file cannot be used.
    """
    releases = FileReleases(tallies())
    with _opened(file, name, "CollectionFolder", "Date Added", *_GRADED) as table:
        _learn(releases, table, limit)
    with CsvFile(file, name) as table:
        problems = Problems(table.name)
        reader = _CollectionReader(table, problems, releases, tallies())
        yield from _in_parts(table, problems, reader.items, "collection", limit)


def read_wantlist_csv(
    file: BinaryIO, name: str, tallies: Tallies, limit: int | None = None
) -> Iterator[ListPart[Want]]:
    """The wants of an exported wantlist in parts, each release once, and the problems in its rows."""
    releases = FileReleases(tallies())
    with _opened(file, name, "Notes", "Date Added") as table:
        if table.has("CollectionFolder"):
            raise BadInputError(
                f"{table.name} is an exported collection.", "Give it as the collection instead."
            )
        _learn(releases, table, limit)
    with CsvFile(file, name) as table:
        problems = Problems(table.name)
        reader = _WantlistReader(problems, releases, tallies())
        yield from _in_parts(table, problems, reader.wants, "wantlist", limit)


Rows = Sequence[tuple[CsvRow, ReleaseId]]


class _CollectionReader:
    """Makes copies of rows."""

    def __init__(self, table: CsvFile, problems: Problems, releases: FileReleases, copies: Tally) -> None:
        self._problems, self._releases, self._copies = problems, releases, copies
        graded = {column_key(column) for column in _GRADED}
        # The collector's own fields: Discogs exports each as "Collection …".
        self._own_fields = {
            key: column[len(_OWN_FIELDS) :].strip()
            for column in table.header
            if column.casefold().startswith(_OWN_FIELDS) and (key := column_key(column)) not in graded
        }

    def items(self, rows: Rows) -> list[CollectionItem]:
        """The copies of rows."""
        numbers = self._copies.add([id for _, id in rows])
        kept = []
        for (row, id), number in zip(rows, numbers, strict=True):
            if number < _COPIES_KEPT:
                kept.append((row, id, number))
            else:
                why = f"more than {_COPIES_KEPT:,} copies of release {id}."
                self._problems.add(row.line, "release_id", why)
        releases = self._releases.releases([(row, id) for row, id, _ in kept])
        return [
            self._item(row, InstanceId(-(int(id) * _COPIES_KEPT + number)), release)
            for (row, id, number), release in zip(kept, releases, strict=True)
        ]

    def _item(self, row: CsvRow, instance: InstanceId, release: Release) -> CollectionItem:
        problems = self._problems
        return CollectionItem(
            instance,
            release,
            folder=cells.words(row, "CollectionFolder"),
            rating=_rating(row, problems),
            added=_tolerant(row, problems, cells.moment, "Date Added"),
            media=_tolerant(row, problems, cells.media, _GRADED[0]),
            sleeve=_tolerant(row, problems, cells.sleeve, _GRADED[1]),
            notes=self._notes(row),
        )

    def _notes(self, row: CsvRow) -> tuple[tuple[str, str], ...]:
        pairs = ((self._own_fields.get(key), row.cells[place].strip()) for key, place in row.places.items())
        return tuple((name, text) for name, text in pairs if name is not None and text)


@dataclass(frozen=True, slots=True)
class _WantlistReader:
    """Makes wants of rows."""

    problems: Problems
    releases: FileReleases
    seen: Tally

    def wants(self, rows: Rows) -> list[Want]:
        """The wants of rows."""
        before = self.seen.add([id for _, id in rows])
        new = [pair for pair, count in zip(rows, before, strict=True) if count == 0]
        for (row, id), count in zip(rows, before, strict=True):
            if count:
                self.problems.add(row.line, "release_id", f"release {id} is on the list already.")
        return [
            Want(
                release,
                rating=_rating(row, self.problems),
                added=_tolerant(row, self.problems, cells.moment, "Date Added"),
                notes=cells.words(row, "Notes"),
            )
            for (row, _), release in zip(new, self.releases.releases(new), strict=True)
        ]


def _opened(file: BinaryIO, name: str, *columns: str) -> CsvFile:
    table = CsvFile(file, name)
    try:
        table.require("release_id")
        table.only_once(*_COLUMNS, *columns)
    except BadInputError:
        table.close()
        raise
    return table


def _learn(releases: FileReleases, table: CsvFile, limit: int | None) -> None:
    for rows in chunks(islice(_with_release(table, Problems(table.name)), limit), ITEMS_AT_ONCE):
        releases.learn(row for row, _ in rows)


def _in_parts(
    table: CsvFile, problems: Problems, read: Callable[[Rows], list[T]], what: str, limit: int | None
) -> Iterator[ListPart[T]]:
    """What `read` makes of the rows; `BadInputError` at the end where there are rows and it made nothing."""
    kept, waiting = 0, list[str]()
    for rows in chunks(_with_release(table, problems), ITEMS_AT_ONCE):
        items = read(rows)
        waiting += [str(problem) for problem in problems.take()]
        if limit is not None and kept + len(items) > limit:
            waiting.append(_over(table.name, what, limit))
            yield ListPart(tuple(items[: limit - kept]), tuple(waiting))
            return
        kept += len(items)
        if items:
            yield ListPart(tuple(items), tuple(waiting))
            waiting = []
    waiting += [str(problem) for problem in problems.rest()]
    if waiting and not kept:
        raise BadInputError(f"No row of {table.name} can be used. {waiting[0]}")
    yield ListPart((), tuple(waiting))


def _over(name: str, what: str, limit: int) -> str:
    return f"Only the first {limit:,} items of {name} were read: a {what} file may hold no more here."


def _with_release(file: CsvFile, problems: Problems) -> Iterator[tuple[CsvRow, ReleaseId]]:
    for row in file.rows(problems):
        try:
            yield row, ReleaseId(cells.identifier(row, "release_id"))
        except BadInputError as error:
            problems.add(row.line, "release_id", f"{error.sentence} The row was left out.")


def _tolerant(
    row: CsvRow, problems: Problems, reader: Callable[[CsvRow, str], T | None], column: str
) -> T | None:
    try:
        return reader(row, column)
    except BadInputError as error:
        problems.add(row.line, column, f"{error.sentence} The row was kept without it.")
        return None


def _rating(row: CsvRow, problems: Problems) -> int:
    return _tolerant(row, problems, _stars, "Rating") or 0


def _stars(row: CsvRow, column: str) -> int | None:
    return cells.whole_number(row, column, low=0, high=5)
