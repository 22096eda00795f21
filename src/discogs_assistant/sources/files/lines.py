"""Where in a CSV file a row stands, found by reading the file again: only errors need it."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress

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
