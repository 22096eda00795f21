"""Runs: opening and finding them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, select

from discogs_assistant.errors import ConflictError, NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.store import schema
from discogs_assistant.store.database import Database
from discogs_assistant.store.statements import among, insert_new, written

OpenStatus = Literal["new", "under-way", "finished"]
UNDER_WAY = (RunState.QUEUED.value, RunState.RUNNING.value)
_ATTEMPTS = 3


def open_run(db: Database, wanted: Run, *, reuse_since: datetime | None) -> tuple[Run, OpenStatus]:
    """The run that answers this request, and whether it is `wanted` itself; one transaction.

    A run of the same owner and kind under way, of the same key or the same user and criteria, is always
    shared (but for one whose key is its id); a finished one of the same key only where it ended at
    `reuse_since` or later.
    """
    with db.write() as connection:
        for _ in range(_ATTEMPTS):
            found = _under_way(connection, wanted)
            if found is not None:
                return found, "under-way"
            found = None if reuse_since is None else _finished(connection, wanted, reuse_since)
            if found is not None:
                return found, "finished"
            insert = insert_new(connection, schema.run).values(_values(wanted))
            if written(connection, insert):
                return wanted, "new"
    raise ConflictError("The same request was made several times at once.", "Try again.")


def visible(owner: OwnerId, run_id: RunId, table: Table = schema.run) -> ColumnElement[bool]:
    """A run, and the rows of a `table` that belong to it, are visible to the run's owner and nobody else."""
    id = table.c.id if table is schema.run else table.c.run_id
    return (id == run_id) & (table.c.owner == owner)


def run(db: Database, owner: OwnerId, run_id: RunId) -> Run | None:
    """The owner's run; None if it belongs to somebody else. One statement."""
    with db.read() as connection:
        return _one(connection, visible(owner, run_id))


def run_for_worker(db: Database, run_id: RunId) -> Run | None:
    """The run of any owner, for the worker that executes it; one statement."""
    with db.read() as connection:
        return _one(connection, schema.run.c.id == run_id)


def has_ended(connection: Connection, run_id: RunId) -> bool:
    """Whether the run has ended; one that has not cannot before the caller's transaction does.

    A stopped worker may wake after others have ended its run, and leave data that no process removes.
    """
    return _held(connection, run_id) not in (None, *UNDER_WAY)


def ensure_there(connection: Connection, run_id: RunId) -> None:
    """`NotFoundError` if the run is gone; an existing one stays until the caller's transaction ends.

    A worker may still hold records of a collector who was deleted.
    """
    if _held(connection, run_id) is None:
        raise NotFoundError("The run that read this was deleted.", "Ask again.")


def runs(db: Database, owner: OwnerId, limit: int) -> list[Run]:
    """The owner's runs, newest first; one statement."""
    table = schema.run
    query = select(table).where(table.c.owner == owner).order_by(table.c.created_at.desc(), table.c.id)
    with db.read() as connection:
        return [_run(row) for row in connection.execute(query.limit(limit)).mappings()]


def newest_of_key(db: Database, owner: OwnerId, kind: RunKind, key: str) -> Run | None:
    """The owner's newest run of a kind with this key, whatever its state; one statement."""
    table = schema.run
    which = (table.c.owner == owner) & (table.c.kind == kind.value) & (table.c.key == key)
    query = select(table).where(which).order_by(table.c.created_at.desc(), table.c.id).limit(1)
    with db.read() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _run(row)


def ids_of(db: Database, owner: OwnerId) -> list[RunId]:
    """The ids of all runs of an owner; one statement."""
    with db.read() as connection:
        query = select(schema.run.c.id).where(schema.run.c.owner == owner)
        return [RunId(id) for id in connection.scalars(query)]


def take_back(db: Database, run_id: RunId) -> None:
    """Remove a run that was opened and has not started; one statement."""
    table = schema.run
    with db.write() as connection:
        connection.execute(delete(table).where(table.c.id == run_id, table.c.state == RunState.QUEUED.value))


def oldest_queued(db: Database) -> datetime | None:
    """When the run was opened that has waited longest for a worker; one statement."""
    table = schema.run
    query = (
        select(table.c.created_at)
        .where(table.c.state == RunState.QUEUED.value)
        .order_by(table.c.created_at)
        .limit(1)
    )
    with db.read() as connection:
        return connection.scalar(query)


