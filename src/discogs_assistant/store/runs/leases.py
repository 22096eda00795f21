"""Heartbeats of worker processes, and taking over from those that fell silent."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import lease
from discogs_assistant.store.statements import insert_into


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What does not change while a worker lives; `workflow_version` is its program's."""

    host: str
    pid: int
    started_at: datetime
    workflow_version: str
    role: str = "worker"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A worker's last heartbeat; values that it did not report are None.

    `at_work` is the number of runs it executes; `claimed` is True if another worker is taking over.
    """

    executor_id: str
    renewed_at: datetime
    claimed: bool
    role: str | None
    host: str | None
    pid: int | None
    started_at: datetime | None
    workflow_version: str | None
    at_work: int


def renew(
    db: Database, executor_id: str, now: datetime, about: WorkerFacts | None = None, at_work: int = 0
) -> None:
    """Say that this worker lives; one statement."""
    row = {"executor_id": executor_id, "renewed_at": now, "claimed": False, "at_work": at_work}
    row |= asdict(about) if about else {}
    with db.write() as connection:
        insert = insert_into(connection, lease).values(row)
        changed = {name: insert.excluded[name] for name in row if name != "executor_id"}
        connection.execute(insert.on_conflict_do_update(index_elements=["executor_id"], set_=changed))


def release(db: Database, executor_id: str) -> None:
    """Remove the lease: the worker ended, or its work has been taken over. One statement."""
    with db.write() as connection:
        connection.execute(delete(lease).where(lease.c.executor_id == executor_id))


def workers(db: Database) -> list[Heartbeat]:
    """All workers with a heartbeat that were not forgotten, living or not, by their id; one statement."""
    with db.read() as connection:
        rows = connection.execute(select(lease).order_by(lease.c.executor_id)).mappings()
        return [Heartbeat(**row) for row in rows]


def live(db: Database, since: datetime) -> list[str]:
    """Workers with a heartbeat since then; one statement."""
    lives = (lease.c.renewed_at >= since) & ~lease.c.claimed
    query = select(lease.c.executor_id).where(lives).order_by(lease.c.executor_id)
    with db.read() as connection:
        return list(connection.scalars(query))


def claim_dead(db: Database, executor_id: str, before: datetime, now: datetime) -> bool:
    """Start to take over a dead worker's runs: True for one caller only. One statement.

    When done, call `release`. A worker that dies while taking over loses its claim after the same silence.
    """
    claim = (
        update(lease)
        .where(lease.c.executor_id == executor_id, lease.c.renewed_at < before)
        .values(renewed_at=now, claimed=True)
    )
    with db.write() as connection:
        return connection.execute(claim).rowcount == 1
