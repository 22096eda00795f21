"""Zip files from strangers, unpacked entry by entry within limits that are checked while reading."""

from __future__ import annotations

import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MOST_ENTRIES = 5_000
_HIGHEST_RATIO = 200
"""A page of text packs to a tenth, at best to a fortieth; deflate's limit, which bombs use, is 1,032."""
_RATIO_FREE = 1_000_000
_CHUNK = 65_536
_END = Struct("<4s4H2LH")
_END_STARTS = b"PK\x05\x06"
_LONGEST_END = 65_535 + _END.size
_LONGEST_DIRECTORY = 4_000_000
"""Bytes of the list of entries: 800 each where there are 5,000. An entry takes 46 at least, in memory 500."""
_ENCRYPTED = 0x1
_SMALLER = "Make a smaller zip, of the saved pages and files alone."
# What Python's reader raises on damaged files; RuntimeError is what it says of encryption.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError)


def is_zip(head: bytes) -> bool:
    """True for the first bytes of a zip file."""
    return head.startswith(ZIP_STARTS)


@contextmanager
def unpacked(name: str, file: BinaryIO, limit: int | None) -> Iterator[Iterator[tuple[str, BinaryIO]]]:
    """The files within a zip, one by one, each with its name as a label; together at most `limit` bytes.

    All are unpacked once before the first is given, without storing anything: `BadInputError` for a zip that
    is damaged, encrypted, far larger than it looks, or holds other zips, links or names that lead outside.
    Each is a temporary file without a name, which the next one replaces.
    """
    name = printable(name, 80)
    with _broken(name):
        _check_directory(name, file)
        archive = ZipFile(file)
    with archive:
        with _broken(name):
            entries = _entries(name, archive)
            _check_contents(name, archive, entries, limit)
        yield _contents(name, archive, entries)


@contextmanager
def _broken(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BadInputError(
            f"{name} is damaged or no zip file.", "Make it again and try once more."
        ) from error


def _check_directory(name: str, file: BinaryIO) -> None:
    """Refuse a list of entries that is too long before it is read: Python's reader takes it whole."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _LONGEST_END))
    tail = file.read()
    place = len(tail) - _END.size
    if place < 0 or not tail.startswith(_END_STARTS, place) or not tail.endswith(b"\0\0"):
        place = tail.rfind(_END_STARTS)
    if place < 0 or len(tail) - place < _END.size:
        return  # no zip file, as its reader will say
    size = _END.unpack_from(tail, place)[5]
    if size > _LONGEST_DIRECTORY:
        raise BadInputError(f"{name} holds far more files than are read.", _SMALLER)


def _entries(name: str, archive: ZipFile) -> list[ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > _MOST_ENTRIES:
        raise BadInputError(
            f"{name} holds {len(entries):,} files; at most {_MOST_ENTRIES:,} are read.", _SMALLER
        )
    for entry in entries:
        _check(name, entry)
    return [entry for entry in entries if not _is_litter(entry.filename)]


def _check(name: str, entry: ZipInfo) -> None:
    label = printable(entry.filename)
    if not entry.filename:
        raise BadInputError(f"{name} holds a file without a name.", "Make it again.")
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/") or "\x00" in path:
        raise BadInputError(f"{name} holds “{label}”, a name that leads outside of it.", _SMALLER)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadInputError(f"{name} holds “{label}”, which is a link and no file.", _SMALLER)
    if entry.flag_bits & _ENCRYPTED:
        raise BadInputError(f"{name} is encrypted.", "Make it again without a password.")
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        # The others have readers that unpack a whole piece at once, however large it becomes.
        raise BadInputError(f"{name} is packed in an unusual way.", "Make it again as a plain zip.")


def _check_contents(name: str, archive: ZipFile, entries: list[ZipInfo], limit: int | None) -> None:
    taken = 0
    for entry in entries:
        size, most = 0, max(_RATIO_FREE, entry.compress_size * _HIGHEST_RATIO)
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                if size == 0 and is_zip(chunk):
                    label = printable(entry.filename)
                    raise BadInputError(
                        f"{name} holds another zip, “{label}”.", "Unpack the inner one first."
                    )
                size += len(chunk)
                if limit is not None and taken + size > limit:
                    raise BadInputError(f"{name} holds more than is read at once when unpacked.", _SMALLER)
                if size > most:
                    raise BadInputError(f"{name} unpacks to far more than such files do.", _SMALLER)
        taken += size


def _contents(name: str, archive: ZipFile, entries: list[ZipInfo]) -> Iterator[tuple[str, BinaryIO]]:
    for entry in entries:
        with TemporaryFile() as content:
            with _broken(name), archive.open(entry) as stream:
                shutil.copyfileobj(stream, content, _CHUNK)
            content.seek(0)
            yield _label(entry.filename), content


def _label(filename: str) -> str:
    return printable(filename.replace("\\", "/").rpartition("/")[2] or filename, 80)


def _is_litter(filename: str) -> bool:
    """What a Mac puts into a zip beside the files."""
    return filename.startswith("__MACOSX/") or filename.rpartition("/")[2] == ".DS_Store"
