"""Which version of the tables a database has, and bringing it to ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, text

from discogs_assistant.store.database_errors import newer_version

_LOCK, _LIBRARY_LOCK = 7_246_001, 7_246_002
"""Name the locks by which one process at a time migrates a Postgres database: our tables, the library's."""
_LOOK = 0.1


def check(connection: Connection) -> None:
    """`StorageError` where a newer version of the program made the tables."""
    if version_of(connection) not in {None, *known_versions()}:
        raise newer_version()


def version_of(connection: Connection) -> str | None:
    """The version of the database's tables; None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known_versions() -> list[str]:
    """The versions this program knows, oldest first: the numbers that the migrations' files begin with."""
    folder = files("discogs_assistant.store") / "migrations" / "versions"
    return sorted(file.name.split("_")[0] for file in folder.iterdir() if file.name[0].isdigit())


@contextmanager
def one_at_a_time(engine: Engine) -> Iterator[None]:
    """Let one process at a time run the block, on Postgres; SQLite has one writer anyway.

    The lock is requested repeatedly: waiting inside a statement would hold a snapshot, and the library's
    `CREATE INDEX CONCURRENTLY` would wait for its end.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LIBRARY_LOCK}):
            time.sleep(_LOOK)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LIBRARY_LOCK})


def upgrade(connection: Connection) -> None:
    """Make or change the tables inside the caller's transaction, while no other process does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    check(connection)
    if version_of(connection) == known_versions()[-1]:
        return
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "discogs_assistant.store:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
