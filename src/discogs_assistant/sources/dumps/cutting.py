"""A dump cut into its records as it streams by, before anything parses them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable

LARGEST = 64 << 20
"""Bytes of the largest record that is read; the largest on Discogs has about one megabyte."""

CHUNK = 4 << 20
"""Bytes of records that are handed on at once: about 1,300 releases."""

_TAG_REST = re.compile(rb"[^<>\"']*(?:\"[^\"<]*\"[^<>\"']*|'[^'<]*'[^<>\"']*)*>")
_BREAKS = (b"<!--", b"<![CDATA[", b"<?")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}


@dataclass(slots=True)
class Chunk:
    """Whole records, one after another: `data` cut at `ends`; `strays` say what stood between records."""

    number: int
    kind: str
    data: bytes
    ends: list[int]
    strays: list[str] = field(default_factory=list)

    def records(self) -> Iterator[bytes]:
        """Each record by itself."""
        start = 0
        for end in self.ends:
            yield self.data[start:end]
            start = end


def chunks(path: Path, kind: str, pieces: Iterable[bytes]) -> Iterator[Chunk]:
    """The records of a dump of this kind, in its order.

    Memory is bounded by `LARGEST`. Raises `BadInputError` for a record beyond it, declared entities, and a
    file that ends before its last element is closed. A record without its end ends where the next begins.
    """
    cutter = _Cutter(path, kind)
    number = 0
    for piece in pieces:
        cutter.feed(piece)
        if cutter.ready >= CHUNK:
            yield cutter.chunk(number)
            number += 1
    cutter.finish()
    if cutter.ends or cutter.strays:
        yield cutter.chunk(number)


class _Cutter:
    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self.tag = kind[:-1].encode()
        self.nests = kind == "labels"
        self.pattern = re.compile(
            rb"<(?:!--|!\[CDATA\[|!|\?|/?" + self.tag + rb"(?=[\s/>])|/?" + kind.encode() + rb"(?=[\s/>]))"
        )
        self.buffer = bytearray()
        self.place = 0  # where the search continues in the buffer
        self.start = 0  # of the open record, or of what follows the last one
        self.depth = 0
        self.before = 0  # bytes of the file before the buffer
        self.closed = False
        self.done: list[bytes] = []
        self.ends: list[int] = []
        self.strays: list[str] = []
        self.ready = 0

    def feed(self, piece: bytes) -> None:
        if not self.before and not self.buffer:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        self.buffer += piece
        while (found := self.pattern.search(self.buffer, self.place)) is not None:
            end = self._end(found)
            if end is None:  # the construct continues beyond what was read
                self.place = found.start()
                break
            self._take(found, end)
            self.place = end
        else:
            self.place = max(self.place, len(self.buffer) - len(self.kind) - 12)
        self._shed()

    def chunk(self, number: int) -> Chunk:
        made = Chunk(number, self.kind, b"".join(self.done), self.ends, self.strays)
        self.done, self.ends, self.strays, self.ready = [], [], [], 0
        return made

    def finish(self) -> None:
        if not self.closed:
            raise BadInputError(
                f"{self.path} ends before its last element is closed: part of it is missing.",
                "Download the file again.",
            )
        self._between(len(self.buffer))

    def _end(self, found: re.Match[bytes]) -> int | None:
        """The end of the construct that begins here; None if it was not read yet."""
        token = found[0]
        if token == b"<!":
            if len(self.buffer) - found.start() < len(b"<![CDATA["):
                return None
            where = self.before + found.start()
            raise BadInputError(
                f"{self.path} has a declaration at byte {where:,}, which no dump has; it was not read."
            )
        if token in _BREAKS:
            closing = _ENDS[token]
            at = self.buffer.find(closing, found.end())
            return None if at < 0 else at + len(closing)
        if closed := _TAG_REST.match(self.buffer, found.end()):
            return closed.end()
        next_tag = self.buffer.find(b"<", found.end())  # a tag without an end stops there
        return None if next_tag < 0 else next_tag

    def _take(self, found: re.Match[bytes], end: int) -> None:
        token = found[0]
        if token in _BREAKS:
            if not self.depth:
                self._between(found.start())
                self.start = end
            return
        if token.lstrip(b"</") == self.tag:
            self._take_record(found, end, opens=not token.startswith(b"</"))
        elif not self.depth:
            self._between(found.start())
            self.start = end
            empty = bytes(self.buffer[end - 2 : end]) == b"/>"
            self.closed = self.closed or empty or token.startswith(b"</")
        elif token.startswith(b"</") and not self.nests:
            # The last record lacks its end.
            self._record(found.start())
            self.depth, self.start, self.closed = 0, end, True

    def _take_record(self, found: re.Match[bytes], end: int, *, opens: bool) -> None:
        if opens:
            if self.depth and not (self.nests and b"<sublabels" in self.buffer[self.start : found.start()]):
                self._record(found.start())
                self.depth = 0
            if not self.depth:
                self._between(found.start())
                self.start = found.start()
            if self.buffer[end - 2 : end] != b"/>":
                self.depth += 1
                return
        elif self.depth:
            self.depth -= 1
        if not self.depth:
            self._record(end)

    def _record(self, end: int) -> None:
        self.done.append(bytes(self.buffer[self.start : end]))
        self.ready += end - self.start
        self.ends.append(self.ready)
        self.start = end

    def _between(self, end: int) -> None:
        """Note what stands outside of records up to here, where it is more than blanks."""
        if stray := bytes(self.buffer[self.start : end]).strip():
            shown = printable(stray[:40].decode("utf-8", "replace"))
            where = self.before + self.start
            self.strays.append(f"“{shown}” at byte {where:,} stands between the records and was left out.")
        self.start = end

    def _shed(self) -> None:
        """Forget what was handed on; refuse a record that never ends."""
        if not self.depth and self.place > self.start:
            self._between_so_far()
        if len(self.buffer) - self.start > LARGEST:
            head = bytes(self.buffer[self.start : self.start + 200])
            number = re.search(rb"\bid\s*=\s*[\"'](\d+)|<id>\s*(\d+)", head)
            named = f" {(number[1] or number[2]).decode()}" if number else ""
            raise BadInputError(
                f"{self.path}: the {self.kind[:-1]}{named} at byte {self.before + self.start:,} is larger "
                f"than {LARGEST >> 20} MiB; no dump has such a record, so the file was not read."
            )
        if self.start:
            del self.buffer[: self.start]
            self.before += self.start
            self.place = max(0, self.place - self.start)
            self.start = 0

    def _between_so_far(self) -> None:
        """Blanks outside of records can be forgotten at once, however many there are."""
        if not self.buffer[self.start : self.place].strip():
            self.start = self.place
