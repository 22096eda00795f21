"""The workflow library (DBOS) as any process uses it: enqueueing, looking and clearing, never working."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy import Engine, exc

from discogs_assistant.errors import DatabaseAwayError, StorageError
from discogs_assistant.model.ids import RunId
from discogs_assistant.store.database import Database
from discogs_assistant.store.library_engine import library_engine

APPLICATION = "discogs-assistant"
RUN_QUEUE = "runs"
CHUNK_QUEUE = "chunks"
RUN_WORKFLOW = "run"
CHUNK_WORKFLOW = "chunk"
SCHEMA = "dbos"
UNDER_WAY = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
_BATCH = 500
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class WorkflowLook:
    """What the library knows of a run: `status` in its own words, the version and worker it belongs to."""

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
        try:
            url = self.db.engine.url.render_as_string(hide_password=False)
            DBOS.migrate(url, schema=SCHEMA)
        except exc.SQLAlchemyError as error:
            raise _storage_error() from error

    def register_queues(self, places: int) -> None:
        """Let each worker do `places` runs and as many chunks at once; a waiting run takes no chunk's."""
        for queue in (RUN_QUEUE, CHUNK_QUEUE):
            self._open().register_queue(
                queue,
                worker_concurrency=places,
                polling_interval_sec=_POLL_SECONDS,
                on_conflict="always_update",
            )

    def enqueue(self, run_id: RunId) -> None:
        """Let a worker carry the run out; a second time changes nothing."""
        try:
            self._open().enqueue(
                {"workflow_name": RUN_WORKFLOW, "queue_name": RUN_QUEUE, "workflow_id": run_id}, run_id
            )
        except exc.SQLAlchemyError as error:
            raise _storage_error() from error

    def put_back(self, run_id: RunId, executor_id: str) -> None:
        """Take a run that this worker has begun, and carries out no more, back into its queue."""
        try:
            look = self.looks([run_id]).get(run_id)
            # Another worker may have taken it over meanwhile: then it is theirs.
            if look and look.status == "PENDING" and look.executor_id == executor_id:
                self._open().resume_workflow(run_id, queue_name=RUN_QUEUE)
        except exc.SQLAlchemyError as error:
            raise _storage_error() from error

    def looks(self, run_ids: Sequence[RunId]) -> dict[RunId, WorkflowLook]:
        """What the library knows of these runs; those it never heard of are missing."""
        if not run_ids:
            return {}
        found = self._open().list_workflows(workflow_ids=list(run_ids), load_input=False, load_output=False)
        looks = [WorkflowLook(RunId(w.workflow_id), w.status, w.app_version, w.executor_id) for w in found]
        return {look.run_id: look for look in looks}

    def has_unfinished(self, executor_id: str) -> bool:
        """Whether a worker has begun something that has not ended."""
        return bool(
            self._open().list_workflows(
                executor_id=executor_id, status="PENDING", limit=1, load_input=False, load_output=False
            )
        )

    def purge(self, before: datetime) -> int:
        """Forget what ended before then; how many workflows."""
        client, purged = self._open(), 0
        while old := client.list_workflows(
            completed_before=before.isoformat(), limit=_BATCH, load_input=False, load_output=False
        ):
            client.delete_workflows([workflow.workflow_id for workflow in old])
            purged += len(old)
        return purged

    def left_behind(self, before: datetime) -> list[str]:
        """Ids of workflows that were enqueued before then and have not ended."""
        found = self._open().list_workflows(
            status=sorted(UNDER_WAY), end_time=before.isoformat(), load_input=False, load_output=False
        )
        return [workflow.workflow_id for workflow in found]

    def forget(self, workflow_ids: Sequence[str]) -> None:
        """Remove workflows, whatever their state."""
        for start in range(0, len(workflow_ids), _BATCH):
            self._open().delete_workflows(list(workflow_ids[start : start + _BATCH]))

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
    """Let the library's lines go the way of ours; it would set up a console of its own otherwise."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = True


def _storage_error() -> StorageError:
    return DatabaseAwayError(
        "The queue of runs cannot be used: the database does not answer.",
        "`discogs-assistant doctor` says what is wrong with it.",
    )
