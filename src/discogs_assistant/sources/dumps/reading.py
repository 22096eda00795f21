"""The bytes of a dump file, unpacked as they are read: nothing is written beside it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from discogs_assistant.errors import BadInputError

_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"
_AGAIN = "Download the file again."


@dataclass
class Opened:
    """A dump file being read; `taken` counts the bytes of the file itself, packed where it is."""

    path: Path
    taken: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, a megabyte at a time; `BadInputError` where they end early or are damaged."""
        packed = self._packed()
        first = next(packed, b"")
        if not first.startswith(_GZIP):
            yield from (piece for piece in _chain(first, packed) if piece)
            return
        try:
            yield from _unpacked(_chain(first, packed))
        except EOFError as problem:
            raise BadInputError(f"{self.path} ends in the middle of its gzip data.", _AGAIN) from problem
        except zlib.error as problem:
            raise BadInputError(f"{self.path} is damaged: its gzip data cannot be read.", _AGAIN) from problem

    def check(self, expected: str | None) -> None:
        """Raise `BadInputError` where the bytes read are not those of the SHA-256 that was published."""
        if expected is not None and self.digest.hexdigest() != expected:
            raise BadInputError(f"{self.path} is not the file that its CHECKSUM file describes.", _AGAIN)

    def _packed(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                while piece := file.read(_PIECE):
                    self.taken += len(piece)
                    self.digest.update(piece)
                    yield piece
        except OSError as problem:
            raise BadInputError(
                f"{self.path} cannot be read ({problem.strerror or problem}).", "Check the path."
            ) from problem


def opened(path: Path) -> Opened:
    """The file, to be read from its start."""
    return Opened(path)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Several gzip members after each other are one file; zeros at the end are padding."""
    member = zlib.decompressobj(31)
    for data in packed:
        waiting = data
        while waiting:
            if member.eof:
                waiting = waiting.lstrip(b"\0")
                if not waiting:
                    break
                member = zlib.decompressobj(31)
            # Bounded, so that a megabyte of packed zeros never becomes a gigabyte at once.
            piece = member.decompress(waiting, _PIECE)
            waiting = member.unused_data if member.eof else member.unconsumed_tail
            if piece:
                yield piece
        while not member.eof and (piece := member.decompress(member.unconsumed_tail, _PIECE)):
            yield piece
    if not member.eof:
        raise EOFError
