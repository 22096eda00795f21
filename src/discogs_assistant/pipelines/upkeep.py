"""Upkeep: no run is lost or stuck, and what is too old is removed."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.library import Library, WorkflowLook
from discogs_assistant.store import catalogue, events, leases, market, run_progress, run_upkeep
from discogs_assistant.store.database import Database
from discogs_assistant.store.run_upkeep import UnendedRun

CUT_OFF = "This run was cut off."
UPDATED = "The program was updated while this ran."
ANEW = "Run it anew."

_GRACE = timedelta(seconds=5)
_SILENT = timedelta(minutes=10)
_LISTINGS_KEPT = timedelta(days=30)
_WORKFLOWS_KEPT = timedelta(days=1)
_PURGE_EVERY = timedelta(hours=1)


@dataclass
class Upkeep:
    """What the worker `executor_id` does beside its work, at each beat of its lease.

    `at_work` names the runs that it carries out now.
    """

    db: Database
    clock: Clock
    library: Library
    executor_id: str
    version: str
    lease: timedelta
    images_kept: timedelta
    runs_kept: timedelta
    take_over: Callable[[str], None]
    at_work: Callable[[], Set[str]]
    _dropped: set[RunId] = field(default_factory=set, init=False)
    _purged_at: datetime | None = field(default=None, init=False)

    def beat(self) -> None:
        """Mend runs that fell between product and library, and once an hour remove what is old."""
        now = self.clock.now()
        self.mend(now)
        if self._purged_at is None or now - self._purged_at >= _PURGE_EVERY:
            self._purged_at = now
            self.purge(now)

    def mend(self, now: datetime) -> None:
        """Enqueue what was opened and never enqueued; end what can never go on."""
        unended = run_upkeep.unended(self.db, now - _GRACE)
        looks = self.library.looks([run.id for run in unended])
        live = set(leases.live(self.db, now - self.lease)) if unended else set()
        at_work, dropped = self.at_work(), self._dropped
        self._dropped = set()
        for run in unended:
            look = looks.get(run.id)
            if look is None:
                self._mend_unknown(run, now)
            elif not look.under_way:
                self._end(run.id, now, CUT_OFF)
            elif look.executor_id not in live:
                self._mend_orphan(run, look, now)
            elif look.executor_id == self.executor_id and run.id not in at_work:
                self._mend_dropped(run, look, now, seen_before=run.id in dropped)

    def purge(self, now: datetime) -> None:
        """Remove what nobody may or needs to see again."""
        catalogue.forget_images(self.db, now - self.images_kept)
        market.delete_older(self.db, now - _LISTINGS_KEPT)
        self.library.purge(now - _WORKFLOWS_KEPT)
        old = now - self.runs_kept
        events.forget_looks(self.db, old)
        while run_upkeep.forget_ended(self.db, old):
            pass
        self._forget_left_behind(now, old)

    def _forget_left_behind(self, now: datetime, before: datetime) -> None:
        """What the library still holds to do for runs that have ended here, or are gone."""
        left = self.library.left_behind(before)
        living = [run.id for run in run_upkeep.unended(self.db, now)] if left else []
        # A chunk's id begins with that of its run.
        self.library.forget([id for id in left if not any(id.startswith(run) for run in living)])

    def _mend_unknown(self, run: UnendedRun, now: datetime) -> None:
        if run.state is RunState.QUEUED:
            self.library.enqueue(run.id)
        elif now - run.heartbeat_at > _SILENT:
            self._end(run.id, now, CUT_OFF)

    def _mend_orphan(self, run: UnendedRun, look: WorkflowLook, now: datetime) -> None:
        if look.version not in {None, self.version}:
            self._end(run.id, now, UPDATED)
        elif look.status == "PENDING" and look.executor_id:
            self.take_over(look.executor_id)

    def _mend_dropped(self, run: UnendedRun, look: WorkflowLook, now: datetime, *, seen_before: bool) -> None:
        """End what this worker let fall, as when the disk was too full even to say so.

        At the second sight only: a run that is about to begin looks the same for a moment.
        """
        if look.status != "PENDING":
            return
        if seen_before:
            self._end(run.id, now, CUT_OFF)
        else:
            self._dropped.add(run.id)

    def _end(self, run_id: RunId, now: datetime, sentence: str) -> None:
        if run_progress.fail(self.db, run_id, now, sentence, "cut-off", ANEW):
            structlog.get_logger().warning("a run was ended by upkeep", run=run_id, why=sentence)
