"""Signs of life of worker processes, and taking over from those that fell silent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import lease
from discogs_assistant.store.statements import upsert


def renew(db: Database, executor_id: str, now: datetime) -> None:
    """Say that this worker lives; one statement."""
    row = {"executor_id": executor_id, "renewed_at": now, "claimed": False}
    with db.write() as connection:
        connection.execute(upsert(connection, lease), row)


def release(db: Database, executor_id: str) -> None:
    """Remove the lease: the worker ended, or its work has been taken over. One statement."""
    with db.write() as connection:
        connection.execute(delete(lease).where(lease.c.executor_id == executor_id))


def live(db: Database, since: datetime) -> list[str]:
    """Workers that gave a sign since then; one statement."""
    return _ids(db, (lease.c.renewed_at >= since) & ~lease.c.claimed)


def dead(db: Database, before: datetime) -> list[str]:
    """Workers silent since before then, whose work nobody is taking over; one statement."""
    return _ids(db, lease.c.renewed_at < before)


def claim_dead(db: Database, executor_id: str, before: datetime, now: datetime) -> bool:
    """Begin to take over a dead worker's work: True for one taker only. One statement.

    When done, call `release`. A taker that dies too loses its claim after the same silence.
    """
    claim = (
        update(lease)
        .where(lease.c.executor_id == executor_id, lease.c.renewed_at < before)
        .values(renewed_at=now, claimed=True)
    )
    with db.write() as connection:
        return connection.execute(claim).rowcount == 1


def _ids(db: Database, which: ColumnElement[bool]) -> list[str]:
    query = select(lease.c.executor_id).where(which).order_by(lease.c.executor_id)
    with db.read() as connection:
        return list(connection.scalars(query))
