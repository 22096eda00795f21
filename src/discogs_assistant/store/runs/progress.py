"""A run's progress: stages, waits, partial results, log lines and its end. Ended runs never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, case, insert, literal, select, update

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import UNDER_WAY, visible
from discogs_assistant.store.schema import run, run_log


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line about a run."""

    at: datetime
    line: str


def start(db: Database, run_id: RunId, now: datetime) -> None:
    """Note that a worker has started; safe to repeat. One transaction."""
    values = {
        "state": RunState.RUNNING.value,
        "stage": _larger(run.c.stage, 1),
        "started_at": case((run.c.started_at.is_(None), now), else_=run.c.started_at),
        "stage_at": case((run.c.stage_at.is_(None), now), else_=run.c.stage_at),
        "heartbeat_at": now,
    }
    with db.write() as connection:
        _log_stage(connection, run_id, now, 1)
        connection.execute(_change(run_id, values))


def advance(db: Database, run_id: RunId, now: datetime, *, stage: int, done: int = 0, total: int = 0) -> None:
    """Report `done` of `total` in a stage; neither stage nor, within it, `done` ever falls.

    A stage that begins is a line for the curious. One transaction.
    """
    values = {
        "done": case((run.c.stage < stage, done), else_=_larger(run.c.done, done)),
        "stage": stage,
        "stage_at": case((run.c.stage < stage, now), else_=run.c.stage_at),
        "total": total,
        "heartbeat_at": now,
        "waiting_for": None,
    }
    with db.write() as connection:
        _log_stage(connection, run_id, now, stage)
        connection.execute(_change(run_id, values).where(run.c.stage <= stage))


def waiting(db: Database, run_id: RunId, now: datetime, text: str | None) -> None:
    """Set what the run waits for in words, None when it continues; one statement."""
    values = {"waiting_for": text, "heartbeat_at": now}
    with db.write() as connection:
        connection.execute(_change(run_id, values))


def add_partial(db: Database, run_id: RunId, sentence: str) -> None:
    """Add what is missing from the result; the same sentence counts once. One transaction."""
    with db.write() as connection:
        query = select(run.c.partial).where(run.c.id == run_id).with_for_update()
        reported = connection.scalar(query)
        if reported is not None and sentence not in reported:
            connection.execute(_change(run_id, {"partial": [*reported, sentence]}))


def log(db: Database, run_id: RunId, now: datetime, line: str) -> None:
    """Add a line for the curious; one statement."""
    with db.write() as connection:
        _log(connection, now, literal(line, run_log.c.line.type), run.c.id == run_id)


def log_lines(db: Database, owner: OwnerId, run_id: RunId) -> list[LogLine]:
    """The run's lines in order; one statement."""
    query = select(run_log.c.at, run_log.c.line).where(visible(owner, run_id, run_log))
    with db.read() as connection:
        return [LogLine(row.at, row.line) for row in connection.execute(query.order_by(run_log.c.id))]


def finish(db: Database, run_id: RunId, now: datetime, result_id: int | None) -> bool:
    """End the run well, at its last stage; False where it had ended before. One transaction."""
    with db.write() as connection:
        names = connection.scalar(select(run.c.stage_names).where(run.c.id == run_id)) or []
        values = {"state": RunState.DONE.value, "stage": len(names), "result_id": result_id}
        return _end(connection, _change(run_id, values), now)


def fail(db: Database, run_id: RunId, now: datetime, error: str, code: str, next_step: str) -> bool:
    """End the run with a sentence, an error's code and what to do; False where it had ended before.

    One statement.
    """
    values = {
        "state": RunState.FAILED.value,
        "error": error,
        "error_code": code,
        "error_next": next_step,
    }
    with db.write() as connection:
        return _end(connection, _change(run_id, values), now)


def cancel(db: Database, owner: OwnerId, run_id: RunId, now: datetime) -> bool:
    """End the owner's run as cancelled; False where it had ended before or is not theirs. One statement."""
    change = _change(run_id, {"state": RunState.CANCELLED.value}).where(visible(owner, run_id))
    with db.write() as connection:
        return _end(connection, change, now)


def _log_stage(connection: Connection, run_id: RunId, now: datetime, stage: int) -> None:
    begins = (run.c.id == run_id) & (run.c.stage < stage) & run.c.state.in_(UNDER_WAY)
    names = connection.scalar(select(run.c.stage_names).where(begins))
    if names and len(names) >= stage:
        _log(connection, now, literal(names[stage - 1], run_log.c.line.type), begins)


def _log(connection: Connection, now: datetime, line: ColumnElement[str], which: ColumnElement[bool]) -> None:
    source = select(run.c.id, run.c.owner, literal(now, run_log.c.at.type), line).where(which)
    connection.execute(insert(run_log).from_select(["run_id", "owner", "at", "line"], source))


def _change(run_id: RunId, values: dict[str, Any]) -> Update:
    return (
        update(run)
        .where(run.c.id == run_id, run.c.state.in_(UNDER_WAY))
        .values(values | {"revision": run.c.revision + 1})
    )


def _end(connection: Connection, change: Update, now: datetime) -> bool:
    ended = change.values(finished_at=now, heartbeat_at=now, waiting_for=None)
    return connection.execute(ended).rowcount == 1


def _larger(column: ColumnElement[int], other: int) -> ColumnElement[int]:
    return case((column > other, column), else_=other)
