"""How large a storm is, and the people in it, who ask for one thing after the other."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from tests.chaos.storm_crew import Crew
from tests.chaos.storm_faults import Weather
from tests.chaos.storm_judge import Answer, Place, answer, ended
from tests.chaos.storm_requests import Person, ask, joins, wishes_of

from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.errors import AssistantError, StorageError
from discogs_assistant.model.run import RunState
from discogs_sandbox.server import SandboxOptions

Value = TypeVar("Value")

MADE_UP = SandboxOptions(seed=3, releases=300, users=12, sellers=6)
WISHES = 10
_LOOK = 0.1
_PASSES = 6
"""Rounds in peace until what is known of the world grows no more."""


@dataclass(frozen=True)
class Plan:
    """How large the storm is; `at_once` people wait for a run of theirs at any time."""

    runs: int = 1000
    workers: int = 4
    database: str = "postgres"
    lease: float = 20.0
    at_once: int = 24
    collectors: int = 4
    wishes: int = WISHES
    patience: float = 300.0
    seed: int = 1
    world: SandboxOptions = MADE_UP
    weather: Weather = field(default_factory=Weather)


@dataclass
class Field:
    """The installation in which it happens, asked as the pages ask it."""

    plan: Plan
    app: App
    crew: Crew
    names: tuple[str, ...]
    users: tuple[str, ...]

    def people(self, prefix: str, count: int, wishes: int) -> list[Person]:
        """So many new accounts with so many wishes each."""
        return [
            surely(
                lambda number=number: joins(  # type: ignore[misc]
                    self.app,
                    f"{prefix}-{number}",
                    self.users[number % len(self.users)],
                    wishes_of(number % len(self.users), self.names, wishes),
                    self.names[:2],
                )
            )
            for number in range(count)
        ]

    def carry_out(self, people: list[Person], at_once: int, see: Callable[[Person, int], None]) -> int:
        """Let each ask for one thing after the other; how many runs did not end in time."""
        waiting, at_work = list(reversed(people)), dict[str, tuple[Person, float]]()
        stuck = 0
        while waiting or at_work:
            while waiting and len(at_work) < at_once:
                self._ask(waiting.pop(), at_work)
            done = surely(lambda: ended(self.app.ctx.db, [p.runs[-1] for p, _ in at_work.values()]))
            for person, since in list(at_work.values()):
                if person.runs[-1] in done:
                    del at_work[person.name]
                    surely(lambda person=person: see(person, len(person.runs) - 1))  # type: ignore[misc]
                    if person.next:
                        self._ask(person, at_work)
                elif time.monotonic() - since > self.plan.patience:
                    del at_work[person.name]
                    stuck += 1
                    sys.stderr.write(f"stuck: {person.name} with {person.runs[-1]}\n")
            threading.Event().wait(_LOOK)
        return stuck

    def _ask(self, person: Person, at_work: dict[str, tuple[Person, float]]) -> None:
        try:
            person.runs.append(surely(lambda: ask(self.app, person)).id)
        except AssistantError as error:
            sys.stderr.write(f"{person.name} cannot go on: {error}\n")
        else:
            at_work[person.name] = person, time.monotonic()

    def peace(self) -> dict[Place, Answer]:
        """What each wish of each collector is answered where nothing goes wrong, once all is known."""
        before: dict[Place, Answer] = {}
        for number in range(_PASSES):
            found: dict[Place, Answer] = {}
            people = self.people(f"peace-{number}", len(self.users), self.plan.wishes)

            def see(person: Person, at: int, found: dict[Place, Answer] = found) -> None:
                found[person.user, at] = answered = answer(self.app, person, at)
                assert answered.state == RunState.DONE.value, (
                    f"a run fails even in peace: {answered.document}"
                )

            self.carry_out(people, len(people), see)
            sys.stderr.write(f"{len(found)} runs in peace, pass {number + 1}\n")
            if found == before:
                return found
            before = found
        raise AssertionError("the same wishes are answered otherwise each time, even in peace")


def surely(work: Callable[[], Value]) -> Value:
    """As a person who tries again where the page says that the database is away."""
    for _ in range(600):
        with suppress(StorageError):
            return work()
        threading.Event().wait(_LOOK)
    raise AssertionError("the database does not come back")
