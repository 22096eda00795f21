"""A flow that runs everything here and now, and can be cut off after any step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from discogs_assistant.errors import AssistantError, CancelledError
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.runtime.flow import ChunkHandler, ChunkOutcome


class CutOffError(BaseException):
    """The process died here, as far as the body under test can tell."""


@dataclass
class InlineFlow:
    """The fake `Flow`: remembers what each step returned, as the real one does in its database.

    `cut_off_after=n` dies once n steps were done; the body run again with the same flow goes on behind them.
    `doubled=True` does each step's work twice, since a real step may be done again after a kill.
    `late` are the chunks' places that miss the deadline; `cancelled` ends the run before its next step.
    """

    run_id: RunId
    handlers: Mapping[str, ChunkHandler] = field(default_factory=dict)
    cut_off_after: int | None = None
    doubled: bool = False
    late: frozenset[int] = frozenset()
    cancelled: bool = False
    stopping: Event = field(default_factory=Event)
    started: list[RunId] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    _position: int = 0

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Do `work`, unless this step was done before it was cut off."""
        if self.cancelled:
            raise CancelledError("This run was cancelled.")
        place = self._position
        self._position += 1
        if place < len(self.done):
            assert self.names[place] == name, f"step {place} was {self.names[place]}, is now {name}"
            return json.loads(self.done[place])
        if self.cut_off_after is not None and len(self.done) >= self.cut_off_after:
            raise CutOffError(name)
        value = json.dumps(work())
        if self.doubled:
            value = json.dumps(work())
        self.names.append(name)
        self.done.append(value)
        return json.loads(value)

    def start(self, run_id: RunId) -> None:
        """Note the run, which a test may carry out."""
        self.step("start another run", lambda: self.started.append(run_id))

    def wait(self, coming: Event, what: str) -> None:
        """Shows no wait: an event that does not come fails."""
        assert coming.wait(10), what

    def fan_out(self, handler: str, chunks: Sequence[Any], *, deadline: float) -> list[ChunkOutcome]:
        """Handle each chunk here, one after the other, but those in `late`."""
        outcomes: list[ChunkOutcome] = []
        for place, chunk in enumerate(chunks):
            late = ChunkOutcome(chunk, None, "It was not finished in time.")
            outcomes.append(late if place in self.late else self._handle(handler, chunk))
        return outcomes

    def again(self) -> InlineFlow:
        """This flow from its start, with the steps it has done, as after a restart."""
        self._position = 0
        self.cut_off_after = None
        return self

    def _handle(self, handler: str, chunk: Any) -> ChunkOutcome:
        work = self.handlers[handler]
        try:
            value = self.step(f"chunk of {handler}", lambda: work(self.run_id, json.loads(json.dumps(chunk))))
        except CancelledError:
            raise
        except AssistantError as error:
            return ChunkOutcome(chunk, None, error.sentence)
        return ChunkOutcome(chunk, value, None)
