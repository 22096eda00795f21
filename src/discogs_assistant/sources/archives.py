"""Zip files from strangers, unpacked in memory within limits that are checked while reading."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MOST_ENTRIES = 5_000
_HIGHEST_RATIO = 200
"""A page of text packs to a tenth, at best to a fortieth; deflate's limit, which bombs use, is 1,032."""
_RATIO_FREE = 1_000_000
_CHUNK = 65_536
_ENCRYPTED = 0x1
_SMALLER = "Make a smaller zip, of the saved pages and files alone."
# What Python's reader raises on damaged files; RuntimeError is what it says of encryption.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError)


def is_zip(data: bytes) -> bool:
    """True for data that starts as zip files do."""
    return data.startswith(ZIP_STARTS)


def unpack(name: str, data: bytes, limit: int) -> list[tuple[str, bytes]]:
    """The files within, each with its name as a label; together at most `limit` bytes.

    Nothing is written anywhere. `BadInputError` for a file that is damaged, encrypted, far larger than it
    looks, or holds other zips, links or names that lead outside.
    """
    name = printable(name, 80)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(name, archive)
            return list(_contents(name, archive, entries, limit))
    except _BROKEN as error:
        raise BadInputError(f"{name} is damaged or no zip file.", "Make it anew and try again.") from error


def _entries(name: str, archive: ZipFile) -> list[ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_ENTRIES:
        raise BadInputError(
            f"{name} holds {len(entries):,} files; at most {_MOST_ENTRIES:,} are read.", _SMALLER
        )
    for entry in entries:
        _check(name, entry)
    return [entry for entry in entries if not _is_litter(entry.filename)]


def _check(name: str, entry: ZipInfo) -> None:
    label = printable(entry.filename)
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/") or "\x00" in path:
        raise BadInputError(f"{name} holds “{label}”, a name that leads outside of it.", _SMALLER)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadInputError(f"{name} holds “{label}”, which is a link and no file.", _SMALLER)
    if entry.flag_bits & _ENCRYPTED:
        raise BadInputError(f"{name} is encrypted.", "Make it anew without a password.")
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        # The others have readers that unpack a whole piece at once, however large it becomes.
        raise BadInputError(f"{name} is packed in an unusual way.", "Make it anew as a plain zip.")


def _contents(name: str, archive: ZipFile, entries: list[ZipInfo], limit: int) -> Iterator[tuple[str, bytes]]:
    left = limit
    for entry in entries:
        content = _content(name, archive, entry, left)
        if is_zip(content):
            raise BadInputError(
                f"{name} holds another zip, “{printable(entry.filename)}”.", "Unpack the inner one first."
            )
        left -= len(content)
        yield _label(entry.filename), content


def _content(name: str, archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    content = bytearray()
    most = max(_RATIO_FREE, entry.compress_size * _HIGHEST_RATIO)
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            content += chunk
            if len(content) > left:
                raise BadInputError(f"{name} holds more than is read at once when unpacked.", _SMALLER)
            if len(content) > most:
                raise BadInputError(f"{name} unpacks to far more than such files do.", _SMALLER)
    return bytes(content)


def _label(filename: str) -> str:
    return printable(filename.replace("\\", "/").rpartition("/")[2] or filename, 80)


def _is_litter(filename: str) -> bool:
    """What a Mac puts into a zip beside the files."""
    return filename.startswith("__MACOSX/") or filename.rpartition("/")[2] == ".DS_Store"
