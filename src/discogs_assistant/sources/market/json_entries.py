"""The listings of an inventory as JSON, one by one, however long the file is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, NoReturn

from discogs_assistant.errors import BadInputError

_AT_ONCE = 65_536
_LONGEST_ENTRY = 1_000_000
"""Characters; a listing of the API has two thousand."""
_MOST_KEYS = 1_000
_BLANKS = re.compile(r"[ \t\n\r]*+")


def inventory_entries(file: BinaryIO, name: str) -> Iterator[tuple[str, object]]:
    """The listings within, each with its place: of an inventory page, of a listing, or of a list of either.

    `BadInputError` where the file is no JSON, with line and column where they are known, or no inventory.
    """
    file.seek(0)
    encoding = json.detect_encoding(file.read(4))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="surrogatepass", newline="")
    try:
        yield from _Document(text, name).entries()
    except BadInputError:
        raise
    except (ValueError, ArithmeticError, RecursionError):
        raise BadInputError(f"{name} is not JSON that can be read.") from None
    finally:
        text.detach()


class _Document:
    """A pull parser of three levels; what lies deeper Python's own decoder reads, an entry at a time."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text, self._name = text, name
        self._decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
        self._buffer, self._at = "", 0
        self._lines, self._columns = 0, 0  # what lies before the buffer: whole lines, then characters

    def entries(self) -> Iterator[tuple[str, object]]:
        if self._next() == "[":
            for number in self._items():
                yield from self._entry(f"[{number}]")
        else:
            yield from self._entry("")
        if self._next():
            raise self._broken(self._at)

    def _entry(self, place: str) -> Iterator[tuple[str, object]]:
        """The listings of an inventory page, or the one listing."""
        if self._next() != "{":
            self._value()
            raise self._no_inventory()
        other: dict[str, object] = {}
        paged = False
        for key in self._keys():
            if key == "listings" and self._next() == "[":
                paged = True
                for number in self._items():
                    yield f"{place}listings[{number}]", self._value()
            else:
                other[key] = self._value()
            if len(other) > _MOST_KEYS:
                raise self._no_inventory()
        if paged:
            return
        if not {"listings", "price"} & other.keys():
            raise self._no_inventory()
        yield place or "the listing", other

    def _items(self) -> Iterator[int]:
        """The numbers of a list's items; the caller reads each."""
        self._take("[")
        number = 0
        while self._next() != "]" or number:
            yield number
            number += 1
            if self._next() != ",":
                break
            self._take(",")
        self._take("]")

    def _keys(self) -> Iterator[str]:
        """The keys of an object; the caller reads each value."""
        self._take("{")
        first = True
        while self._next() != "}" or not first:
            if self._next() != '"':
                raise self._broken(self._at)
            key = self._value()
            self._take(":")
            self._next()
            yield str(key)
            first = False
            if self._next() != ",":
                break
            self._take(",")
        self._take("}")

    def _value(self) -> object:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if not self._read_more():
                    raise self._broken(error.pos) from None
                continue
            # A number at the buffer's end may go on.
            if end == len(self._buffer) and self._read_more():
                continue
            self._at = end
            return value

    def _next(self) -> str:
        """The next character that is not blank, which stays; empty at the file's end."""
        while True:
            blanks = _BLANKS.match(self._buffer, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._read_more():
                return ""

    def _take(self, char: str) -> None:
        if self._next() != char:
            raise self._broken(self._at)
        self._at += 1

    def _read_more(self) -> bool:
        """Read at least as much as is unread, so that a long entry is decoded only a few times."""
        unread = len(self._buffer) - self._at
        if unread > _LONGEST_ENTRY:
            return False
        more = self._text.read(max(_AT_ONCE, unread))
        if not more:
            return False
        breaks = self._buffer.count("\n", 0, self._at)
        if breaks:
            self._lines, self._columns = self._lines + breaks, -self._buffer.rfind("\n", 0, self._at) - 1
        self._columns += self._at
        self._buffer, self._at = self._buffer[self._at :] + more, 0
        return True

    def _broken(self, at: int) -> BadInputError:
        breaks = self._buffer.count("\n", 0, at)
        line = self._lines + breaks + 1
        column = at - self._buffer.rfind("\n", 0, at) if breaks else self._columns + at + 1
        long = f", or an entry of more than {_LONGEST_ENTRY:,} characters"
        why = f"it is not JSON{long if len(self._buffer) - self._at > _LONGEST_ENTRY else ''}."
        return BadInputError(f"{self._name}, line {line}, column {column}: {why}")

    def _no_inventory(self) -> BadInputError:
        return BadInputError(
            f"{self._name} is no inventory.",
            "It must hold Discogs' answers: listings with id, price and seller.",
        )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
