"""What the workflow library noted of steps: how long each took, on any worker."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Connection, TableClause, column, inspect, select, table

from discogs_assistant.store.database import Database

CHUNK = "a chunk of a fan-out"
"""Under which name the work of a chunk stands among the steps: the library has a workflow for each."""
_SCHEMA = "dbos"
_MOST = 50_000
"""The maximum number of rows: a day of a busy instance; the newest ones count."""
_NUMBERED = re.compile(r"(, part)? ?-?\d+\Z")


def step_seconds(db: Database, since: datetime) -> dict[str, list[float]]:
    """The seconds that steps took which were completed since then, by name, ascending.

    Parts of one step are counted under one name. Two statements; nothing where the library has no tables.
    """
    found: dict[str, list[float]] = {}
    with db.read() as connection:
        for name, seconds in (*_steps(connection, since), *_chunks(connection, since)):
            found.setdefault(_NUMBERED.sub("", name), []).append(seconds)
    return {name: sorted(found[name]) for name in sorted(found)}


def _steps(connection: Connection, since: datetime) -> list[tuple[str, float]]:
    names = ("function_name", "child_workflow_id", "started_at_epoch_ms", "completed_at_epoch_ms")
    rows = _table(connection, "operation_outputs", *names)
    if rows is None:
        return []
    began, ended = rows.c.started_at_epoch_ms, rows.c.completed_at_epoch_ms
    query = (
        select(rows.c.function_name, ended - began)
        .where(ended >= _ms(since), began.is_not(None), rows.c.child_workflow_id.is_(None))
        .where(~rows.c.function_name.like("DBOS.%"))
        .order_by(ended.desc())
    )
    return [(name, ms / 1000) for name, ms in connection.execute(query.limit(_MOST))]


def _chunks(connection: Connection, since: datetime) -> list[tuple[str, float]]:
    rows = _table(connection, "workflow_status", "name", "started_at_epoch_ms", "completed_at")
    if rows is None:
        return []
    began, ended = rows.c.started_at_epoch_ms, rows.c.completed_at
    query = select(ended - began).where(rows.c.name == "chunk", ended >= _ms(since), began.is_not(None))
    return [(CHUNK, ms / 1000) for ms in connection.scalars(query.order_by(ended.desc()).limit(_MOST))]


def _table(connection: Connection, name: str, *columns: str) -> TableClause | None:
    """A table of the library; None before it was created."""
    schema = None if connection.dialect.name == "sqlite" else _SCHEMA
    if not inspect(connection).has_table(name, schema):
        return None
    return table(name, *(column(column_name) for column_name in columns), schema=schema)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
