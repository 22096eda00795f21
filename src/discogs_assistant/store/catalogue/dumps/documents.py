"""A kind's records as packed JSON in one SQLite file, found by their numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import orjson
from zstandard import DICT_TYPE_RAWCONTENT, ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

Document = dict[str, Any]
Value = TypeVar("Value")

FILE = "records.db"

# What nearly every record has, most frequent last: 1.8 kB of a record pack to 0.5 with it, to 0.7 without.
# It is part of the format: a change requires a new import.
_FAMILIAR = (
    b'{"release_id":1,"master_id":null,"main":true,"main":false,"title":"The","year":19,"year":20,'
    b'"country":"US","country":"UK","country":"Germany","country":"Europe","country":"Japan",'
    b'"artists":[{"id":194,"name":"Various","anv":null,"join":null}],"labels":[{"id":5,'
    b'"name":"Records","catno":"CD"}],"formats":[{"name":"CD","quantity":1,"descriptions":["Album",'
    b'"Compilation","Reissue","Remastered"],"text":null}],"formats":[{"name":"Vinyl","quantity":1,'
    b'"descriptions":["LP","Album","Stereo","12\\"","45 RPM","33 \xe2\x85\x93 RPM","7\\"","Single"],'
    b'"text":null}],"genres":["Electronic"],"genres":["Rock"],"genres":["Pop"],"genres":["Jazz"],'
    b'"genres":["Folk, World, & Country"],"styles":["House","Techno","Pop Rock","Punk"],'
    b'"role":"Producer, Mixed By"},"role":"Remix"},"role":"Vocals"},"role":"Written-By"},'
    b'"role":"Written-By, Producer"},"identifiers":[{"type":"Matrix / Runout","value":"}],'
    b'"type":"Rights Society","value":"},{"type":"Barcode","value":"'
    b'"credits":[{"id":,"name":"},{"id":,"name":"","role":"Written-By"},{"id":'
    b'"tracks":[{"position":"A1","title":"","duration":null},{"position":"1","title":"","duration":"3:'
    b'"},{"position":"B2","title":"The ","duration":"4:'
)
_LEVEL = 3


class Packer:
    """Packs documents one by one; for one thread."""

    def __init__(self) -> None:
        self._packer = ZstdCompressor(level=_LEVEL, dict_data=_dictionary(), write_checksum=False)

    def packed(self, document: Document) -> bytes:
        """The stored document."""
        return self._packer.compress(orjson.dumps(document))


class DocumentWriter:
    """Fills a new file; what it writes is durable only once its folder is finished, so no journal is kept."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / FILE, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;"
            "CREATE TABLE record (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);"
            "BEGIN"
        )

    def add(self, ids: Iterable[int], documents: Iterable[bytes]) -> None:
        """More records, of numbers that are not in yet."""
        self._connection.executemany("INSERT INTO record VALUES (?, ?)", zip(ids, documents, strict=True))

    def close(self) -> None:
        """Write the remaining rows."""
        self._connection.execute("COMMIT")
        self._connection.close()


class Documents:
    """Reads a finished file; safe to share among threads."""

    def __init__(self, folder: Path) -> None:
        self._connection = read_only(folder / FILE)

    def of(self, ids: Sequence[int]) -> list[Document]:
        """The known ones among `ids`, in their order."""
        kept: dict[int, bytes] = {}
        for some in at_once([id for id in ids if id <= LARGEST]):
            query = f"SELECT id, packed FROM record WHERE id IN ({marks(some)})"  # noqa: S608  (marks alone)
            kept |= dict(self._connection.execute(query, some))
        # One for each call: it serves one thread at a time, and costs a microsecond.
        unpack = ZstdDecompressor(dict_data=_dictionary()).decompress
        return [orjson.loads(unpack(kept[id])) for id in dict.fromkeys(ids) if id in kept]

    def first(self) -> Document | None:
        """The one with the lowest number."""
        row = self._connection.execute("SELECT min(id) FROM record").fetchone()
        return next(iter(self.of(row)), None) if row[0] is not None else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def read_only(path: Path) -> sqlite3.Connection:
    """A finished file never changes, so neither locks nor a journal are looked for.

    `FileNotFoundError` where it is not there.
    """
    path.stat()  # SQLite's own error does not distinguish a missing file from one that cannot be read
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")  # a third of the time of read() for 500 records
    return connection


def at_once(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """`values` in parts that one statement takes."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def marks(values: Sequence[object]) -> str:
    """A place for each of `values`."""
    return ",".join("?" * len(values))


LARGEST = 2**31 - 1
"""No id of a dump is larger, and SQLite accepts none beyond 64 bits."""

_AT_ONCE = 900  # below the least number of parameters that SQLite is built for
_MAPPED = 2**31 - 2**16  # the most that SQLite is built for


@cache
def _dictionary() -> ZstdCompressionDict:
    return ZstdCompressionDict(_FAMILIAR, dict_type=DICT_TYPE_RAWCONTENT)
