"""The runner: enqueues runs from any process and, once launched, carries them out."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from structlog.contextvars import bound_contextvars

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ids import RunId, parse_run_id
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime import workflow_library
from discogs_assistant.pipelines.runtime.durable_flow import (
    ChunkWorkflow,
    DurableFlow,
    chunk_id,
    handle_chunk,
)
from discogs_assistant.pipelines.runtime.flow import ChunkHandler, PipelineBody
from discogs_assistant.pipelines.runtime.leases import LeaseKeeper
from discogs_assistant.pipelines.runtime.run_ending import RunEnding
from discogs_assistant.pipelines.runtime.spans import NoSpans, Spans
from discogs_assistant.pipelines.runtime.upkeep import Upkeep
from discogs_assistant.pipelines.runtime.waiting import WorkerStoppingError, once_it_answers
from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, runs
from discogs_assistant.store.runs.leases import WorkerFacts

WORKFLOW_VERSION = "5"
"""Raised by hand when the steps of a pipeline change in order or meaning: a worker of another version does
not continue what a worker of this one started."""

DRAIN_SECONDS = 10.0
_TRIES = 100
_LISTENER_SECONDS = 0.1
"""The library's end waits for its listener, which here has nothing to listen to, to look once more."""


@dataclass
class Runner:
    """Enqueues runs; `launch` makes this process a worker until `stop`.

    `executor_id` must be this process's own. `images_kept` is the age at which links to covers are removed,
    `runs_kept` that at which runs are, and by `forget_old`, once an hour, other data that is no longer used.
    Of one person at most `per_person` runs are at work at once, by all workers together (None: any number);
    people take turns.
    The library is a process singleton: one runner of a process may be launched at a time.
    """

    db: Database
    clock: Clock
    bodies: Mapping[RunKind, PipelineBody]
    handlers: Mapping[str, ChunkHandler]
    marks: WorkerMarks
    executor_id: str
    workers: int
    lease_seconds: float
    images_kept: timedelta
    runs_kept: timedelta
    stopping: threading.Event
    spans: Spans = field(default_factory=NoSpans)
    per_person: int | None = None
    workflow_version: str = WORKFLOW_VERSION
    forget_old: Callable[[datetime], None] = lambda before: None
    _library: Library = field(init=False)
    _lease: LeaseKeeper | None = field(default=None, init=False)
    _at_work: set[str] = field(default_factory=set, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)
    _dbos: DBOS | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Give the library the product's own database."""
        self._library = Library(self.db)

    def prepare(self) -> None:
        """Make or renew the library's tables, before anything is enqueued."""
        self._library.prepare()

    def enqueue(self, run_id: RunId) -> None:
        """Let a worker execute the run; a second call changes nothing."""
        run = runs.run_for_worker(self.db, run_id)
        if run is not None:
            self._library.enqueue(run_id, run.owner)

    def forget(self, run_ids: Sequence[RunId]) -> None:
        """Remove what the library stores about these runs, as when their account was deleted."""
        self._library.forget_runs(run_ids)

    @property
    def launched(self) -> bool:
        """Whether this process works."""
        return self._lease is not None

    def launch(self) -> None:
        """Start to work: take the lease, then listen to the queues."""
        workflow_library.join_our_logs()
        self._library.register_queues(self.workers, self.per_person)
        self._dbos = DBOS(config=self._config())
        self._register()
        DBOS.launch()
        self._library.lead(self.workflow_version)
        self._lease = self._keeper()
        self._lease.start()

    def stop(self) -> None:
        """Let the steps at work end, hand the rest of their runs to other workers or the next start."""
        self.stopping.set()
        if self._lease is not None:
            self._take_nothing_more()
            with self._changed:
                self._changed.wait_for(lambda: not self._at_work, DRAIN_SECONDS)
            DBOS.destroy(destroy_registry=True)
            self._dbos = None
            self._hand_over_and_leave(self._lease)
            self._lease = None
        self._library.close()

    def _take_nothing_more(self) -> None:
        # Else what is queued while the last steps end would be taken and left alone until they have.
        if self._dbos is not None:
            for event in self._dbos.background_thread_stop_events:
                event.set()

    def _hand_over_and_leave(self, lease: LeaseKeeper) -> None:
        try:
            self._library.hand_over(self.executor_id, self.workflow_version)
            lease.stop(unfinished=self._library.has_unfinished(self.executor_id))
        except DatabaseAwayError as error:
            structlog.get_logger().warning("the lease is left to expire", why=error.sentence)
            lease.fall_silent()

    def _config(self) -> DBOSConfig:
        return {
            "name": workflow_library.APPLICATION,
            "system_database_engine": self._library.engine(),
            "dbos_system_schema": workflow_library.SCHEMA,
            "application_version": self.workflow_version,
            "executor_id": self.executor_id,
            "serializer": DBOSPortableJSONSerializer(),
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": _LISTENER_SECONDS,
            "log_level": "WARNING",
        }

    def _register(self) -> None:
        # Registered here and not at import, since the library keeps its registry in the process.
        @DBOS.workflow(name=workflow_library.CHUNK_WORKFLOW, max_recovery_attempts=_TRIES)
        def chunk(run_id: str, handler: str, fan: str, place: int) -> dict[str, Any]:
            with (
                bound_contextvars(run=run_id, step=f"{fan} {place}"),
                self.spans.span(f"chunk of {handler}", RunId(run_id), place=place),
                self._working(chunk_id(RunId(run_id), fan, place)),
            ):
                work = partial(handle_chunk, self.db, self.handlers, RunId(run_id), handler, fan, place)
                return once_it_answers(self.stopping, work)

        @DBOS.workflow(name=workflow_library.RUN_WORKFLOW, max_recovery_attempts=_TRIES)
        def run(run_id: str) -> None:
            with bound_contextvars(run=run_id), self._working(run_id):
                self._carry_out(RunId(run_id), chunk)

    @contextmanager
    def _working(self, name: str) -> Iterator[None]:
        if self.stopping.is_set():
            raise WorkerStoppingError
        with self._changed:
            self._at_work.add(name)
        try:
            yield
        finally:
            with self._changed:
                self._at_work.discard(name)
                self._changed.notify_all()

    def _names_at_work(self) -> Set[str]:
        with self._changed:
            return set(self._at_work)

    def _runs_at_work(self) -> int:
        return sum(parse_run_id(name) is not None for name in self._names_at_work())

    def _carry_out(self, run_id: RunId, chunk: ChunkWorkflow) -> None:
        run = once_it_answers(self.stopping, lambda: runs.run_for_worker(self.db, run_id))
        if run is None:
            return
        ending = RunEnding(self.db, self.clock, self._library, self.executor_id, self.stopping, run)
        if run.state.ended:
            ending.clear()
            return
        once_it_answers(self.stopping, lambda: progress.start(self.db, run_id, self.clock.now()))
        flow = DurableFlow(
            run_id,
            self.db,
            self.clock,
            self.stopping,
            chunk,
            self.enqueue,
            self.spans,
            person=run.owner,
        )

        def body() -> None:
            with self.spans.span(f"run {run.kind.value}", run_id, kind=run.kind.value):
                self.bodies[run.kind](flow)

        ending.after(body)

    def _take_over(self, executor_id: str) -> None:
        self._library.hand_over(executor_id, self.workflow_version)

    def _keeper(self) -> LeaseKeeper:
        lease = timedelta(seconds=self.lease_seconds)
        upkeep = Upkeep(
            self.db,
            self.clock,
            self._library,
            self.executor_id,
            self.workflow_version,
            lease,
            self.images_kept,
            self.runs_kept,
            self._take_over,
            self._names_at_work,
            self.forget_old,
        )
        return LeaseKeeper(
            self.db,
            self.clock,
            self.marks,
            self.executor_id,
            self.lease_seconds,
            self._take_over,
            upkeep.do_chores,
            WorkerFacts(socket.gethostname(), os.getpid(), self.clock.now(), self.workflow_version),
            self._runs_at_work,
        )
