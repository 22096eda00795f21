"""Errors in a CSV file and where in it they are, found by reading the file again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.sources.csv_files.rows import utf8_text

Value = TypeVar("Value")

_CELL = re.compile(r'(?:"(?:[^"]++|"")*+"|[^",\r\n][^,\r\n]*+)?(?=[,\r\n]|\Z)')


def line_of(text: str, row: int) -> int:
    """The line, from 1, on which a row begins; rows count from 0 at the header, blank lines do not."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    for cells in reader:
        row -= bool(cells)
        if row < 0:
            break
        begins = reader.line_num + 1
    return begins


def malformed_at(text: str) -> tuple[int, int]:
    """Line and place in its row of the first cell that is badly quoted or too long.

    Python's reader reports neither where a refused row began, nor which cell caused it.
    """
    stream = io.StringIO(text, newline="")
    begins, reader = 1, csv.reader(stream, strict=True)
    with suppress(csv.Error):
        for _ in reader:
            begins = reader.line_num + 1
    stream.seek(0)
    for _ in range(begins - 1):
        stream.readline()
    return begins, _malformed_cell(stream.read())


def _malformed_cell(row: str) -> int:
    at = place = 0
    while (cell := _CELL.match(row, at)) and len(cell[0]) <= csv.field_size_limit():
        at, place = cell.end() + 1, place + 1
    return place


@dataclass(frozen=True, slots=True)
class CsvSource:
    """A file, and the errors that name a place in it."""

    name: str
    data: bytes

    def text(self) -> str:
        """The whole; `BadInputError` where it is no text in UTF-8."""
        try:
            return utf8_text(self.data, self.name)
        except BadInputError as error:
            raise BadInputError(sentence(error)) from None

    def line(self, row: int) -> int:
        """The line, counted from 1, on which a row begins; -1 is the header's row."""
        return line_of(self.text(), row + 1)

    def wrong(self, row: int, column: str, why: str) -> BadInputError:
        """The error that names the row's line."""
        return self.error(self.line(row), column, why)

    def error(self, line: int, column: str, why: str) -> BadInputError:
        """The error that names a line."""
        return BadInputError(f"{self.name}, line {line}, column {column}: {why.removesuffix('.')}.")

    def read_cells(
        self,
        column: str,
        places: NDArray[np.int64],
        read: Callable[..., Value],
        *texts: Sequence[str],
        first: int = 0,
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
