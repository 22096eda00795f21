"""The connections to our database that the workflow library is given."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

from discogs_assistant.store.database import Database
from discogs_assistant.store.postgres import postgres_engine

_BUSY_MS = 30_000
_CONNECTIONS = 20


def library_engine(db: Database) -> Engine:
    """An engine of its own for the library, which begins its transactions in its own way; close it after use.

    It writes into the same file as we do, so that both lose the same last moments when the power fails. The
    engine that it would make itself waits for the disk at each step, 2 ms instead of 0.1.
    """
    if db.dialect != "sqlite":
        return postgres_engine(db.engine.url, pool_size=_CONNECTIONS, max_overflow=0)
    engine = create_engine(db.engine.url, pool_size=_CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _on_connect)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # The library expects Python's own way to begin, with the writer's place taken at the first change.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
