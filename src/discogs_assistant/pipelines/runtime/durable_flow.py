"""The durable `Flow`: steps and fan-outs stored by the workflow library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID
from structlog.contextvars import bound_contextvars

from discogs_assistant.errors import AssistantError, DatabaseAwayError, error_of
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.runtime.flow import ChunkHandler, ChunkOutcome
from discogs_assistant.pipelines.runtime.spans import NoSpans, Spans
from discogs_assistant.pipelines.runtime.waiting import (
    WorkerStoppingError,
    once_it_answers,
    raise_if_cancelled,
)
from discogs_assistant.pipelines.runtime.workflow_library import CHUNK_QUEUE, UNDER_WAY
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, results

LATE = "It was not finished in time."
CUT_OFF = "It was cut off."
_WORTH_TELLING, _LOOK = 0.5, 0.25
UNEXPECTED = "Something unexpected went wrong."

ChunkWorkflow = Callable[[str, str, str, int], dict[str, Any]]
"""The registered workflow of one chunk: run id, handler, fan-out's name, the chunk's place."""


@dataclass
class DurableFlow:
    """One execution of a run's pipeline; the same calls in the same order find what is done already.

    `person` is whose run it is, with whose other chunks those of this one take turns.
    """

    run_id: RunId
    db: Database
    clock: Clock
    stopping: threading.Event
    chunk_workflow: ChunkWorkflow
    enqueue: Callable[[RunId], None]
    spans: Spans = field(default_factory=NoSpans)
    person: OwnerId = field(kw_only=True)
    _fans: int = field(default=0, init=False)

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Do `work` at least once and remember its value for good."""
        if self.stopping.is_set():
            raise WorkerStoppingError
        once_it_answers(self.stopping, lambda: raise_if_cancelled(self.db, self.run_id))
        work = partial(once_it_answers, self.stopping, work)
        return _value(DBOS.run_step({"name": name}, lambda: self._outcome(name, work)))

    def start(self, run_id: RunId) -> None:
        """Let a worker carry out another run."""
        self.step("start another run", lambda: self.enqueue(run_id))

    def fan_out(self, handler: str, chunks: Sequence[Any], *, deadline: float) -> list[ChunkOutcome]:
        """Let any worker handle the chunks; those not finished in time have a problem."""
        if not chunks:
            return []
        self._fans += 1
        fan = f"{handler}-{self._fans}"
        ends = datetime.fromisoformat(
            self.step(f"lay out {fan}", lambda: self._save_chunks(fan, chunks, deadline))
        )
        ids = [chunk_id(self.run_id, fan, place) for place in range(len(chunks))]
        for place, id in enumerate(ids):
            with SetWorkflowID(id), SetEnqueueOptions(queue_partition_key=str(self.person)):
                DBOS.enqueue_workflow(CHUNK_QUEUE, self.chunk_workflow, self.run_id, handler, fan, place)
        outcomes = self.step(f"gather {fan}", lambda: self._gather(ids, ends))
        return [ChunkOutcome(chunk, *outcome) for chunk, outcome in zip(chunks, outcomes, strict=True)]

    def wait(self, coming: threading.Event, what: str) -> None:
        """Continue once the event has come; a longer wait is shown on the run."""
        if coming.wait(_WORTH_TELLING):
            return
        progress.waiting(self.db, self.run_id, self.clock.now(), what)
        while not coming.wait(_LOOK):
            if self.stopping.is_set():
                raise WorkerStoppingError
            raise_if_cancelled(self.db, self.run_id)
        progress.waiting(self.db, self.run_id, self.clock.now(), None)

    def _outcome(self, name: str, work: Callable[[], Any]) -> dict[str, Any]:
        """A value, or a known error in words: the library's own record of an error loses its class."""
        try:
            with bound_contextvars(step=name), self.spans.span(f"step {name}", self.run_id, step=name):
                return {"value": work()}
        except AssistantError as error:
            return {"error": error.code, "sentence": error.sentence, "next": error.next_step}

    def _save_chunks(self, fan: str, chunks: Sequence[Any], deadline: float) -> str:
        results.save_work(self.db, self.run_id, _chunks_of(fan), list(chunks))
        return (self.clock.now() + timedelta(seconds=deadline)).isoformat()

    def _gather(self, ids: list[str], ends: datetime) -> list[tuple[Any, str | None]]:
        pause = 0.05
        while True:
            states = DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
            waiting = [state.workflow_id for state in states if state.status in UNDER_WAY]
            if not waiting or self.clock.now() >= ends:
                return _collect(ids, waiting)
            if self.stopping.wait(pause):
                raise WorkerStoppingError
            raise_if_cancelled(self.db, self.run_id)
            pause = min(1.0, pause * 1.5)


def chunk_id(run_id: RunId, fan: str, place: int) -> str:
    """The name of a chunk's workflow, which begins with its run's id."""
    return f"{run_id}-{fan}-{place}"


def handle_chunk(
    db: Database, handlers: Mapping[str, ChunkHandler], run_id: RunId, handler: str, fan: str, place: int
) -> dict[str, Any]:
    """Do the work of one chunk: its value, or the sentence why there is none."""
    chunks = results.work(db, run_id, _chunks_of(fan))
    if chunks is None:
        return {"problem": LATE}
    try:
        raise_if_cancelled(db, run_id)
        return {"value": handlers[handler](run_id, chunks[place])}
    except DatabaseAwayError:
        raise
    except AssistantError as error:
        return {"problem": str(error)}
    except Exception:  # noqa: BLE001 - a chunk's defect must not end the run; it is reported and logged
        structlog.get_logger().exception("a chunk failed", run=run_id, handler=handler, place=place)
        return {"problem": UNEXPECTED}


def _chunks_of(fan: str) -> str:
    """The name of the chunks in the store: the library itself gets their places only."""
    return f"chunks of {fan}"


def _collect(ids: list[str], late: list[str]) -> list[tuple[Any, str | None]]:
    if late:
        DBOS.cancel_workflows(late)
    states = {state.workflow_id: state for state in DBOS.list_workflows(workflow_ids=ids, load_input=False)}
    return [_chunk_outcome(states.get(id)) for id in ids]


def _chunk_outcome(state: Any) -> tuple[Any, str | None]:
    if state is None or state.status in UNDER_WAY or state.status == "CANCELLED":
        return None, LATE
    if state.status != "SUCCESS":
        return None, CUT_OFF
    return state.output.get("value"), state.output.get("problem")


def _value(outcome: dict[str, Any]) -> Any:
    if "error" not in outcome:
        return outcome["value"]
    raise error_of(outcome["error"], outcome["sentence"], outcome["next"])
