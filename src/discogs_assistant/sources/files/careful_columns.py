"""Columns of a CSV file by Python's own reader, which refuses the first thing that is wrong with the file."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from itertools import count, islice
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.sources.csv_files.rows import malformed
from discogs_assistant.sources.files.cells import identifier
from discogs_assistant.sources.files.lines import CsvSource, malformed_at

Ints: TypeAlias = NDArray[np.int64]

MOST_COLUMNS = 1_000
# A few hundred rows stay in the processor's cache: 39,000 rows took a fifth of the time of all at once.
_ROWS_AT_ONCE = 256


class Encoded(NamedTuple):
    """A column's different texts without blanks at their ends, and (rows,) the place of each row's text."""

    places: Ints
    texts: list[str]


class Columns(NamedTuple):
    """The columns that the file has of those asked for; those of ids as numbers."""

    ids: dict[str, Ints]
    texts: dict[str, Encoded]


def read_carefully(
    source: CsvSource, ids: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> Columns:
    """`BadInputError` for a malformed file, a column that is missing or doubled, an id that is no number."""
    return _Reader(source, ids, required, optional).columns()


class _Reader:
    """Reads a file row by row, and refuses the first thing that is wrong with it."""

    def __init__(
        self, source: CsvSource, ids: Sequence[str], required: Sequence[str], optional: Sequence[str]
    ) -> None:
        self._source = source
        self._ids, self._optional = frozenset(ids), frozenset(optional)
        self._rows = 0
        self._header: list[str] = []
        self._texts: dict[str, defaultdict[str, int]] = {}
        self._parts: dict[str, list[Ints]] = {}
        for column in (*ids, *required, *optional):
            self._texts[column] = defaultdict(count().__next__)
            self._parts[column] = [np.empty(0, np.int64)]

    def columns(self) -> Columns:
        """The columns that the file has of those asked for."""
        self._read(self._source.text())
        found = {name: np.concatenate(parts) for name, parts in self._parts.items() if name in self._header}
        texts = {name: [text.strip() for text in self._texts[name]] for name in found}
        return Columns(
            {name: found[name] for name in found if name in self._ids},
            {name: Encoded(found[name], texts[name]) for name in found if name not in self._ids},
        )

    def _read(self, text: str) -> None:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = filter(None, reader)
        try:
            self._read_header(next(rows, []))
            while chunk := list(islice(rows, _ROWS_AT_ONCE)):
                self._take(chunk)
        except csv.Error as error:
            line, cell = malformed_at(text)
            named = self._header[cell] if cell < len(self._header) else f"{cell + 1}"
            raise self._source.error(line, named, malformed(error)) from None

    def _read_header(self, header: list[str]) -> None:
        self._header = [column.strip() for column in header]
        if len(header) > MOST_COLUMNS:
            many = f"there are {len(header):,} columns, and at most {MOST_COLUMNS:,} are read"
            raise self._source.wrong(-1, f"{MOST_COLUMNS + 1}", many)
        for column in self._parts:
            if self._header.count(column) > 1:
                raise self._source.wrong(-1, column, "this column is there twice")
            if column not in self._header and column not in self._optional:
                raise self._source.wrong(-1, column, "this column is missing")

    def _take(self, chunk: list[list[str]]) -> None:
        if set(map(len, chunk)) != {len(self._header)}:
            self._even_out(chunk)
        for column, cells in zip(self._header, zip(*chunk, strict=True), strict=True):
            if column in self._parts:
                self._parts[column].append(self._encode(column, cells))
        self._rows += len(chunk)

    def _even_out(self, chunk: list[list[str]]) -> None:
        """A short row's last cells are empty; what stands beyond the header is refused."""
        width = len(self._header)
        for row, cells in enumerate(chunk, self._rows):
            if any(cells[width:]):
                many = f"the row has {len(cells):,} cells, and the header {width:,}"
                raise self._source.wrong(row, f"{width + 1}", many)
            cells[width:] = []
            cells.extend([""] * (width - len(cells)))

    def _encode(self, column: str, cells: Sequence[str]) -> Ints:
        """Ids as numbers, other cells as places among the column's different texts."""
        if column not in self._ids:
            return np.fromiter(map(self._texts[column].__getitem__, cells), np.int64, len(cells))
        together = "".join(cells)
        if together.isascii() and together.isdecimal() and all(cells) and max(map(len, cells)) < 16:
            return np.fromiter(map(int, cells), np.int64, len(cells))
        stripped = [cell.strip() for cell in cells]
        places = np.arange(len(cells))
        return np.array(
            self._source.read_cells(column, places, identifier, stripped, first=self._rows), np.int64
        )
