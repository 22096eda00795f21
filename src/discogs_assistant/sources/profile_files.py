"""Collections and wantlists from the CSV files that Discogs exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import InstanceId, ReleaseId
from discogs_assistant.model.profile import CollectionItem, RowProblem, Want
from discogs_assistant.sources import csv_cells
from discogs_assistant.sources.csv_rows import CsvFile, CsvRow, Problems, column_key
from discogs_assistant.sources.file_releases import FileReleases

T = TypeVar("T")

_COPIES_KEPT = 1_000
_OWN_FIELDS = "collection "
_GRADED = ("Collection Media Condition", "Collection Sleeve Condition")
_COLUMNS = ("Catalog#", "Artist", "Title", "Label", "Format", "Rating", "Released", "release_id")


def read_collection_csv(data: bytes, name: str) -> tuple[list[CollectionItem], list[RowProblem]]:
    """The owned copies of an exported collection, and what is wrong with its rows.

    A row without a usable release id is left out; any other cell that makes no sense is left out alone.
    Instance ids are negative and come from the release and the copy's place in the file, so that the same
    file gives the same ids. `BadInputError` where the file as a whole cannot be used.
    """
    file = _opened(data, name, "CollectionFolder", "Date Added", *_GRADED)
    problems = Problems(file.name)
    rows = _with_release(file, problems)
    releases = FileReleases([row for row, _ in rows])
    copies: Counter[ReleaseId] = Counter()
    items: list[CollectionItem] = []
    for row, release_id in rows:
        if copies[release_id] >= _COPIES_KEPT:
            problems.add(
                row.line, "release_id", f"more than {_COPIES_KEPT:,} copies of release {release_id}."
            )
            continue
        instance = InstanceId(-(int(release_id) * _COPIES_KEPT + copies[release_id]))
        copies[release_id] += 1
        items.append(
            CollectionItem(
                instance,
                releases.release(row, release_id),
                folder=csv_cells.words(row, "CollectionFolder"),
                rating=_rating(row, problems),
                added=_tolerant(row, problems, csv_cells.moment, "Date Added"),
                media=_tolerant(row, problems, csv_cells.media, _GRADED[0]),
                sleeve=_tolerant(row, problems, csv_cells.sleeve, _GRADED[1]),
                notes=_notes(file, row),
            )
        )
    return items, _usable(items, problems, file)


def read_wantlist_csv(data: bytes, name: str) -> tuple[list[Want], list[RowProblem]]:
    """The wants of an exported wantlist, each release once, and what is wrong with its rows."""
    file = _opened(data, name, "Notes", "Date Added")
    if file.has("CollectionFolder"):
        raise BadInputError(f"{file.name} is an exported collection.", "Give it as the collection instead.")
    problems = Problems(file.name)
    rows = _with_release(file, problems)
    releases = FileReleases([row for row, _ in rows])
    wants: dict[ReleaseId, Want] = {}
    for row, release_id in rows:
        if release_id in wants:
            problems.add(row.line, "release_id", f"release {release_id} is on the list already.")
            continue
        wants[release_id] = Want(
            releases.release(row, release_id),
            rating=_rating(row, problems),
            added=_tolerant(row, problems, csv_cells.moment, "Date Added"),
            notes=csv_cells.words(row, "Notes"),
        )
    return list(wants.values()), _usable(wants, problems, file)


def _opened(data: bytes, name: str, *columns: str) -> CsvFile:
    file = CsvFile(data, name)
    file.require("release_id")
    file.only_once(*_COLUMNS, *columns)
    return file


def _with_release(file: CsvFile, problems: Problems) -> list[tuple[CsvRow, ReleaseId]]:
    rows = []
    for row in file.rows(problems):
        try:
            rows.append((row, ReleaseId(csv_cells.identifier(row, "release_id"))))
        except BadInputError as error:
            problems.add(row.line, "release_id", f"{error.sentence} The row was left out.")
    return rows


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
    return csv_cells.whole_number(row, column, low=0, high=5)


def _notes(file: CsvFile, row: CsvRow) -> tuple[tuple[str, str], ...]:
    """The collector's own fields: Discogs exports each as "Collection …"."""
    graded = {column_key(column) for column in _GRADED}
    pairs = (
        (column[len(_OWN_FIELDS) :].strip(), row.cell(column))
        for column in file.header
        if column.casefold().startswith(_OWN_FIELDS) and column_key(column) not in graded
    )
    return tuple((name, text) for name, text in pairs if text)


def _usable(kept: object, problems: Problems, file: CsvFile) -> list[RowProblem]:
    found = sorted(problems.all(), key=lambda problem: problem.line)
    if found and not kept:
        raise BadInputError(f"No row of {file.name} can be used. {found[0]}")
    return found
