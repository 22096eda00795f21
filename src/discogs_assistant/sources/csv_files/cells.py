"""What the cells of handed-in files may say; each reader names its column when it refuses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import parse_decimal
from discogs_assistant.sources.csv_files.rows import CsvRow

_LARGEST_ID, _LONGEST_ID = 10**15, 16
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b", re.ASCII)


def identifier(row: CsvRow, column: str) -> int:
    """An id: a whole number from 1 on; `BadInputError` for anything else."""
    text = row.cell(column)
    if not text:
        raise BadInputError("it is empty.", field=column)
    number = int(text) if len(text) <= _LONGEST_ID and text.isascii() and text.isdigit() else 0
    if not 0 < number <= _LARGEST_ID:
        raise BadInputError(f"“{printable(text, 30)}” is not an id.", field=column)
    return number


def whole_number(row: CsvRow, column: str, *, low: int, high: int) -> int | None:
    """A whole number within its limits; None where the cell is empty."""
    text = row.cell(column)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
        raise BadInputError(
            f"“{printable(text, 30)}” is not a whole number from {low} to {high:,}.", field=column
        )
    return int(text)


def percentage(row: CsvRow, column: str) -> Decimal | None:
    """A number from 0 to 100."""
    text = row.cell(column)
    if not text:
        return None
    number = parse_decimal(text.removesuffix("%"), what="The percentage", field=column)
    if not 0 <= number <= 100:
        raise BadInputError(f"“{printable(text, 30)}” is not a percentage.", field=column)
    return number


def media(row: CsvRow, column: str) -> Grade | None:
    """The grade of a record."""
    text = row.cell(column)
    return Grade.parse(text, field=column) if text else None


def sleeve(row: CsvRow, column: str) -> SleeveGrade | None:
    """The grade of a sleeve."""
    text = row.cell(column)
    return SleeveGrade.parse(text, field=column) if text else None


def country(row: CsvRow, column: str) -> str | None:
    """The code of a country, which may be written as a code or as its English name."""
    text = row.cell(column)
    return country_code(text, field=column) if text else None


def moment(row: CsvRow, column: str) -> datetime | None:
    """A day or a moment such as "2024-01-02 10:11:12"; without a zone it counts as UTC."""
    text = row.cell(column)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInputError(f"“{printable(text, 30)}” is not a date.", field=column) from None


def year(row: CsvRow, column: str) -> int | None:
    """The year within a date of any form; None where none is given."""
    found = _YEAR.search(row.cell(column))
    return int(found[1]) if found and int(found[1]) >= 1860 else None


def words(row: CsvRow, column: str) -> str | None:
    """Text; None where the cell is empty."""
    return row.cell(column) or None
