"""What a pipeline's body asks of the workflow library: durable steps, fan-out, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Protocol

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import Run
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """The outcome of one chunk of a fan-out: its value, or why there is none."""

    chunk: Any
    value: Any | None
    problem: str | None


class Flow(Protocol):
    """A run of a pipeline. A finished step is never done again; one that was cut off is done again."""

    run_id: RunId
    stopping: Event
    """Set once this worker is asked to stop: another one continues the run."""

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Do `work` at least once and remember its value (plain JSON) for good.

        `CancelledError` where the owner cancelled the run meanwhile.
        """
        ...

    def fan_out(self, handler: str, chunks: Sequence[Any], *, deadline: float) -> list[ChunkOutcome]:
        """Give each chunk to the handler registered as `handler`, on any worker; wait `deadline` seconds.

        Outcomes stand in the order of the chunks; those not finished by then have a problem.
        """
        ...

    def start(self, run_id: RunId) -> None:
        """Let a worker carry out another run; a second time changes nothing."""
        ...

    def wait(self, coming: Event, what: str) -> None:
        """Continue once the event has come; a longer wait is shown on the run as a wait for `what`.

        `CancelledError` where the owner cancelled the run meanwhile.
        """
        ...


PipelineBody = Callable[[Flow], None]
"""A pipeline: reads, computes and writes in steps; ends normally when its result is stored.

The runner starts the run before it; afterwards it finishes it with the stored result, or fails it.
"""

ChunkHandler = Callable[[RunId, Any], Any]
"""The work of one chunk, which may run twice."""


def run_of(db: Database, flow: Flow) -> Run:
    """The run that a flow carries out."""
    run = runs.run_for_worker(db, flow.run_id)
    assert run is not None, "a run is carried out only while its row exists"
    return run
