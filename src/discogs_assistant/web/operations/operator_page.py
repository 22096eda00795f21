"""The operator's page: is the instance healthy, and if not, what is wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.operations.overview import ApiBudget, Overview, overview
from discogs_assistant.pipelines.runtime.failure_meanings import meaning_of
from discogs_assistant.pipelines.runtime.registry import Registry
from discogs_assistant.store.operations.overview import OpenRun
from discogs_assistant.web.session import TheOperator, Visitor

router = APIRouter(prefix="/operator", include_in_schema=False)
STATES = tuple(state.value for state in RunState)
_LONG = 60.0
"""Seconds in the queue after which an operator should act."""


@dataclass(frozen=True, slots=True)
class OperatorView:
    """An overview with what it means in words."""

    seen: Overview
    kinds: Registry

    @property
    def states(self) -> Sequence[str]:
        """The columns of the table of runs."""
        return STATES

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """Each kind of run in words, with its counts in the order of `states`."""
        counts = {(run.kind, run.state): run.count for run in self.seen.runs}
        return [(kind.title, [counts.get((kind.kind, state), 0) for state in STATES]) for kind in self.kinds]

    @property
    def queued(self) -> int:
        """The number of runs that wait for a worker."""
        return sum(run.count for run in self.seen.runs if run.state == RunState.QUEUED)

    @property
    def troubles(self) -> list[str]:
        """What needs attention, the most serious first, each with what to do."""
        found = []
        if not self.seen.alive:
            found.append(
                "No worker is running, so nothing is carried out. Start one: discogs-assistant worker."
            )
        elif self.seen.waited > _LONG:
            found.append(
                f"A run has waited for {self.seen.waited:.0f} s. Start another worker, or look at the steps."
            )
        if self.seen.catalogue.problem:
            found.append(self.seen.catalogue.problem)
        return found

    def kind(self, kind: str) -> str:
        """A kind of run in words."""
        return self.kinds.title(RunKind(kind))

    def stage(self, run: OpenRun) -> str:
        """Where a run is, in words."""
        return self.kinds[RunKind(run.kind)].stages[run.stage - 1] if run.stage else "Waiting for its turn"

    def meaning(self, code: str) -> str:
        """What the code of a failure means, in words."""
        return meaning_of(code)

    def age(self, run: OpenRun) -> float:
        """Seconds since it was asked for."""
        return max(0.0, (self.seen.at - run.created_at).total_seconds())

    def answers(self, api_budget: ApiBudget) -> str:
        """Discogs' responses of the last hour, in words."""
        odd = [
            f"{n} × {status or 'no answer'}"
            for status, n in sorted(api_budget.answers.items())
            if status != 200
        ]
        return f"{api_budget.used:,}" + (f", of them {', '.join(odd)}" if odd else "")

    def budget(self, api_budget: ApiBudget) -> str:
        """Whether requests wait, in words."""
        return (
            f"the next goes in {api_budget.until_slot:.0f} s"
            if api_budget.until_slot >= 1
            else "the next goes at once"
        )


def look(visitor: Visitor) -> Overview:
    """The overview, at most five seconds old: several pages that refresh themselves cost one."""
    return visitor.site.memory.recall("operator", lambda: overview(visitor.ctx))


@router.get("")
def page(visitor: TheOperator) -> HTMLResponse:
    """Runs, queue, workers, Discogs' rate limit, slow steps, failures, catalogue, models."""
    return visitor.page("operations/operator.html", view=OperatorView(look(visitor), visitor.ctx.kinds))


@router.get("/now")
def now(visitor: TheOperator) -> HTMLResponse:
    """The changing part of the page, which asks for it every few seconds."""
    return visitor.page("operations/operator_now.html", view=OperatorView(look(visitor), visitor.ctx.kinds))
