"""SQL over finished Parquet files, for data derived from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from discogs_assistant.errors import StorageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def engine(folder: Path) -> Iterator[DuckDBPyConnection]:
    """A DuckDB of its own that stays under a gigabyte and spills into `folder`, which must be writable."""
    import duckdb  # costs a quarter of a second, and the processes that parse never ask

    try:
        with (
            TemporaryDirectory(prefix="spill-", dir=folder) as spill,
            duckdb.connect(":memory:") as connection,
        ):
            connection.execute("SET memory_limit = '1GB'")
            connection.execute(f"SET temp_directory = {quoted(Path(spill))}")
            yield connection
    except duckdb.Error as problem:
        raise StorageError(
            f"The catalogue's tables cannot be derived: {' '.join(str(problem).split())}",
            "Free some disk space and import again.",
        ) from problem


def rows_of(path: Path) -> str:
    """A Parquet file as SQL: neither views nor COPY take parameters."""
    return f"read_parquet({quoted(path)})"


def quoted(path: Path) -> str:
    """A path as SQL."""
    return "'" + str(path).replace("'", "''") + "'"
