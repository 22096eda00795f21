"""Derives the features of each work from a dump's releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from discogs_assistant.store.catalogue.dumps.features import ITEMS, NUMBERS, STARTS, TABLE
from discogs_assistant.store.catalogue.dumps.parquet_sql import engine, quoted, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KINDS = (
    "('artist', 'label', 'producer', 'remixer', 'credit', 'genre', 'style', 'country', 'format', 'decade')"
)

_RELEASES = """
CREATE VIEW r AS SELECT coalesce(master_id, -release_id) AS item, artists, labels, credits, genres, styles,
    country, formats, year
FROM """
# Artist 0 is how Discogs credits a name that has no page.
_WITH_ID = """
SELECT item, 'artist' AS kind, one.id AS key FROM (SELECT item, unnest(artists) AS one FROM r)
WHERE one.id > 0
UNION ALL
SELECT item, 'label', one.id FROM (SELECT item, unnest(labels) AS one FROM r) WHERE one.id > 0
UNION ALL
SELECT item, CASE
    WHEN contains(lower(one.role), 'remix') THEN 'remixer'
    WHEN contains(lower(one.role), 'produce') THEN 'producer'
    ELSE 'credit' END, one.id FROM (SELECT item, unnest(credits) AS one FROM r) WHERE one.id > 0
"""
_WITH_WORD = """
SELECT item, 'genre' AS kind, unnest(genres) AS word FROM r
UNION ALL
SELECT item, 'style', unnest(styles) FROM r
UNION ALL
SELECT item, 'country', country FROM r WHERE country IS NOT NULL
UNION ALL
SELECT item, 'format', one.name FROM (SELECT item, unnest(formats) AS one FROM r) WHERE one.name IS NOT NULL
UNION ALL
SELECT item, 'decade', (year // 10 * 10)::VARCHAR FROM r WHERE year IS NOT NULL
"""
_WORDS = f"FROM (SELECT DISTINCT kind::kind AS kind, word FROM ({_WITH_WORD}))"  # noqa: S608
_CELLS = f"""{_WITH_ID} UNION ALL
SELECT item, kind, key FROM (SELECT item, kind::kind AS kind, word FROM ({_WITH_WORD}))
JOIN word USING (kind, word)
"""  # noqa: S608
_FEATURE = """
SELECT kind, key, items, (row_number() OVER (ORDER BY kind, key) - 1)::INT AS number
FROM (SELECT kind, key, count(*) AS items FROM cell GROUP BY kind, key HAVING count(*) > 1)
"""
_STEPS = (
    f"CREATE TYPE kind AS ENUM {_KINDS}",
    f"CREATE TABLE word AS SELECT kind, word, row_number() OVER (ORDER BY kind, word) AS key {_WORDS}",
    f"CREATE TABLE cell AS SELECT DISTINCT item, kind::kind AS kind, key::INT AS key FROM ({_CELLS})",  # noqa: S608
    f"CREATE TABLE feature AS {_FEATURE}",
)
_BATCH = 1_000_000


def write_features(folder: Path) -> None:
    """Derive the arrays of the finished `releases.parquet` in this folder."""
    with engine(folder) as connection:
        connection.execute(_RELEASES + rows_of(folder / "releases.parquet"))
        for step in _STEPS:
            connection.execute(step)
        connection.execute(
            "COPY (SELECT kind::VARCHAR AS kind, CASE WHEN word IS NULL THEN key END AS id, word, items "
            + f"FROM feature LEFT JOIN word USING (kind, key) ORDER BY number) TO {quoted(folder / TABLE)}"
        )
        _write_arrays(folder, connection)


def _write_arrays(folder: Path, connection: DuckDBPyConnection) -> None:
    """Row by row in the order of items, so that no more than a batch is in memory."""
    cells = connection.sql(
        "SELECT item, number FROM cell JOIN feature USING (kind, key) ORDER BY item, number"
    )
    place, last = 0, None
    with (
        (folder / ITEMS).open("wb") as items,
        (folder / STARTS).open("wb") as starts,
        (folder / NUMBERS).open("wb") as numbers,
    ):
        for batch in cells.to_arrow_reader(_BATCH):
            item = batch.column("item").to_numpy().astype(np.int64)
            if not len(item):
                continue
            first = np.ones(len(item), dtype=np.bool_)
            first[1:] = item[1:] != item[:-1]
            first[0] = item[0] != last
            items.write(item[first].tobytes())
            starts.write((place + np.flatnonzero(first)).astype(np.int64).tobytes())
            numbers.write(batch.column("number").to_numpy().astype(np.int32).tobytes())
            place, last = place + len(item), item[-1]
        starts.write(np.int64(place).tobytes())
