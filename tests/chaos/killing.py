"""An installation whose processes are killed with SIGKILL at chosen spots of a run, and how the run ends."""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from tests.chaos.cases import Case

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.model.run import Run, RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.store.schema import result, sync_change

_OF_THE_RUN = (
    *("made_at", "prices_as_of", "as_of", "was_as_of", "load_ms", "solve_ms", "seconds"),
    *("run", "carts_run", "plans_run"),
)
_PART = re.compile(r", part \d+$|-\d+$")


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A moment of a step, by its name."""

    step: str
    moment: str


@dataclass(frozen=True, slots=True)
class Done:
    """A step as the workflow library recorded it; the name is empty for what the library does itself."""

    step: str
    seconds: float


@dataclass(frozen=True)
class Trail:
    """What was met on the way of a run: its steps in order, the spots hit, and the library's own record."""

    steps: tuple[str, ...]
    hit: tuple[Spot, ...]
    record: tuple[Done, ...] = ()


@dataclass(frozen=True)
class Ending:
    """How a run ended: its row, its result without what is its own, how often it had an effect, its trail."""

    run: Run
    document: dict[str, Any]
    effects: tuple[int, ...]
    trail: Trail

    def differs(self, other: Ending) -> bool:
        """True where another run of the same case ended otherwise."""
        return (self.document, self.effects, self.run.partial) != (
            other.document,
            other.effects,
            other.run.partial,
        )


@dataclass
class Arena(ABC):
    """An installation on an SQLite file, whose workers are processes of their own."""

    folder: Path
    url: str
    app: App

    @abstractmethod
    def carry_out(self, run: Run, to_hit: set[Spot], dice: random.Random, known: Sequence[Done]) -> Trail:
        """Let processes work until the run has ended, and kill one at each spot of `to_hit` that is met.

        `known` is the record of an equal run that nobody disturbed.
        """

    def run(self, case: Case, to_hit: set[Spot], *, seed: int = 1, quiet: Ending | None = None) -> Ending:
        """Ask for a run and bring it to its end."""
        dice = random.Random(seed)
        before = None
        if case.first is not None:
            before = case.first.ask(self.app, None)
            self.carry_out(before, set(), dice, ())
            assert self.now(before).state is RunState.DONE
        asked = case.ask(self.app, before)
        trail = self.carry_out(asked, to_hit, dice, quiet.trail.record if quiet else ())
        ended = self.now(asked)
        assert ended.state is RunState.DONE, ended.error
        document = runs.result(self.app.ctx, self.app.owner, ended.id)
        return Ending(ended, timeless(document), self._effects(ended), trail)

    def now(self, run: Run) -> Run:
        """The run as it is now."""
        now = stored_runs.run_for_worker(self.app.ctx.db, run.id)
        assert now is not None
        return now

    def _effects(self, run: Run) -> tuple[int, ...]:
        """How many results the run left, and how often it changed a profile."""
        with self.app.ctx.db.read() as connection:
            counts = (
                connection.scalar(select(func.count()).select_from(table).where(table.c.run_id == run.id))
                for table in (result, sync_change)
            )
            return tuple(int(count or 0) for count in counts)


def family(step: str) -> str:
    """A step's name without the number of its part."""
    return _PART.sub("", step)


def timeless(document: Any) -> Any:
    """A result without what differs between two runs of the same: moments, durations and names of runs."""
    if isinstance(document, dict):
        return {name: timeless(value) for name, value in document.items() if name not in _OF_THE_RUN}
    return [timeless(value) for value in document] if isinstance(document, list) else document
