"""A worker's heartbeat, and the chores that come with each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import leases
from discogs_assistant.store.runs.leases import Heartbeat, WorkerFacts

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(seconds=1)
_LOOK_AGAIN = 1.0
"""Seconds until the next try of a heartbeat that the database did not store."""


@dataclass
class LeaseKeeper:
    """Renews the lease of `executor_id` three times as often as it runs out, in a thread of its own.

    `take_over` is called with a dead worker that nobody else takes over; `chores` with each heartbeat.
    `about` is what the lease says about this worker, with how many runs are `at_work`.
    """

    db: Database
    clock: Clock
    marks: WorkerMarks
    executor_id: str
    seconds: float
    take_over: Callable[[str], None]
    chores: Callable[[], None]
    about: WorkerFacts | None = None
    at_work: Callable[[], int] = lambda: 0
    _ended: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _seen: datetime | None = field(default=None, init=False)
    _patient_until: datetime = field(default=LONG_AGO, init=False)

    def start(self) -> None:
        """Send the first heartbeat at once, the next ones in the background."""
        self.marks.hold(self.executor_id)
        self._renew(self.clock.now())
        self._thread = threading.Thread(target=self._send_heartbeats, name="lease", daemon=True)
        self._thread.start()

    def stop(self, *, unfinished: bool) -> None:
        """Release the lease, or let it expire at once if another worker has to continue the work."""
        self.fall_silent()
        if unfinished:
            leases.renew(self.db, self.executor_id, LONG_AGO, self.about)
        else:
            leases.release(self.db, self.executor_id)
        self.marks.drop(self.executor_id)

    def fall_silent(self) -> None:
        """Send no further heartbeat."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def heartbeat(self) -> None:
        """Renew the lease, take over from dead workers, and do the chores."""
        now = self.clock.now()
        self._renew(now)
        silent = now - timedelta(seconds=self.seconds)
        heartbeats = {last.executor_id: last for last in leases.workers(self.db)}
        for other in self.marks.gone():
            self._take_over(heartbeats.get(other), now + _MOMENT, now)
            self.marks.forget(other)
        if now < self._patient_until:
            return
        for last in heartbeats.values():
            if last.renewed_at < silent:
                self._take_over(last, silent, now)
        self.chores()

    def _renew(self, now: datetime) -> None:
        """Renew the lease; after a pause of our own, let others renew theirs before they count as dead.

        When a database comes back all leases have run out: the first to renew would take over all runs.
        """
        leases.renew(self.db, self.executor_id, now, self.about, self.at_work())
        lease = timedelta(seconds=self.seconds)
        if self._seen is not None and now - self._seen > lease:
            self._patient_until = now + lease
        self._seen = now

    def _take_over(self, last: Heartbeat | None, before: datetime, now: datetime) -> None:
        if last is None or last.executor_id == self.executor_id:
            return
        if leases.claim_dead(self.db, last.executor_id, before, now):
            self.take_over(last.executor_id)
            leases.release(self.db, last.executor_id)

    def _send_heartbeats(self) -> None:
        while True:
            pause = self.seconds / 3
            try:
                self.heartbeat()
            except DatabaseAwayError as error:
                structlog.get_logger().warning("the heartbeat failed", why=error.sentence)
                pause = min(pause, _LOOK_AGAIN)
            except Exception:  # noqa: BLE001 - without this thread a living worker would be taken for dead
                structlog.get_logger().exception("the heartbeat failed")
            if self._ended.wait(pause):
                return
