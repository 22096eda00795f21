"""The overview of the instance as the operator's page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from discogs_assistant.model.run import STAGES, RunKind, RunState
from discogs_assistant.pipelines.operator_overview import ApiBudget, Overview
from discogs_assistant.store.operating import OpenRun

_NAMES = {
    RunKind.SYNC: "Reading records",
    RunKind.RECOMMEND: "Recommendations",
    RunKind.SHOP: "Building carts",
    RunKind.MARKET: "Asking sellers",
    RunKind.CHECK: "Checking a cart",
}
STATES = tuple(state.value for state in RunState)
_LONG = 60.0
"""Seconds in the queue after which an operator should look."""


@dataclass(frozen=True, slots=True)
class OperatorView:
    """An overview with what it means in words."""

    seen: Overview

    @property
    def states(self) -> Sequence[str]:
        """The columns of the table of runs."""
        return STATES

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """Each kind of run in words, with its counts in the order of `states`."""
        counts = {(one.kind, one.state): one.count for one in self.seen.runs}
        return [(_NAMES[kind], [counts.get((kind, state), 0) for state in STATES]) for kind in RunKind]

    @property
    def queued(self) -> int:
        """Runs that wait for a worker."""
        return sum(one.count for one in self.seen.runs if one.state == RunState.QUEUED)

    @property
    def waited(self) -> float:
        """Seconds that the first of the queue has waited."""
        since = self.seen.oldest_queued
        return 0.0 if since is None else max(0.0, (self.seen.at - since).total_seconds())

    @property
    def alive(self) -> int:
        """Workers that live."""
        return sum(worker.alive for worker in self.seen.workers)

    @property
    def troubles(self) -> list[str]:
        """What to look after, the gravest first, each with what to do."""
        found = []
        if not self.alive:
            found.append(
                "No worker is running, so nothing is carried out. Start one: discogs-assistant worker."
            )
        elif self.waited > _LONG:
            found.append(
                f"A run has waited for {self.waited:.0f} s. Start another worker, or look at the steps."
            )
        if self.seen.catalogue.problem:
            found.append(self.seen.catalogue.problem)
        return found

    def kind(self, kind: str) -> str:
        """A kind of run in words."""
        return _NAMES[RunKind(kind)]

    def stage(self, run: OpenRun) -> str:
        """Where a run is, in words."""
        return STAGES[RunKind(run.kind)][run.stage - 1] if run.stage else "Waiting for its turn"

    def age(self, run: OpenRun) -> float:
        """Seconds since it was asked for."""
        return max(0.0, (self.seen.at - run.created_at).total_seconds())

    def answers(self, one: ApiBudget) -> str:
        """What Discogs answered in the last hour, in words."""
        odd = [f"{n} × {status or 'no answer'}" for status, n in sorted(one.answers.items()) if status != 200]
        return f"{one.used:,}" + (f", of them {', '.join(odd)}" if odd else "")

    def budget(self, one: ApiBudget) -> str:
        """Whether requests wait, in words."""
        return f"the next goes in {one.until_slot:.0f} s" if one.until_slot >= 1 else "the next goes at once"
