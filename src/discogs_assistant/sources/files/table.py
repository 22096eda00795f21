"""A whole CSV file as columns, with file, line and column of each problem."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.csv_files.rows import malformed, utf8_text
from discogs_assistant.sources.files.cells import identifier
from discogs_assistant.sources.files.lines import line_of, malformed_at

Ints: TypeAlias = NDArray[np.int64]
Value = TypeVar("Value")

_MOST_COLUMNS = 1_000
# A few hundred rows stay in the processor's cache: 39,000 rows took a fifth of the time of all at once.
_ROWS_AT_ONCE = 256


class Table:
    """The columns of a file that are asked for; any others are ignored, and so are blank lines.

    Of a column its different texts are kept, and for each row the place of its text among them; columns of
    ids become numbers at once. Every error is a `BadInputError` of one sentence with file, line and column.
    """

    def __init__(
        self,
        data: bytes,
        name: str,
        *,
        ids: Sequence[str] = (),
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
    ) -> None:
        self._name = printable(name, 200)
        try:
            self._text = utf8_text(data, self._name)
        except BadInputError as error:
            raise BadInputError(sentence(error)) from None
        self._ids = frozenset(ids)
        self._rows = 0
        self._texts: dict[str, defaultdict[str, int]] = {}
        self._parts: dict[str, list[Ints]] = {}
        for column in (*ids, *required, *optional):
            self._texts[column] = defaultdict(count().__next__)
            self._parts[column] = [np.empty(0, np.int64)]
        self._header: list[str] = []
        self._read(set(optional))

    def __len__(self) -> int:
        return self._rows

    def ids(self, column: str) -> Ints:
        """(rows,) of a column of ids."""
        return np.concatenate(self._parts[column])

    def keys(self, column: str) -> Ints:
        """As `ids`; `BadInputError` if an id occurs twice."""
        found = self.ids(column)
        order = np.argsort(found, kind="stable")
        again = np.flatnonzero(np.diff(found[order]) == 0) + 1
        if len(again):
            row = int(order[again].min())
            first = int(np.flatnonzero(found == found[row])[0])
            raise self.wrong(row, column, f"{found[row]} stands in line {self.line(first)} already")
        return found

    def numbers(self, column: str, read: Callable[[str], int]) -> Ints:
        """(rows,) what `read` makes of the cells; blanks at their ends are dropped."""
        places, texts = self._encoded(column)
        return np.array(self._read_cells(column, places, read, texts), np.int64)[places]

    def amounts(self, column: str, by: str, read: Callable[[str, str], int]) -> Ints:
        """As `numbers`, where the meaning depends on the cell of the column `by`."""
        places, texts = self._encoded(column)
        kinds, words = self._encoded(by)
        pairs, rows = np.unique(places * max(1, len(words)) + kinds, return_inverse=True)
        amounts = [texts[pair // len(words)] for pair in pairs.tolist()]
        of_kind = [words[pair % len(words)] for pair in pairs.tolist()]
        return np.array(self._read_cells(column, rows, read, amounts, of_kind), np.int64)[rows]

    def coded(self, column: str, read: Callable[[str], str]) -> tuple[Ints, tuple[str, ...]]:
        """(rows,) places among the different values that `read` makes of the cells; these by code point."""
        places, texts = self._encoded(column)
        values = self._read_cells(column, places, read, texts)
        distinct = sorted(set(values))
        place = {value: at for at, value in enumerate(distinct)}
        return np.array([place[value] for value in values], np.int64)[places], tuple(distinct)

    def values(self, column: str, read: Callable[[str], Value]) -> list[Value]:
        """What `read` makes of the cells, row by row."""
        places, texts = self._encoded(column)
        values = self._read_cells(column, places, read, texts)
        return [values[place] for place in places.tolist()]

    def wrong(self, row: int, column: str, why: str) -> BadInputError:
        """The error that names the row's line."""
        return self._error(self.line(row), column, why)

    def line(self, row: int) -> int:
        """The line, counted from 1, on which a row begins."""
        return line_of(self._text, row + 1)

    def _read(self, optional: set[str]) -> None:
        reader = csv.reader(io.StringIO(self._text, newline=""), strict=True)
        rows = filter(None, reader)
        try:
            self._read_header(next(rows, []), optional)
            while chunk := list(islice(rows, _ROWS_AT_ONCE)):
                self._take(chunk)
        except csv.Error as error:
            line, cell = malformed_at(self._text)
            named = self._header[cell] if cell < len(self._header) else f"{cell + 1}"
            raise self._error(line, named, malformed(error)) from None

    def _read_header(self, header: list[str], optional: set[str]) -> None:
        self._header = [column.strip() for column in header]
        if len(header) > _MOST_COLUMNS:
            many = f"there are {len(header):,} columns, and at most {_MOST_COLUMNS:,} are read"
            raise self.wrong(-1, f"{_MOST_COLUMNS + 1}", many)
        for column in self._parts:
            if self._header.count(column) > 1:
                raise self.wrong(-1, column, "this column is there twice")
            if column not in self._header and column not in optional:
                raise self.wrong(-1, column, "this column is missing")

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
                raise self.wrong(row, f"{width + 1}", many)
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
        return np.array(
            self._read_cells(column, np.arange(len(cells)), identifier, stripped, first=self._rows), np.int64
        )

    def _encoded(self, column: str) -> tuple[Ints, list[str]]:
        """(rows,) places in the column's different texts; one empty text where there is no such column."""
        if column not in self._header:
            return np.zeros(len(self), np.int64), [""]
        return np.concatenate(self._parts[column]), [text.strip() for text in self._texts[column]]

    def _read_cells(
        self, column: str, places: Ints, read: Callable[..., Value], *texts: Sequence[str], first: int = 0
    ) -> list[Value]:
        """What `read` makes of each of the texts, or of each pair of them.

        Raises the error of the first row that has a text which it refuses: `places` are the rows' texts, and
        the rows count from `first`.
        """
        try:
            return list(map(read, *texts))
        except BadInputError:
            wrong = {place: error for place, error in enumerate(_refusals(read, *texts)) if error}
            row = int(np.flatnonzero(np.isin(places, list(wrong)))[0])
            raise self.wrong(first + row, column, sentence(wrong[int(places[row])])) from None

    def _error(self, line: int, column: str, why: str) -> BadInputError:
        return BadInputError(f"{self._name}, line {line}, column {column}: {why.removesuffix('.')}.")


def _refusals(read: Callable[..., object], *texts: Sequence[str]) -> Iterator[BadInputError | None]:
    for cells in zip(*texts, strict=True):
        try:
            read(*cells)
            yield None
        except BadInputError as error:
            yield error


def sentence(error: BadInputError) -> str:
    """The error and what to do about it as one sentence."""
    if not error.next_step:
        return error.sentence
    step = error.next_step[0].lower() + error.next_step[1:].removesuffix(".")
    return f"{error.sentence.removesuffix('.')} ({step})."
