"""Collects the other names of a dump's artists."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from discogs_assistant.model.search_words import joined
from discogs_assistant.store.catalogue.dumps.columns import parquet_file
from discogs_assistant.store.catalogue.dumps.other_names import FILE
from discogs_assistant.store.catalogue.dumps.parquet_sql import engine, rows_of

_NAMES = pa.schema([("name", pa.string()), ("artist", pa.int32())])


def write_other_names(folder: Path) -> None:
    """Collect those of the finished `artists.parquet` in this folder."""
    with parquet_file(folder / "names.parquet", _NAMES, "snappy") as writer:
        for batch in pq.ParquetFile(folder / "artists.parquet").iter_batches(
            batch_size=8192, columns=["id", "name", "variations"]
        ):
            pairs = [pair for artist in batch.to_pylist() for pair in _pairs(**artist)]
            rows = [{"name": name, "artist": id} for name, id in pairs]
            writer.write_table(pa.Table.from_pylist(rows, schema=_NAMES))
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE other_name (name TEXT, artist INTEGER, PRIMARY KEY (name, artist)) WITHOUT ROWID;"
        "BEGIN"
    )
    connection.executemany("INSERT INTO other_name VALUES (?, ?)", _sorted(folder))
    connection.execute("COMMIT")
    connection.close()
    (folder / "names.parquet").unlink()


def _pairs(id: int, name: str | None, variations: list[str]) -> Iterator[tuple[str, int]]:
    """Names that differ by more than case, accents, blanks and punctuation."""
    for other in {joined(variation) for variation in variations} - {joined(name or ""), ""}:
        yield other, id


def _sorted(folder: Path) -> Iterator[tuple[str, int]]:
    """In the order of the table, so that its pages are filled one after another."""
    with engine(folder) as connection:
        rows = connection.execute(f"SELECT DISTINCT * FROM {rows_of(folder / 'names.parquet')} ORDER BY ALL")  # noqa: S608
        while some := rows.fetchmany(10_000):
            yield from some
