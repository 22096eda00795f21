"""A strict reader of comma-separated files that anybody may have made."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import BinaryIO, NamedTuple, TypeVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.profile import RowProblem

T = TypeVar("T")

_MOST_COLUMNS = 1_000
_MOST_PROBLEMS = 1_000
_LONGEST_LINE = 4_000_000
_AT_ONCE = 1_000_000
_SAVE_AS = "Save it as CSV in UTF-8, with commas between the columns."
# How Python's reader names what is wrong, and how a person would.
_MALFORMED = {
    "expected after": "a quotation mark stands in the middle of a cell",
    "unexpected end": "a quotation mark is opened and never closed",
    "field limit": f"a cell is longer than {csv.field_size_limit():,} characters",
}


class CsvRow(NamedTuple):
    """A row's cells, as many as the header has; `places` are those of the columns, and `line` its first one.

    Lines are counted from 1.
    """

    line: int
    cells: list[str]
    places: Mapping[str, int]

    def cell(self, column: str) -> str:
        """The cell without blanks at its ends; empty where there is none."""
        place = self.places.get(column_key(column))
        return "" if place is None else self.cells[place].strip()


@dataclass(slots=True)
class Problems:
    """Problems in a file's rows, collected while reading; beyond 1,000 only their number."""

    file: str
    _found: list[RowProblem] = field(default_factory=list)
    _added: int = 0
    _last: int = 0

    def add(self, line: int, column: str | None, why: str) -> None:
        """Note that the row at `line` has a problem."""
        self._added += 1
        if self._added <= _MOST_PROBLEMS:
            self._last = line
            self._found.append(RowProblem(self.file, line, column, why))

    def take(self) -> list[RowProblem]:
        """The problems found since the last call, by line."""
        found, self._found = sorted(self._found, key=lambda problem: problem.line), []
        return found

    def rest(self) -> list[RowProblem]:
        """As `take`, at the file's end: with the number of the dropped ones."""
        found, beyond = self.take(), self._added - _MOST_PROBLEMS
        if beyond <= 0:
            return found
        why = f"there and further down are {beyond:,} more problems."
        return [*found, RowProblem(self.file, self._last, None, why)]


class CsvFile:
    """The rows of a seekable file, read one by one; use it in a `with` block, which leaves the file open.

    The whole text is checked at once, and the header read: `BadInputError` where either is not usable.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = printable(name, 80)
        self._text = checked_text(file, self.name)
        self._overlong: list[int] = []
        self._reader = csv.reader(self._lines(), strict=True)
        try:
            self.header = self._read_header()
        except BaseException:
            self._text.detach()
            raise
        self._keys = [column_key(column) for column in self.header]
        self._places = {key: place for place, key in enumerate(self._keys)}

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the file without closing it."""
        self._text.detach()

    def _lines(self) -> Iterator[str]:
        """The text's lines; an overlong one is left out before it is in memory, and its place stays empty."""
        number = 0
        while line := self._text.readline(_LONGEST_LINE):
            number += 1
            if len(line) < _LONGEST_LINE or line.endswith(("\n", "\r")):
                yield line
                continue
            self._overlong.append(number)
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(_LONGEST_LINE)
            yield "\n"

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
        width, places = len(self._keys), self._places
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return self._note_overlong(problems)
            except csv.Error as error:
                problems.add(line, None, self._malformed(error, line))
                continue
            if len(cells) > width and any(cells[width:]):
                problems.add(line, None, f"it has {len(cells):,} cells, but there are {width:,} columns.")
            elif any(cells):
                if len(cells) != width:
                    cells = [*cells[:width], *[""] * (width - len(cells))]
                yield CsvRow(line, cells, places)
            if self._overlong:
                self._note_overlong(problems)

    def _note_overlong(self, problems: Problems) -> None:
        for line in self._overlong:
            problems.add(
                line, None, f"the line is longer than {_LONGEST_LINE:,} characters and was left out."
            )
        self._overlong.clear()

    def _read_header(self) -> list[str]:
        try:
            header = next((cells for cells in self._reader if any(cells)), None)
        except csv.Error as error:
            raise BadInputError(f"{self.name}, line 1: {self._malformed(error, 1)}", _SAVE_AS) from None
        if header is None and self._overlong:
            raise BadInputError(
                f"{self.name}: its lines are longer than {_LONGEST_LINE:,} characters.", _SAVE_AS
            )
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
    """The problem in a row that Python's reader refused."""
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


def checked_text(file: BinaryIO, name: str) -> io.TextIOWrapper:
    """The text of a seekable file from its start; as `utf8_text`, without the whole in memory."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInputError(f"{name}, line 1, column 1: the file is in UTF-16.", _SAVE_AS)
    begins = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    file.seek(begins)
    decoder, place = codecs.getincrementaldecoder("utf-8")(), _Place()
    while chunk := file.read(_AT_ONCE):
        _check_chunk(decoder, chunk, place, name)
    _check_chunk(decoder, b"", place, name)
    file.seek(begins)
    return io.TextIOWrapper(file, encoding="utf-8", newline="")


@dataclass(slots=True)
class _Place:
    """How far a file was checked: whole lines, then bytes and characters of the line that follows."""

    lines: int = 0
    column: int = 0
    characters: int = 0

    def pass_over(self, data: bytes) -> None:
        """Continue to the end of `data`, which is valid UTF-8."""
        breaks = data.count(b"\n")
        begun = data[data.rfind(b"\n") + 1 :]
        if breaks:
            self.lines, self.column, self.characters = self.lines + breaks, 0, 0
        self.column += len(begun)
        self.characters += len(begun.decode("utf-8"))


def _check_chunk(decoder: codecs.IncrementalDecoder, chunk: bytes, place: _Place, name: str) -> None:
    """Check the bytes that the decoder still holds of the chunk before, and this chunk; none end the file."""
    data = decoder.getstate()[0] + chunk
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        place.pass_over(data[: error.start])
        raise BadInputError(
            f"{name}, line {place.lines + 1}, column {place.column + 1}: the byte there is not UTF-8 text.",
            _SAVE_AS,
        ) from None
    sound = data[: len(data) - len(decoder.getstate()[0])]
    nul = sound.find(b"\0")
    place.pass_over(sound if nul < 0 else sound[:nul])
    if nul >= 0:
        raise BadInputError(
            f"{name}, line {place.lines + 1}, column {place.characters + 1}: there is a NUL character, "
            "so it is no text.",
            _SAVE_AS,
        )


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of a fixed size."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
