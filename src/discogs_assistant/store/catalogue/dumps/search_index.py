"""Builds the search index of a dump's releases: words and filters, the best known works first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from discogs_assistant.store.catalogue.dumps.columns import parquet_file
from discogs_assistant.store.catalogue.dumps.parquet_sql import engine, rows_of
from discogs_assistant.store.catalogue.dumps.search import FILE, LEVELS
from discogs_assistant.store.catalogue.dumps.search_terms import COLUMNS, MAIN, terms

# The columns are ours, not the user's.
_TABLE = f"""
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
CREATE VIRTUAL TABLE release USING fts5({", ".join(COLUMNS)}, content = '', detail = 'column', columnsize = 0,
    prefix = '2 3',
    tokenize = "ascii tokenchars '_'");
INSERT INTO release (release, rank) VALUES ('hashsize', 67108864);
BEGIN;
"""  # noqa: S608
_READ = [
    "release_id",
    "title",
    "year",
    "country",
    "artists",
    "labels",
    "formats",
    "genres",
    "styles",
    "identifiers",
]
_TERMS = pa.schema([("release_id", pa.int32()), *((name, pa.string()) for name in COLUMNS)])


def write_search_index(folder: Path) -> None:
    """Index the finished `releases.parquet` of this folder."""
    _write_terms(folder)
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.executescript(_TABLE)
    marks = ", ".join("?" * (1 + len(COLUMNS)))
    connection.executemany(
        f"INSERT INTO release (rowid, {', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608  (names of ours)
        _by_level(folder),
    )
    connection.execute("INSERT INTO release (release) VALUES ('optimize')")
    connection.execute("COMMIT")
    # How many releases have a word; the misspelt are looked up here. Filters and barcodes have no spelling.
    connection.executescript(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'release', 'col');"
        "CREATE TABLE word (word TEXT PRIMARY KEY, releases INTEGER) WITHOUT ROWID;"
        "INSERT INTO word SELECT term, sum(doc) FROM vocabulary "
        "WHERE col NOT IN ('barcode', 'filter') AND instr(term, '_') = 0 GROUP BY term ORDER BY term"
    )
    connection.close()
    (folder / "terms.parquet").unlink()


def _write_terms(folder: Path) -> None:
    releases = pq.ParquetFile(folder / "releases.parquet")
    with parquet_file(folder / "terms.parquet", _TERMS, "snappy") as writer:
        for batch in releases.iter_batches(batch_size=4096, columns=_READ):
            documents = batch.to_pylist()
            rows = [terms(document) for document in documents]
            columns = [batch.column("release_id"), *(pa.array(column) for column in zip(*rows, strict=True))]
            writer.write_table(pa.table(columns, schema=_TERMS))


def _by_level(folder: Path) -> Iterator[tuple[Any, ...]]:
    """Rows of the index in their order: works with many pressings first, of each its main release."""
    query = f"""
    SELECT (64 - least(60, 4 * floor(log2(coalesce(pressings, 1)))) - stands::INT)::BIGINT
           * {LEVELS} + release_id AS place, {", ".join(COLUMNS[:-1])},
           CASE WHEN stands THEN concat({COLUMNS[-1]}, ' {MAIN}') ELSE {COLUMNS[-1]} END
    FROM {rows_of(folder / "terms.parquet")}
    JOIN (SELECT release_id, pressings, coalesce(release_id = standing, true) AS stands
          FROM {rows_of(folder / "releases.parquet")}
          LEFT JOIN (SELECT master_id, count(*) AS pressings,
                            coalesce(min(release_id) FILTER (main), min(release_id)) AS standing
                     FROM {rows_of(folder / "releases.parquet")}
                     WHERE master_id IS NOT NULL GROUP BY master_id) USING (master_id)) USING (release_id)
    ORDER BY place
    """  # noqa: S608  (paths of ours, quoted)
    with engine(folder) as connection:
        rows = connection.execute(query)
        while some := rows.fetchmany(10_000):
            yield from some
