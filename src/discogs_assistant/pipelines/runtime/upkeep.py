"""Upkeep: no run is lost or stuck, and what is too old is removed."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from discogs_assistant.model.freshness import Freshness
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.workflow_library import Library, WorkflowState
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.operations.run_upkeep import UnendedRun
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import answer_counts, leases, progress, rate_turns

CUT_OFF = "This run was cut off."
RUN_AGAIN = "Run it again."

_GRACE = timedelta(seconds=5)
_SILENT = timedelta(minutes=10)
_LISTINGS_KEPT = timedelta(days=30)
_WORKFLOWS_KEPT = timedelta(days=1)
_PURGE_EVERY = timedelta(hours=1)


@dataclass
class Upkeep:
    """What the worker `executor_id` does beside its work, with each heartbeat.

    `at_work` names the runs and chunks that it executes now. `forget_old` removes what the pipelines store
    that nobody used since then, and models of deleted accounts. `version` is its workflow version: a run that
    a worker of another version started begins again once that worker is gone.
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
    forget_old: Callable[[datetime], None] = lambda before: None
    _dropped: set[str] = field(default_factory=set, init=False)
    _unknown: set[str] = field(default_factory=set, init=False)
    _purged_at: datetime | None = field(default=None, init=False)

    def do_chores(self) -> None:
        """Repair runs that the product and the library disagree about; once an hour remove old data."""
        now = self.clock.now()
        self.mend(now)
        self._put_back_dropped()
        self._take_over_from_unknown()
        if self._purged_at is None or now - self._purged_at >= _PURGE_EVERY:
            self._purged_at = now
            self.purge(now)

    def mend(self, now: datetime) -> None:
        """Enqueue what was opened and never enqueued; end what can never continue."""
        living = leases.live(self.db, now - self.lease)
        unended = run_upkeep.unended(self.db, now - _GRACE)
        states = self.library.workflow_states([run.id for run in unended])
        for run in unended:
            state = states.get(run.id)
            if state is None:
                self._mend_unknown(run, now)
            elif not state.under_way:
                self._end(run, now, CUT_OFF)
            elif state.executor_id not in living:
                self._mend_orphan(run, state)

    def purge(self, now: datetime) -> None:
        """Remove what is too old to be shown or used."""
        releases.forget_images(self.db, Freshness(self.images_kept).since(now))
        listings.delete_older(self.db, now - _LISTINGS_KEPT)
        self.library.purge(now - _WORKFLOWS_KEPT)
        rate_turns.forget(self.db, (now - _PURGE_EVERY).timestamp())
        old = now - self.runs_kept
        feedback.forget_looks(self.db, old)
        answer_counts.forget_old(self.db, now)
        while run_upkeep.forget_ended(self.db, old):
            pass
        self._forget_left_behind(now, old)
        self.forget_old(old)

    def _forget_left_behind(self, now: datetime, before: datetime) -> None:
        """What the library still holds to do for runs that have ended here, or are gone."""
        left = self.library.left_behind(before)
        living = [run.id for run in run_upkeep.unended(self.db, now)] if left else []
        # A chunk's id begins with that of its run.
        self.library.forget([id for id in left if not any(id.startswith(run) for run in living)])

    def _mend_unknown(self, run: UnendedRun, now: datetime) -> None:
        if run.state is RunState.QUEUED:
            self.library.enqueue(run.id, run.owner)
        elif now - run.heartbeat_at > _SILENT:
            self._end(run, now, CUT_OFF)

    def _mend_orphan(self, run: UnendedRun, state: WorkflowState) -> None:
        if state.version not in {None, self.version}:
            self._begin_again(run, state)
        elif state.status == "PENDING" and state.executor_id:
            self.take_over(state.executor_id)

    def _begin_again(self, run: UnendedRun, state: WorkflowState) -> None:
        """Start a run of another workflow version from its beginning: steps may run twice, results do not."""
        if not run_upkeep.begin_again(self.db, run):
            return
        structlog.get_logger().info("a run begins again", run=run.id, was=state.version, now=self.version)
        self.library.forget_runs([run.id])
        run_upkeep.clear_work(self.db, run.owner, run.id)
        self.library.enqueue(run.id, run.owner)

    def _put_back_dropped(self) -> None:
        """Queue again what this worker dropped, as when the disk was too full even to record that.

        At the second sight only: what is about to start looks the same for a moment.
        """
        fallen = set(self.library.pending(self.executor_id)) - self.at_work()
        for id in sorted(fallen & self._dropped):
            structlog.get_logger().warning("a dropped workflow is queued again", workflow=id)
            self.library.put_back(id, self.executor_id)
        self._dropped = fallen - self._dropped

    def _take_over_from_unknown(self) -> None:
        """Continue what workers without a lease have started, chunks too.

        A worker that was stopped until its lease was taken away may start something, and die, before its next
        heartbeat. Only at the second sight: a worker takes its lease a moment after its first work.
        """
        unknown = self.library.holders() - {last.executor_id for last in leases.workers(self.db)}
        for executor_id in sorted(unknown & self._unknown):
            structlog.get_logger().warning("a worker without a lease is taken over", worker=executor_id)
            self.take_over(executor_id)
        self._unknown = unknown

    def _end(self, run: UnendedRun, now: datetime, sentence: str) -> None:
        if progress.fail(self.db, run.id, now, sentence, "cut-off", RUN_AGAIN):
            structlog.get_logger().warning("a run was ended by upkeep", run=run.id, why=sentence)
            run_upkeep.clear_work(self.db, run.owner, run.id)
