"""Opening the database: SQLite in one file or Postgres, with errors in sentences."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from discogs_assistant.errors import StorageError
from discogs_assistant.store import schema_version
from discogs_assistant.store.database_errors import error_for_person
from discogs_assistant.store.postgres import postgres_engine

_BUSY_MS = 30_000
_CHECKPOINT_MS = 200
_CACHE_KB = 8_192
"""Of pages for a connection, of which a process has 15 at most. SQLite's own 2 MB do not hold the indexes of
a large market: with them storing 400,000 copies took a quarter more of CPU time, and 16 MB gave no more."""
_WRITES = "store_writes"
_CONNECTIONS, _LIBRARY_CONNECTIONS = 8, 20


@dataclass(frozen=True)
class Database:
    """An open database. Reads and writes are transactions; on SQLite a write holds the one writer's place."""

    engine: Engine
    _writer: AbstractContextManager[Any] = field(default_factory=nullcontext, compare=False, repr=False)
    _reader: Engine | None = field(default=None, compare=False, repr=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Only read; `StorageError` where the database cannot.

        On SQLite a transaction. On Postgres each statement sees what was committed before it, as in one.
        """
        with self._transaction(self._reader or self.engine) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end; `StorageError` where the database cannot."""
        with self._writer, self._transaction(self.engine.execution_options(**{_WRITES: True})) as connection:
            yield connection

    def checkpoint(self) -> bool:
        """Write SQLite's log into the file and empty it, so that nothing deleted is left in either.

        False where others are in the way for more than a moment. Nothing is to be done on Postgres.
        """
        if self.dialect != "sqlite":
            return True
        with self._writer:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                # While it waits for readers, writers wait for it.
                cursor.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MS}")
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            except sqlite3.OperationalError:
                connection.invalidate()
                return False
            finally:
                connection.close()
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeoutError, sqlite3.Error, OverflowError) as error:
            sentence = error_for_person(error)
            if sentence is None:
                raise
            raise sentence from error


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy address; its folder is made, with mode 0700, where it is missing.

    Tables are not made: see `migrate`. `StorageError` for a newer version's database, for a file that is
    none, and for one that cannot be reached.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        # SQLite lets waiting writers sleep up to 0.1 s at a time. Threads of one process hand over at once
        # by this lock, which gave four of them a third more writes a second.
        db = Database(_sqlite(address), threading.RLock())
    else:
        engine = postgres_engine(address, pool_size=_CONNECTIONS, max_overflow=2 * _CONNECTIONS)
        # A page reads some ten times: without BEGIN and COMMIT that is half as many questions to the server.
        db = Database(engine, _reader=engine.execution_options(isolation_level="AUTOCOMMIT"))
    with db.read() as connection:
        schema_version.check(connection)
    return db


def migrate(db: Database) -> None:
    """Bring the tables to this version, one process at a time; `StorageError` for a newer database."""
    with db.write() as connection:
        schema_version.upgrade(connection)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        name = address.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise StorageError(
            "The database's address cannot be read.",
            "Write it as sqlite:////folder/file.db or postgresql://user@host/name.",
        ) from error
    if name in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if name != "sqlite" or not address.database or address.database == ":memory:":
        raise StorageError(
            "The database must be an SQLite file or Postgres.",
            "Write its address as sqlite:////folder/file.db or postgresql://user@host/name.",
        )
    return address


def _sqlite(address: URL) -> Engine:
    path = Path(address.database or "")
    _make_place(path)
    engine = create_engine(address, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _make_place(path: Path) -> None:
    """The file's folder, and the file itself while it is empty, open to its owner alone."""
    try:
        if not path.parent.is_dir():
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StorageError(
            f"The database {path} cannot be made: {os.strerror(error.errno or 0)}.",
            "Choose another with the setting DATA_DIR.",
        ) from error


def _on_connect(connection: Any, _record: Any) -> None:
    # Python's sqlite3 opens transactions by its own rules, before writes only; `_on_begin` does it for us.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    # Otherwise what was deleted stays readable in the file until something else is written in its place.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute(f"PRAGMA cache_size = {-_CACHE_KB}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once, whatever the timeout, when another
    # has written meanwhile (SQLITE_BUSY_SNAPSHOT): writers therefore take the writer's place first.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def library_engine(db: Database) -> Engine:
    """An engine of its own for the library, which begins its transactions in its own way; close it after use.

    It writes into the same file as we do, so that both lose the same last moments when the power fails. The
    engine that it would make itself waits for the disk at each step, 2 ms instead of 0.1.
    """
    if db.dialect != "sqlite":
        return postgres_engine(db.engine.url, pool_size=_LIBRARY_CONNECTIONS, max_overflow=0)
    engine = create_engine(db.engine.url, pool_size=_LIBRARY_CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _on_library_connect)
    return engine


def _on_library_connect(connection: Any, _record: Any) -> None:
    # The library expects Python's own way to begin, with the writer's place taken at the first change.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
