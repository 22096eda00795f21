"""A run as the pages show it: its title, how far it is, and where its result is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.run import Run, RunState
from discogs_assistant.pipelines.runtime.registry import Registry
from discogs_assistant.pipelines.runtime.runs import seconds_left
from discogs_assistant.web.formatting import count

_STATES = {
    RunState.QUEUED: "waiting for its turn",
    RunState.DONE: "done",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class RunView:
    """A run at a moment."""

    run: Run
    now: datetime
    kinds: Registry

    @property
    def title(self) -> str:
        """What it does, or what it made."""
        kind = self.kinds[self.run.kind]
        return kind.done if self.run.state is RunState.DONE else kind.title

    @property
    def stages(self) -> tuple[str, ...]:
        """Its stages in words."""
        return self.run.stage_names

    @property
    def address(self) -> str:
        """Its own page."""
        return f"/runs/{self.run.id}"

    @property
    def result_address(self) -> str:
        """Where its result is shown; its own page where it has none."""
        return self.kinds[self.run.kind].address_of(self.run)

    @property
    def words(self) -> str:
        """Its state in words."""
        if self.run.state is RunState.RUNNING:
            return f"stage {max(1, self.run.stage)} of {self.run.stages}: {self.run.stage_name.lower()}"
        if self.run.state is RunState.DONE and self.run.partial:
            return f"done, with {count(len(self.run.partial), 'remark')}"
        return _STATES[self.run.state]

    @property
    def share(self) -> float | None:
        """How much of the whole is done, stages weighing the same; None before it begins."""
        if self.run.state is not RunState.RUNNING or self.run.stage == 0:
            return None
        within = min(1.0, self.run.done / self.run.total) if self.run.total > 0 else 0.0
        return (self.run.stage - 1 + within) / self.run.stages

    @property
    def counts(self) -> str:
        """How many are done of how many."""
        return f"{self.run.done:,} of {self.run.total:,}" if self.run.total > 0 else ""

    @property
    def seconds_left(self) -> int | None:
        """The estimate of the present stage."""
        return seconds_left(self.run, self.now)
