"""The workflow library (DBOS) as any process uses it: enqueueing, looking and clearing, never working."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy import Engine, exc

from discogs_assistant.errors import DatabaseAwayError, StorageError
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.store.database import Database, library_engine
from discogs_assistant.store.database_errors import error_for_person, is_away
from discogs_assistant.store.schema_version import one_at_a_time

APPLICATION = "discogs-assistant"
RUN_QUEUE = "runs"
CHUNK_QUEUE = "chunks"
RUN_WORKFLOW = "run"
CHUNK_WORKFLOW = "chunk"
SCHEMA = "dbos"
UNDER_WAY = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
_BATCH = 500
_POLL_SECONDS = 0.25
_PATIENCE = 60
"""Seconds to wait for the place to write while others make the tables."""


@dataclass(frozen=True, slots=True)
class WorkflowState:
    """The library's state of a run: `status` in its own words, the version and worker it belongs to."""

    run_id: RunId
    status: str
    version: str | None
    executor_id: str | None

    @property
    def under_way(self) -> bool:
        """True where a worker has it or will get it."""
        return self.status in UNDER_WAY


@dataclass
class Library:
    """The library's tables in the product's database."""

    db: Database
    _engine: Engine | None = field(default=None, init=False)
    _client: DBOSClient | None = field(default=None, init=False)

    def prepare(self) -> None:
        """Make or renew the library's tables; any process may do it first, each may do it again."""
        join_our_logs()
        url = self.db.engine.url
        if self.db.dialect == "sqlite":
            # Others may be making the tables: the driver itself waits for five seconds only.
            url = url.update_query_dict({"timeout": str(_PATIENCE)})
        with _answering(), one_at_a_time(self.db.engine):
            DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA)

    def register_queues(self, places: int, per_person: int | None = None) -> None:
        """Let each worker do `places` runs and as many chunks at once; a waiting run takes no chunk's.

        All workers together execute at most `per_person` runs of one person at once; people take turns.
        """
        for queue in (RUN_QUEUE, CHUNK_QUEUE):
            with _answering():
                self._open().register_queue(
                    queue,
                    worker_concurrency=places,
                    partition_concurrency=per_person,
                    polling_interval_sec=_POLL_SECONDS,
                    on_conflict="always_update",
                )

    def enqueue(self, run_id: RunId, person: OwnerId) -> None:
        """Let a worker carry the person's run out; a second time changes nothing."""
        with _answering():
            self._open().enqueue(
                {
                    "workflow_name": RUN_WORKFLOW,
                    "queue_name": RUN_QUEUE,
                    "workflow_id": run_id,
                    "queue_partition_key": str(person),
                },
                run_id,
            )

    def lead(self, workflow_version: str) -> None:
        """Give runs that have not started to workers of this workflow version, even if it is an older one."""
        with _answering():
            if self._open().get_latest_application_version()["version_name"] != workflow_version:
                self._open().set_latest_application_version(workflow_version)

    def hand_over(self, executor_id: str, workflow_version: str) -> list[str]:
        """Put back into the queues what a worker started and no longer executes; returns the ids.

        What another worker has taken over meanwhile stays with that worker.
        """
        # 3.4 has no public call for this. `resume_workflow` would run what another worker may be running;
        # this one re-enqueues only what still belongs to that worker (test_runner_contract.py).
        with _answering():
            pending = self._open()._sys_db.get_pending_workflows(executor_id, workflow_version)
            return [
                workflow.workflow_id
                for workflow in pending
                if self._put_back(workflow.workflow_id, executor_id)
            ]

    def put_back(self, workflow_id: str, executor_id: str) -> None:
        """The same with one run or chunk."""
        with _answering():
            self._put_back(workflow_id, executor_id)

    def _put_back(self, workflow_id: str, executor_id: str) -> bool:
        return self._open()._sys_db.reenqueue_for_recovery(workflow_id, [executor_id], RUN_QUEUE)

    def workflow_states(self, run_ids: Sequence[RunId]) -> dict[RunId, WorkflowState]:
        """The library's state of these runs, without those unknown to it."""
        if not run_ids:
            return {}
        with _answering():
            found = self._open().list_workflows(
                workflow_ids=list(run_ids), load_input=False, load_output=False
            )
        states = [WorkflowState(RunId(w.workflow_id), w.status, w.app_version, w.executor_id) for w in found]
        return {state.run_id: state for state in states}

    def has_unfinished(self, executor_id: str) -> bool:
        """Whether a worker has started something that has not ended."""
        return bool(self.pending(executor_id))

    def holders(self) -> set[str]:
        """The workers that have started something that has not ended."""
        with _answering():
            found = self._open().list_workflows(status="PENDING", load_input=False, load_output=False)
        return {workflow.executor_id for workflow in found if workflow.executor_id}

    def pending(self, executor_id: str) -> list[str]:
        """Ids of the runs and chunks that a worker has started and that have not ended."""
        with _answering():
            found = self._open().list_workflows(
                executor_id=executor_id, status="PENDING", load_input=False, load_output=False
            )
        return [workflow.workflow_id for workflow in found]

    def purge(self, before: datetime) -> int:
        """Forget what ended before then; how many workflows."""
        purged = 0
        with _answering():
            while old := self._open().list_workflows(
                completed_before=before.isoformat(), limit=_BATCH, load_input=False, load_output=False
            ):
                self.forget([workflow.workflow_id for workflow in old])
                purged += len(old)
        return purged

    def left_behind(self, before: datetime) -> list[str]:
        """Ids of workflows that were enqueued before then and have not ended."""
        with _answering():
            found = self._open().list_workflows(
                status=sorted(UNDER_WAY), end_time=before.isoformat(), load_input=False, load_output=False
            )
        return [workflow.workflow_id for workflow in found]

    def forget(self, workflow_ids: Sequence[str]) -> None:
        """Remove workflows, whatever their state."""
        for start in range(0, len(workflow_ids), _BATCH):
            with _answering():
                self._open().delete_workflows(list(workflow_ids[start : start + _BATCH]))

    def forget_runs(self, run_ids: Sequence[RunId]) -> None:
        """Remove all rows of these runs: their workflows, whatever their state, and their chunks'."""
        for start in range(0, len(run_ids), _BATCH):
            some: list[str] = list(run_ids[start : start + _BATCH])
            with _answering():
                # A chunk's id begins with that of its run.
                found = self._open().list_workflows(
                    workflow_id_prefix=some, load_input=False, load_output=False
                )
                self.forget([workflow.workflow_id for workflow in found])

    def engine(self) -> Engine:
        """The library's own connections, opened at the first use."""
        if self._engine is None:
            self._engine = library_engine(self.db)
        return self._engine

    def close(self) -> None:
        """Close the connections."""
        if self._client:
            self._client.destroy()
            self._client = None
        if self._engine:
            self._engine.dispose()
            self._engine = None

    def _open(self) -> DBOSClient:
        if self._client is None:
            self._client = DBOSClient(
                system_database_engine=self.engine(),
                dbos_system_schema=SCHEMA,
                serializer=DBOSPortableJSONSerializer(),
                application_name=APPLICATION,
                lazy=True,
                retry_connection_errors=False,
            )
        return self._client


def join_our_logs() -> None:
    """Send the library's log lines where ours go; otherwise it would set up its own console."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = True


@contextmanager
def _answering() -> Iterator[None]:
    """`DatabaseAwayError` where the library cannot reach its tables, or its disk reports an error.

    Anything else is a bug of ours, which waiting does not fix.
    """
    try:
        yield
    except exc.SQLAlchemyError as error:
        passes = isinstance(error, exc.TimeoutError) or is_away(error)
        if not (passes or isinstance(error_for_person(error), StorageError)):
            raise
        raise DatabaseAwayError(
            "The queue of runs cannot be used: the database does not answer.",
            "`discogs-assistant doctor` says what is wrong with it.",
        ) from error
