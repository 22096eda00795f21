"""Runners at work on a database of their own, and waiting for what they do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from discogs_assistant.model.ids import OwnerId, RunId, new_run_id
from discogs_assistant.model.ports import Clock, SystemClock
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.runtime.flow import ChunkHandler, Flow
from discogs_assistant.pipelines.runtime.runner import WORKFLOW_VERSION, Runner
from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.runs import runs

Body = Callable[[Flow], None]


class FixedClock:
    """A clock that a test turns by hand; a sleep turns it too."""

    def __init__(self, moment: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@contextmanager
def opened(address: Path | str) -> Iterator[Database]:
    """A database with all tables: an SQLite file, or what the address names."""
    db = open_database(f"sqlite:///{address}" if isinstance(address, Path) else address)
    migrate(db)
    try:
        yield db
    finally:
        db.close()


def make_runner(
    db: Database,
    body: Body,
    *,
    handlers: Mapping[str, ChunkHandler] | None = None,
    executor_id: str = "first",
    workers: int = 2,
    lease_seconds: float = 1.0,
    clock: Clock | None = None,
    per_person: int | None = None,
    workflow_version: str = WORKFLOW_VERSION,
) -> Runner:
    """A runner whose syncs are `body`, ready to enqueue."""
    runner = Runner(
        db=db,
        clock=clock or SystemClock(),
        bodies={RunKind.SYNC: body},
        handlers=handlers or {},
        marks=WorkerMarks(Path(db.engine.url.database or "").with_suffix(".workers")),
        executor_id=executor_id,
        workers=workers,
        lease_seconds=lease_seconds,
        images_kept=timedelta(hours=6),
        runs_kept=timedelta(days=30),
        stopping=threading.Event(),
        per_person=per_person,
        workflow_version=workflow_version,
    )
    runner.prepare()
    return runner


@contextmanager
def at_work(runner: Runner) -> Iterator[Runner]:
    """A worker for as long as the block."""
    runner.launch()
    try:
        yield runner
    finally:
        runner.stop()


def open_run(
    db: Database, *, key: str = "", now: datetime | None = None, owner: OwnerId | None = None
) -> Run:
    """A queued sync of the local account, or another one, that nobody has enqueued."""
    moment = now or datetime.now(UTC)
    id = new_run_id()
    wanted = Run(
        id=id,
        owner=local_owner(db) if owner is None else owner,
        kind=RunKind.SYNC,
        user="somebody",
        criteria={},
        key=key or id,
        state=RunState.QUEUED,
        stage=0,
        done=0,
        total=0,
        created_at=moment,
    )
    return runs.open_run(db, wanted, reuse_since=None)[0]


def local_owner(db: Database) -> OwnerId:
    """The account of the one person."""
    return accounts.local_account(db, datetime.now(UTC))


def now_of(db: Database, run_id: RunId) -> Run:
    """The run as it is now."""
    run = runs.run_for_worker(db, run_id)
    assert run is not None
    return run


def until_ended(db: Database, run_id: RunId) -> Run:
    """The run once it has ended."""
    until(lambda: now_of(db, run_id).state.ended)
    return now_of(db, run_id)


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition; a failure where it does not come."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("what the test waits for did not come")
