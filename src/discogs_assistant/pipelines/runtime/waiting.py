"""Waiting of a run: shown as progress, and ended when it is cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog

from discogs_assistant.errors import CancelledError, DatabaseAwayError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.ports import Clock
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, runs

WORTH_TELLING = 2.0
"""Seconds from which a wait is shown; shorter ones are the ordinary spacing of requests."""

_LOOK = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0

Value = TypeVar("Value")


class WorkerStoppingError(BaseException):
    """This worker is asked to stop: another worker continues the work from here.

    No `Exception`, so that neither a pipeline nor the workflow library treats it as the run's failure.
    """


class PutBackError(BaseException):
    """This execution of a run ends: the run was put back into its queue and starts from there again.

    No `Exception`, for the same reason.
    """


@dataclass
class RunClock:
    """The `Clock` of what a run does: its waits can be cut short."""

    db: Database
    clock: Clock
    run_id: RunId
    stopping: threading.Event
    _shown: bool = field(default=False, init=False)

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait; `CancelledError` or `WorkerStoppingError` where going on is no use."""
        left = seconds
        while left > 0:
            if self.stopping.wait(min(left, _LOOK)):
                raise WorkerStoppingError
            left -= _LOOK
            if left > 0:
                raise_if_cancelled(self.db, self.run_id)

    def tell(self, what: str, seconds: float) -> None:
        """The run's `WaitListener`: "Discogs, 34 s" on the run, nothing once the wait is over."""
        if seconds >= WORTH_TELLING:
            self._shown = True
            progress.waiting(self.db, self.run_id, self.now(), f"{what}, {round(seconds)} s")
        elif self._shown:
            self._shown = False
            progress.waiting(self.db, self.run_id, self.now(), None)


def once_it_answers(stopping: threading.Event, work: Callable[[], Value]) -> Value:
    """The value of `work`, which is retried while the database is away; it must be safe to repeat.

    `WorkerStoppingError` where this worker is asked to stop meanwhile.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            return work()
        except DatabaseAwayError as error:
            structlog.get_logger().warning("the database does not answer", why=error.sentence)
            if stopping.wait(pause):
                raise WorkerStoppingError from error
            pause = min(_LONGEST_PAUSE, 1.5 * pause)


def raise_if_cancelled(db: Database, run_id: RunId) -> None:
    """`CancelledError` where the owner cancelled the run."""
    if runs.is_cancelled(db, run_id):
        raise CancelledError("This run was cancelled.")
