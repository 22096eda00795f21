"""Upkeep of runs, so that none is lost, doubled or stored for ever."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.runs.runs import UNDER_WAY, visible
from discogs_assistant.store.schema import result, run_work, staged_item, staged_want, sync_change
from discogs_assistant.store.schema import run as table
from discogs_assistant.store.statements import among

_BATCH = 100


@dataclass(frozen=True, slots=True)
class UnendedRun:
    """A run that has not ended, with the moment of its last heartbeat and its count of changes."""

    id: RunId
    state: RunState
    heartbeat_at: datetime
    owner: OwnerId
    revision: int


def unended(db: Database, before: datetime) -> list[UnendedRun]:
    """Runs opened before then that have not ended, the oldest first; one statement."""
    seen = func.coalesce(table.c.heartbeat_at, table.c.created_at)
    query = (
        select(table.c.id, table.c.state, seen.label("seen"), table.c.owner, table.c.revision)
        .where(table.c.state.in_(UNDER_WAY), table.c.created_at < before)
        .order_by(table.c.created_at)
    )
    with db.read() as connection:
        rows = connection.execute(query)
        return [
            UnendedRun(RunId(r.id), RunState(r.state), r.seen, OwnerId(r.owner), r.revision) for r in rows
        ]


def begin_again(db: Database, run: UnendedRun) -> bool:
    """Queue the run once more; False where it changed since it was looked at. One statement."""
    unchanged = (table.c.id == run.id) & (table.c.revision == run.revision) & table.c.state.in_(UNDER_WAY)
    values = {"state": RunState.QUEUED.value, "revision": table.c.revision + 1, "waiting_for": None}
    with db.write() as connection:
        return connection.execute(update(table).where(unchanged).values(values)).rowcount == 1


def clear_work(db: Database, owner: OwnerId, run_id: RunId) -> None:
    """Remove what the run's steps passed on and staged, once nothing continues the run; one transaction."""
    with db.write() as connection:
        connection.execute(delete(run_work).where(visible(owner, run_id, run_work)))
        staging.clear(connection, owner, run_id)


def rekey(db: Database, run_id: RunId, key: str) -> None:
    """Find the run by another key from now on, unless another run under way has it; one statement."""
    other = table.alias()
    taken = exists().where(
        other.c.owner == table.c.owner,
        other.c.kind == table.c.kind,
        other.c.key == key,
        other.c.id != table.c.id,
        other.c.state.in_(UNDER_WAY),
    )
    # Another process may take the key between our read and our write: then it owns the key.
    with suppress(IntegrityError), db.write() as connection:
        connection.execute(update(table).where(table.c.id == run_id, ~taken).values(key=key))


def forget_ended(db: Database, before: datetime) -> int:
    """Remove runs that ended before then with all that is theirs, a hundred at most; how many runs.

    The newest result of each owner, user and kind stays, with its run. One transaction.
    """
    old = (
        select(table.c.id)
        .where(table.c.state.not_in(UNDER_WAY), table.c.finished_at < before, table.c.id.not_in(_newest()))
        .order_by(table.c.finished_at)
        .limit(_BATCH)
    )
    with db.write() as connection:
        ids = list(connection.scalars(old))
        # The rest of a run's rows go with it by their foreign keys.
        for part in (staged_item, staged_want, sync_change):
            connection.execute(delete(part).where(among(connection, part.c.run_id, ids)))
        connection.execute(delete(table).where(among(connection, table.c.id, ids)))
    return len(ids)


def _newest() -> Select[tuple[str]]:
    """The runs whose result is the newest of its owner, user and kind."""
    other = result.alias()
    newer = or_(
        other.c.made_at > result.c.made_at,
        (other.c.made_at == result.c.made_at) & (other.c.id > result.c.id),
    )
    same = (
        (other.c.owner == result.c.owner)
        & (other.c.user_name == result.c.user_name)
        & (other.c.kind == result.c.kind)
    )
    return select(result.c.run_id).where(~exists().where(same, newer))
