"""A whole CSV file as columns, with file, line and column of each problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.files.careful_columns import Columns, Encoded, Ints, read_carefully
from discogs_assistant.sources.files.lines import CsvSource

Value = TypeVar("Value")

_LARGE = 2_000_000
"""Bytes from which on it takes less time to load Arrow's reader than to do without it."""


class Table:
    """The columns of a file that are asked for; any others are ignored, and so are blank lines.

    A column is stored as its distinct texts, and for each row the place of its text among them; columns of
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
        self._source = CsvSource(printable(name, 200), data)
        self._columns = _columns(self._source, ids, required, optional)

    def __len__(self) -> int:
        if self._columns.ids:
            return len(next(iter(self._columns.ids.values())))
        return len(next(iter(self._columns.texts.values())).places)

    def ids(self, column: str) -> Ints:
        """(rows,) of a column of ids."""
        return self._columns.ids[column]

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
        return np.array(self._source.read_cells(column, places, read, texts), np.int64)[places]

    def amounts(self, column: str, by: str, read: Callable[[str, str], int]) -> Ints:
        """As `numbers`, where the meaning depends on the cell of the column `by`."""
        places, texts = self._encoded(column)
        kinds, words = self._encoded(by)
        pairs, rows = np.unique(places * max(1, len(words)) + kinds, return_inverse=True)
        amounts = [texts[pair // len(words)] for pair in pairs.tolist()]
        of_kind = [words[pair % len(words)] for pair in pairs.tolist()]
        return np.array(self._source.read_cells(column, rows, read, amounts, of_kind), np.int64)[rows]

    def coded(self, column: str, read: Callable[[str], str]) -> tuple[Ints, tuple[str, ...]]:
        """(rows,) places among the different values that `read` makes of the cells; these by code point."""
        places, texts = self._encoded(column)
        values = self._source.read_cells(column, places, read, texts)
        distinct = sorted(set(values))
        place = {value: at for at, value in enumerate(distinct)}
        return np.array([place[value] for value in values], np.int64)[places], tuple(distinct)

    def floats(self, column: str, read: Callable[[str], float]) -> NDArray[np.float64]:
        """(rows,) what `read` makes of the cells."""
        places, texts = self._encoded(column)
        return np.array(self._source.read_cells(column, places, read, texts), np.float64)[places]

    def values(self, column: str, read: Callable[[str], Value]) -> list[Value]:
        """What `read` makes of the cells, row by row."""
        places, texts = self._encoded(column)
        values = self._source.read_cells(column, places, read, texts)
        return [values[place] for place in places.tolist()]

    def wrong(self, row: int, column: str, why: str) -> BadInputError:
        """The error that names the row's line."""
        return self._source.wrong(row, column, why)

    def line(self, row: int) -> int:
        """The line, counted from 1, on which a row begins."""
        return self._source.line(row)

    def _encoded(self, column: str) -> Encoded:
        """The column; one empty text where the file has none of the name."""
        return self._columns.texts.get(column) or Encoded(np.zeros(len(self), np.int64), [""])


def _columns(
    source: CsvSource, ids: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> Columns:
    if len(source.data) >= _LARGE:
        from discogs_assistant.sources.files.plain_columns import NotPlain, read_plain

        with suppress(NotPlain):
            return read_plain(source.data, ids, required, optional)
    return read_carefully(source, ids, required, optional)
