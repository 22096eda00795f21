"""A kind's records as Parquet sorted by number: what statistics, training and a cluster read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from discogs_assistant.store.catalogue.dumps.parquet_sql import engine, quoted, rows_of

_NAMED = pa.struct([("id", pa.int32()), ("name", pa.string())])
_ARTIST = pa.struct([("id", pa.int32()), ("name", pa.string()), ("anv", pa.string()), ("join", pa.string())])
_TEXTS = pa.list_(pa.string())

SCHEMAS = {
    "artists": pa.schema(
        [
            ("id", pa.int32()),
            ("name", pa.string()),
            ("real_name", pa.string()),
            ("profile", pa.string()),
            ("variations", _TEXTS),
            ("aliases", pa.list_(_NAMED)),
            ("members", pa.list_(_NAMED)),
            ("groups", pa.list_(_NAMED)),
        ]
    ),
    "labels": pa.schema(
        [
            ("id", pa.int32()),
            ("name", pa.string()),
            ("profile", pa.string()),
            ("parent", _NAMED),
            ("sublabels", pa.list_(_NAMED)),
        ]
    ),
    "masters": pa.schema(
        [
            ("master_id", pa.int32()),
            ("main_release", pa.int32()),
            ("title", pa.string()),
            ("year", pa.int32()),
            ("artists", pa.list_(_ARTIST)),
            ("genres", _TEXTS),
            ("styles", _TEXTS),
        ]
    ),
    "releases": pa.schema(
        [
            ("release_id", pa.int32()),
            ("master_id", pa.int32()),
            ("main", pa.bool_()),
            ("title", pa.string()),
            ("year", pa.int32()),
            ("country", pa.string()),
            ("artists", pa.list_(_ARTIST)),
            (
                "labels",
                pa.list_(pa.struct([("id", pa.int32()), ("name", pa.string()), ("catno", pa.string())])),
            ),
            (
                "formats",
                pa.list_(
                    pa.struct(
                        [
                            ("name", pa.string()),
                            ("quantity", pa.int32()),
                            ("descriptions", _TEXTS),
                            ("text", pa.string()),
                        ]
                    )
                ),
            ),
            ("genres", _TEXTS),
            ("styles", _TEXTS),
            (
                "credits",
                pa.list_(pa.struct([("id", pa.int32()), ("name", pa.string()), ("role", pa.string())])),
            ),
            (
                "tracks",
                pa.list_(
                    pa.struct([("position", pa.string()), ("title", pa.string()), ("duration", pa.string())])
                ),
            ),
            ("identifiers", pa.list_(pa.struct([("type", pa.string()), ("value", pa.string())]))),
            ("track_artists", pa.list_(_ARTIST)),
        ]
    ),
}
"""Columns of each kind; the first is the record's number."""


def columns(kind: str, documents: Sequence[dict[str, Any]]) -> bytes:
    """Documents of one kind as Arrow columns, in the form that crosses from one process to another."""
    table = pa.Table.from_pylist(documents, schema=SCHEMAS[kind])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


class ColumnWriter:
    """Fills `<kind>.parquet`; the rows may come in any order."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._path = folder / f"{kind}.parquet"
        self._open = ExitStack()
        self._writer = self._open.enter_context(parquet_file(self._path, SCHEMAS[kind], "zstd"))
        self._id = SCHEMAS[kind].names[0]
        self._last = 0
        self._sorted = True

    def add(self, written: bytes, kept: Sequence[bool] | None = None) -> None:
        """More rows, as `columns` gave them; where `kept` is given, those for which it holds."""
        table = pa.ipc.open_stream(written).read_all()
        if kept is not None:
            table = table.filter(pa.array(kept, pa.bool_()))
        if not table.num_rows:
            return
        ids = table.column(self._id).combine_chunks()
        ascending = ids[0].as_py() > self._last and pc.all(pc.less(ids[:-1], ids[1:])).as_py() is not False
        self._sorted = self._sorted and ascending
        self._last = ids[-1].as_py()
        self._writer.write_table(table)

    def close(self) -> None:
        """Close the file, sorted by number: dumps of releases come so, and are not sorted again."""
        self._open.close()
        if not self._sorted:
            _sort(self._path, self._id)

    def abandon(self) -> None:
        """Let go of the file, as when the disk is full."""
        with suppress(OSError):
            self._open.close()


@contextmanager
def parquet_file(path: Path, schema: pa.Schema, compression: str) -> Iterator[pq.ParquetWriter]:
    """A new Parquet file to be filled."""
    writer = pq.ParquetWriter(path, schema, compression=compression)
    try:
        yield writer
        writer.close()
    finally:
        # Otherwise a file that could not be closed is closed again by the garbage collector, which raises.
        writer.is_open = False


def _sort(path: Path, id: str) -> None:
    beside = path.with_suffix(".sorting")
    with engine(path.parent) as connection:
        connection.execute(
            f"COPY (SELECT * FROM {rows_of(path)} ORDER BY {id}) TO {quoted(beside)} "  # noqa: S608
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    beside.replace(path)
