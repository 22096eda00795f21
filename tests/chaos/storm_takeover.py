"""How long it takes until somebody goes on with what a dead worker had begun."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import bindparam, text

from discogs_assistant.errors import StorageError
from discogs_assistant.store.database import Database

_LOOK = 0.2


@dataclass(frozen=True)
class Loss:
    """A run or chunk that a worker had begun when it died or was stopped, with the moment of that."""

    workflow: str
    executor: str
    at: float
    kind: str


@dataclass
class Takeovers:
    """Notes losses, and watches until another worker has begun each of them again, or it has ended."""

    db: Database
    took: dict[str, list[float]] = field(default_factory=dict)
    open: dict[str, Loss] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def lost(self, pid: int, kind: str) -> None:
        """Note what the process of that number had begun; it can do no more."""
        at, like = time.monotonic(), f"%-{pid}-%"
        rows = self._rows(
            "SELECT workflow_uuid, executor_id FROM {} WHERE status = 'PENDING' AND executor_id LIKE :pid",
            {"pid": like},
        )
        with self._lock:
            for workflow, executor in rows or ():
                self.open.setdefault(workflow, Loss(workflow, executor, at, kind))

    def watch(self) -> None:
        """Look until `stop`."""
        while not self._ended.wait(_LOOK):
            self.look()

    def look(self) -> None:
        """See which of the losses somebody goes on with by now."""
        with self._lock:
            waiting = dict(self.open)
        if not waiting:
            return
        rows = self._rows(
            "SELECT workflow_uuid, executor_id, status FROM {} WHERE workflow_uuid IN :ids",
            {"ids": list(waiting)},
        )
        if rows is None:
            return
        states = {workflow: (executor, status) for workflow, executor, status in rows}
        for workflow, loss in waiting.items():
            executor, status = states.get(workflow, ("", "GONE"))
            if status not in {"PENDING", "ENQUEUED"} or (status == "PENDING" and executor != loss.executor):
                with self._lock:
                    self.took.setdefault(loss.kind, []).append(time.monotonic() - loss.at)
                    self.open.pop(workflow, None)

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()

    def _rows(self, query: str, given: dict[str, object]) -> list[tuple[str, ...]] | None:
        schema = "workflow_status" if self.db.dialect == "sqlite" else "dbos.workflow_status"
        statement = text(query.format(schema))
        if "ids" in given:
            statement = statement.bindparams(bindparam("ids", expanding=True))
        for _ in range(100):
            with suppress(StorageError), self.db.read() as connection:
                return [tuple(row) for row in connection.execute(statement, given)]
            if self._ended.wait(_LOOK):
                break
        return None
