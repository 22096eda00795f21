"""What an operator looks at across all people: runs by state, the queue, failures, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import UNDER_WAY
from discogs_assistant.store.schema import rate_budget, run


@dataclass(frozen=True, slots=True)
class RunCount:
    """How many runs of a kind are in a state."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has not ended: without whose it is, or for which collector."""

    id: str
    kind: str
    state: str
    stage: int
    created_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    waiting_for: str | None


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run that failed, by the code of its error: the person's own sentence may quote what they typed."""

    id: str
    kind: str
    finished_at: datetime | None
    code: str


def run_counts(db: Database) -> list[RunCount]:
    """By kind and state, without empty groups; one statement."""
    query = select(run.c.kind, run.c.state, func.count()).group_by(run.c.kind, run.c.state)
    with db.read() as connection:
        return [RunCount(*row) for row in connection.execute(query.order_by(run.c.kind, run.c.state))]


def open_runs(db: Database, limit: int) -> list[OpenRun]:
    """Those that have not ended, the oldest first; one statement."""
    fields = (run.c.id, run.c.kind, run.c.state, run.c.stage, run.c.created_at, run.c.started_at)
    query = select(*fields, run.c.heartbeat_at, run.c.waiting_for).where(run.c.state.in_(UNDER_WAY))
    with db.read() as connection:
        return [OpenRun(*row) for row in connection.execute(query.order_by(run.c.created_at).limit(limit))]


def failures(db: Database, since: datetime, limit: int) -> list[FailedRun]:
    """Those that failed since then, the newest first; one statement."""
    query = (
        select(run.c.id, run.c.kind, run.c.finished_at, func.coalesce(run.c.error_code, ""))
        .where(run.c.state == "failed", run.c.finished_at >= since)
        .order_by(run.c.finished_at.desc())
        .limit(limit)
    )
    with db.read() as connection:
        return [FailedRun(*row) for row in connection.execute(query)]


def sources(db: Database) -> list[str]:
    """The source addresses for which an allowance of requests was ever used, by name; one statement."""
    with db.read() as connection:
        return list(
            connection.scalars(select(rate_budget.c.source).distinct().order_by(rate_budget.c.source))
        )
