"""A strict reader of comma-separated files that anybody may have made."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.profile import RowProblem

_MOST_COLUMNS = 1_000
_MOST_PROBLEMS = 1_000
_SAVE_AS = "Save it as CSV in UTF-8, with commas between the columns."
# How Python's reader names what is wrong, and how a person would.
_MALFORMED = {
    "expected after": "a quotation mark stands in the middle of a cell",
    "unexpected end": "a quotation mark is opened and never closed",
    "field limit": f"a cell is longer than {csv.field_size_limit():,} characters",
}


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row's cells by column; `line` is where it starts, counted from 1."""

    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """The cell without blanks at its ends; empty where there is none."""
        return self.cells.get(column_key(column), "").strip()


@dataclass(slots=True)
class Problems:
    """Collects what is wrong with a file's rows; beyond 1,000 only their number is kept."""

    file: str
    found: list[RowProblem] = field(default_factory=list)
    beyond: int = 0

    def add(self, line: int, column: str | None, why: str) -> None:
        """Note that the row at `line` has a problem."""
        if len(self.found) < _MOST_PROBLEMS:
            self.found.append(RowProblem(self.file, line, column, why))
        else:
            self.beyond += 1

    def all(self) -> list[RowProblem]:
        """Every problem, in the file's order."""
        if self.beyond == 0:
            return list(self.found)
        more = f"there and further down are {self.beyond:,} more problems."
        return [*self.found, RowProblem(self.file, self.found[-1].line, None, more)]


class CsvFile:
    """A file whose header is read at once, `BadInputError` where it is not usable, and its rows by `rows`."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = printable(name, 80)
        self._reader = csv.reader(io.StringIO(utf8_text(data, self.name), newline=""), strict=True)
        self.header = self._read_header()
        self._keys = [column_key(column) for column in self.header]

    def has(self, *columns: str) -> bool:
        """True where the file has all these columns, whatever their case and order."""
        return all(column_key(column) in self._keys for column in columns)

    def require(self, *columns: str) -> None:
        """`BadInputError` naming the first of these columns that is missing."""
        for column in columns:
            if not self.has(column):
                raise BadInputError(f"{self.name}, line 1: the column {column} is missing.", _SAVE_AS)

    def only_once(self, *columns: str) -> None:
        """`BadInputError` naming the first of these columns that is there twice."""
        for column in columns:
            if self._keys.count(column_key(column)) > 1:
                raise BadInputError(f"{self.name}, line 1: the column {column} is there twice.")

    def rows(self, problems: Problems) -> Iterator[CsvRow]:
        """The rows that are well formed; the others go to `problems`."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                problems.add(line, None, self._malformed(error, line))
                continue
            if len(cells) > len(self._keys) and any(cells[len(self._keys) :]):
                why = f"it has {len(cells):,} cells, but there are {len(self._keys):,} columns."
                problems.add(line, None, why)
            elif any(cells):
                yield CsvRow(line, dict(zip(self._keys, cells, strict=False)))

    def _read_header(self) -> list[str]:
        try:
            header = next((cells for cells in self._reader if any(cells)), None)
        except csv.Error as error:
            raise BadInputError(f"{self.name}, line 1: {self._malformed(error, 1)}", _SAVE_AS) from None
        if header is None:
            raise BadInputError(f"{self.name} is empty.", "Choose the file that you exported.")
        if len(header) > _MOST_COLUMNS:
            raise BadInputError(
                f"{self.name}, line 1: there are {len(header):,} columns; at most {_MOST_COLUMNS:,} are read."
            )
        return header

    def _malformed(self, error: csv.Error, line: int) -> str:
        why = malformed(error)
        last = self._reader.line_num
        return f"{why}; lines {line:,} to {last:,} were left out." if last > line else f"{why}."


@lru_cache(maxsize=256)
def column_key(column: str) -> str:
    """A column's name without case, blanks and underscores, so that "Release ID" is `release_id`."""
    return "".join(char for char in column.casefold() if char.isalnum() or char in "#%")


def malformed(error: csv.Error) -> str:
    """What is wrong with a row that Python's reader refused."""
    return next((words for part, words in _MALFORMED.items() if part in str(error)), "it is malformed")


def utf8_text(data: bytes, name: str) -> str:
    """The text of a file; `BadInputError` tells where it is not UTF-8, or holds what no text holds."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInputError(f"{name}, line 1, column 1: the file is in UTF-16.", _SAVE_AS)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise BadInputError(
            f"{name}, line {line}, column {column}: the byte there is not UTF-8 text.", _SAVE_AS
        ) from None
    if "\x00" in text:
        found = text.index("\x00")
        line, column = text.count("\n", 0, found) + 1, found - text.rfind("\n", 0, found)
        raise BadInputError(
            f"{name}, line {line}, column {column}: there is a NUL character, so it is no text.", _SAVE_AS
        )
    return text