def revision(db: Database, owner: OwnerId, run_id: RunId) -> int | None:
    """A number that rises with each change of the run; None if it belongs to somebody else. One statement."""
    query = select(schema.run.c.revision).where(visible(owner, run_id))
    with db.read() as connection:
        return connection.scalar(query)


def revisions(db: Database, asked: Collection[tuple[OwnerId, RunId]]) -> dict[tuple[OwnerId, RunId], int]:
    """As `revision` of several owners' runs, without those that belong to somebody else; one statement."""
    table = schema.run
    with db.read() as connection:
        query = select(table.c.id, table.c.owner, table.c.revision)
        rows = connection.execute(query.where(among(connection, table.c.id, {id for _, id in asked})))
        found = {(OwnerId(row.owner), RunId(row.id)): row.revision for row in rows}
    return {key: found[key] for key in asked if key in found}


def is_cancelled(db: Database, run_id: RunId) -> bool:
    """Whether the owner cancelled it, or it is gone; one statement."""
    with db.read() as connection:
        state = connection.scalar(select(schema.run.c.state).where(schema.run.c.id == run_id))
    return state is None or state == RunState.CANCELLED.value


def _held(connection: Connection, run_id: RunId) -> str | None:
    """The run's state, locked until the caller's transaction ends; None if the run is gone."""
    query = select(schema.run.c.state).where(schema.run.c.id == run_id).with_for_update(read=True)
    return connection.scalar(query)


def _under_way(connection: Connection, wanted: Run) -> Run | None:
    """The open run of the same person with the same criteria: what a run reads may change keys, not those."""
    table = schema.run
    theirs = (table.c.owner == wanted.owner) & (table.c.kind == wanted.kind.value)
    query = select(table).where(theirs, table.c.state.in_(UNDER_WAY)).order_by(table.c.created_at, table.c.id)
    found = (_run(row) for row in connection.execute(query).mappings())
    return next((run for run in found if run.key == wanted.key or _equal_criteria(run, wanted)), None)


def _equal_criteria(run: Run, wanted: Run) -> bool:
    alone = run.key == run.id or wanted.key == wanted.id
    return not alone and (run.user, run.criteria) == (wanted.user, wanted.criteria)


def _finished(connection: Connection, wanted: Run, since: datetime) -> Run | None:
    table = schema.run
    recent = (table.c.state == RunState.DONE.value) & (table.c.finished_at >= since)
    return _one(connection, _same_request(wanted) & recent)


def _same_request(wanted: Run) -> ColumnElement[bool]:
    table = schema.run
    return (table.c.owner == wanted.owner) & (table.c.kind == wanted.kind.value) & (table.c.key == wanted.key)


def _one(connection: Connection, which: ColumnElement[bool]) -> Run | None:
    query = select(schema.run).where(which).order_by(schema.run.c.finished_at.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else _run(row)


def _values(wanted: Run) -> dict[str, object]:
    return {
        "id": wanted.id,
        "owner": wanted.owner,
        "kind": wanted.kind.value,
        "user_name": wanted.user,
        "criteria": wanted.criteria,
        "key": wanted.key,
        "state": wanted.state.value,
        "stage": wanted.stage,
        "stage_names": list(wanted.stage_names),
        "done": wanted.done,
        "total": wanted.total,
        "created_at": wanted.created_at,
        "partial": list(wanted.partial),
        "revision": 0,
    }


def _run(row: RowMapping) -> Run:
    return Run(
        id=RunId(row["id"]),
        owner=OwnerId(row["owner"]),
        kind=RunKind(row["kind"]),
        user=row["user_name"],
        criteria=row["criteria"],
        key=row["key"],
        state=RunState(row["state"]),
        stage=row["stage"],
        stage_names=tuple(row["stage_names"]),
        done=row["done"],
        total=row["total"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        heartbeat_at=row["heartbeat_at"],
        finished_at=row["finished_at"],
        waiting_for=row["waiting_for"],
        partial=tuple(row["partial"]),
        error=row["error"],
        error_code=row["error_code"],
        error_next=row["error_next"],
        result_id=row["result_id"],
        stage_at=row["stage_at"],
    )
