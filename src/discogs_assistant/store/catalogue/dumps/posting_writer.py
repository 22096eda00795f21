"""Derives the credits of a dump's releases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.store.catalogue.dumps.parquet_sql import engine, rows_of
from discogs_assistant.store.catalogue.dumps.postings import FILE, Numbers, Of, Part

# Artist 0 is how Discogs credits a name that has no page.
_PAIRS = f"""
SELECT {Of.MASTER} AS whose, master_id AS key, 0 AS part, release_id FROM r
WHERE master_id IS NOT NULL
UNION ALL
SELECT {Of.LABEL}, one.id, 0, release_id FROM (SELECT release_id, unnest(labels) AS one FROM r)
WHERE one.id > 0
UNION ALL
SELECT {Of.ARTIST}, one.id, {Part.MAIN}, release_id FROM (SELECT release_id, unnest(artists) AS one FROM r)
WHERE one.id > 0
UNION ALL
SELECT {Of.ARTIST}, one.id, {Part.TRACK}, release_id
FROM (SELECT release_id, unnest(track_artists) AS one FROM r)
WHERE one.id > 0
UNION ALL
SELECT {Of.ARTIST}, one.id, CASE
    WHEN contains(lower(one.role), 'remix') THEN {Part.REMIXER}
    WHEN contains(lower(one.role), 'produce') THEN {Part.PRODUCER}
    ELSE {Part.CREDIT} END, release_id FROM (SELECT release_id, unnest(credits) AS one FROM r)
WHERE one.id > 0
"""  # noqa: S608  (numbers of ours alone)


def write_postings(folder: Path) -> None:
    """Derive the postings of the finished `releases.parquet` in this folder."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE posting (whose INTEGER, key INTEGER, part INTEGER, releases BLOB NOT NULL,"
        " PRIMARY KEY (whose, key, part)) WITHOUT ROWID;"
        "BEGIN"
    )
    connection.executemany("INSERT INTO posting VALUES (?, ?, ?, ?)", _postings(folder))
    connection.execute("COMMIT")
    connection.close()


def _postings(folder: Path) -> Iterator[tuple[int, int, int, bytes]]:
    """A row for each whose, key and part, in that order."""
    open_key: tuple[int, int, int] | None = None
    waiting: list[Numbers] = []
    for keys, releases in _batches(folder):
        edges = np.flatnonzero(np.any(keys[1:] != keys[:-1], axis=1)) + 1
        for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(releases)], strict=True):
            whose, number, part = keys[start].tolist()
            key = (whose, number, part)
            if key != open_key:
                if open_key is not None:
                    yield (*open_key, np.concatenate(waiting).tobytes())
                open_key, waiting = key, []
            waiting.append(releases[start:end])
    if open_key is not None:
        yield (*open_key, np.concatenate(waiting).tobytes())


def _batches(folder: Path) -> Iterator[tuple[NDArray[np.int64], Numbers]]:
    """Sorted keys (n, 3) and releases (n,), without doubles."""
    with engine(folder) as connection:
        connection.execute(
            "CREATE VIEW r AS SELECT release_id, master_id, artists, labels, credits, track_artists "
            + f"FROM {rows_of(folder / 'releases.parquet')}"
        )
        sorted_pairs = connection.sql(f"SELECT DISTINCT * FROM ({_PAIRS}) ORDER BY ALL")  # noqa: S608
        for batch in sorted_pairs.to_arrow_reader(1_000_000):
            if batch.num_rows:
                whose, key, part, release = (
                    column.to_numpy(zero_copy_only=False) for column in batch.columns
                )
                yield np.stack([whose, key, part], axis=1).astype(np.int64), release.astype(np.int32)
