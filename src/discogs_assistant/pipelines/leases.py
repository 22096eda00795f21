"""A worker's sign of life, and the chores that come with each beat of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.worker_marks import WorkerMarks
from discogs_assistant.store import leases
from discogs_assistant.store.database import Database

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(seconds=1)


@dataclass
class LeaseKeeper:
    """Renews the lease of `executor_id` three times as often as it runs out, in a thread of its own.

    `take_over` is given a dead worker whose work nobody else takes over; `chores` is called at each beat.
    """

    db: Database
    clock: Clock
    marks: WorkerMarks
    executor_id: str
    seconds: float
    take_over: Callable[[str], None]
    chores: Callable[[], None]
    _ended: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Give the first sign at once, the next ones in the background."""
        self.marks.hold(self.executor_id)
        leases.renew(self.db, self.executor_id, self.clock.now())
        self._thread = threading.Thread(target=self._beat_on, name="lease", daemon=True)
        self._thread.start()

    def stop(self, *, unfinished: bool) -> None:
        """Give the lease back, or let it run out at once where another worker must go on with work."""
        self._ended.set()
        if self._thread:
            self._thread.join()
        if unfinished:
            leases.renew(self.db, self.executor_id, LONG_AGO)
        else:
            leases.release(self.db, self.executor_id)
        self.marks.drop(self.executor_id)

    def beat(self) -> None:
        """One sign of life, with the chores."""
        now = self.clock.now()
        leases.renew(self.db, self.executor_id, now)
        silent = now - timedelta(seconds=self.seconds)
        for other in leases.dead(self.db, silent):
            self._take_over(other, silent, now)
        for other in self.marks.gone():
            self._take_over(other, now + _MOMENT, now)
            self.marks.forget(other)
        self.chores()

    def _take_over(self, other: str, before: datetime, now: datetime) -> None:
        if other != self.executor_id and leases.claim_dead(self.db, other, before, now):
            self.take_over(other)
            leases.release(self.db, other)

    def _beat_on(self) -> None:
        while True:
            try:
                self.beat()
            except Exception:  # noqa: BLE001 - without this thread a living worker would be taken for dead
                structlog.get_logger().exception("a beat of the lease failed")
            if self._ended.wait(self.seconds / 3):
                return
