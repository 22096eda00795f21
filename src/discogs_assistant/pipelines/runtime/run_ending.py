"""How a run ends: well, cancelled, with a sentence that says why not, or in the queue again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from discogs_assistant.errors import AssistantError, CancelledError
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.durable_flow import UNEXPECTED
from discogs_assistant.pipelines.runtime.waiting import PutBackError, WorkerStoppingError, once_it_answers
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.database import Database
from discogs_assistant.store.database_errors import is_away
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.runs import progress, results

UNEXPECTED_NEXT = "Run it again. If it fails again, the server's log says more."


@dataclass(frozen=True)
class RunEnding:
    """The end of `run`, which this worker, `executor_id`, carries out until `stopping` is set."""

    db: Database
    clock: Clock
    library: Library
    executor_id: str
    stopping: threading.Event
    run: Run

    def after(self, body: Callable[[], None]) -> None:
        """Execute the body, end the run with its outcome, and clear what its steps stored for each other.

        `WorkerStoppingError` and `PutBackError` where another worker continues the run.
        """
        kind = self.run.kind.value
        try:
            body()
            self._finish()
        except CancelledError:
            structlog.get_logger().info("run cancelled", kind=kind)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must end and say so
            self._otherwise(error)
        self.clear()

    def _finish(self) -> None:
        stored = results.result(self.db, self.run.owner, self.run.id)
        progress.finish(self.db, self.run.id, self.clock.now(), stored.id if stored else None)
        structlog.get_logger().info("run done", kind=self.run.kind.value)

    def _otherwise(self, error: Exception) -> None:
        if is_away(error):
            # Raised between two steps: the run continues from its queue, and finished steps are not repeated.
            once_it_answers(self.stopping, lambda: self.library.put_back(self.run.id, self.executor_id))
            raise PutBackError from error
        if self.stopping.is_set():
            # The connections may be closed under a step's feet by now, which is no fault of the run.
            raise WorkerStoppingError from error
        kind = self.run.kind.value
        if isinstance(error, AssistantError):
            structlog.get_logger().info("run failed", kind=kind, code=error.code)
            self._fail(error.sentence, error.code, error.next_step)
        else:
            structlog.get_logger().error("run failed unexpectedly", kind=kind, exc_info=error)
            self._fail(UNEXPECTED, "unexpected", UNEXPECTED_NEXT)

    def _fail(self, sentence: str, code: str, next_step: str) -> None:
        now = self.clock.now
        once_it_answers(
            self.stopping, lambda: progress.fail(self.db, self.run.id, now(), sentence, code, next_step)
        )

    def clear(self) -> None:
        """Remove what its steps handed on; a worker may have died between its end and this."""
        once_it_answers(self.stopping, lambda: run_upkeep.clear_work(self.db, self.run.owner, self.run.id))
