"""Kills workers, or with --server the whole server, at each step of each pipeline, and prints a table.

`python -m tests.chaos.kills --kills 165` and `python -m tests.chaos.kills --server --kills 60`.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import server, workers
from tests.chaos.cases import Case, cases, prepare_data
from tests.chaos.killing import Arena, Ending, Spot, family

from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.model.run import RunKind
from discogs_sandbox.server import SandboxOptions, sandbox_app
from discogs_sandbox.world.world import World

KILLS_A_RUN = 12
TRIES = 8
"""Runs in which a spot may be missed: some steps take less than a millisecond."""

MADE_UP = SandboxOptions(seed=3, releases=600, users=40, sellers=12, rate=10**6, anonymous_rate=10**6)


def main() -> int:
    """Print the table; 1 where a run ended otherwise than without kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", action="store_true", help="kill the whole server, not a worker")
    asked = parser.parse_args()
    configure_logs("ERROR")
    with tempfile.TemporaryDirectory() as folder, _made_up() as (url, world):
        opened, moments = (
            (server.server_arena, server.MOMENTS) if asked.server else (workers.worker_arena, workers.MOMENTS)
        )
        numbers = itertools.count()
        table = Table(
            world,
            lambda: opened(Path(folder) / str(next(numbers)), url),
            moments,
            random.Random(asked.seed),
        )
        return table.fill(asked.kills)


@contextmanager
def _made_up() -> Iterator[tuple[str, World]]:
    options = ("--seed", "--releases", "--users", "--sellers", "--rate", "--anonymous-rate")
    values = (MADE_UP.seed, MADE_UP.releases, MADE_UP.users, MADE_UP.sellers, MADE_UP.rate)
    words = [word for pair in zip(options, (*values, MADE_UP.anonymous_rate), strict=True) for word in pair]
    with server.sandbox_process(*map(str, words)) as url:
        yield url, sandbox_app(MADE_UP).world


@dataclass
class Table:
    """Runs with and without kills, and what came of it."""

    world: World
    arena: Callable[[], AbstractContextManager[Arena]]
    moments: Sequence[str]
    dice: random.Random
    hit: Counter[tuple[RunKind, Spot]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    runs: int = 0

    def fill(self, kills: int) -> int:
        """Make so many kills, each step of each pipeline in turn."""
        quiet = {case: self._run(case, set(), None) for case in cases(self.world)}
        order = [
            (case, Spot(step, moment))
            for moment in self.moments
            for case in quiet
            for step in families(quiet[case])
        ]
        wanted = list(itertools.islice(itertools.cycle(order), kills))
        for case in quiet:
            self._kill(case, quiet[case], [spot for case_of_spot, spot in wanted if case_of_spot == case])
        self._print(quiet)
        return 1 if self.wrong else 0

    def _kill(self, case: Case, quiet: Ending, left: list[Spot]) -> None:
        """Run until each spot of `left` was hit as often as it stands there."""
        for tries in range(TRIES * len(left)):
            if not left:
                return
            if tries >= TRIES * (1 + len(left) // KILLS_A_RUN):
                break
            chosen = list(dict.fromkeys(left))[:KILLS_A_RUN]
            ended = self._run(case, {self._one_of(quiet, spot) for spot in chosen}, quiet)
            for spot in ended.trail.hit:
                met = Spot(family(spot.step), spot.moment)
                self.hit[case.kind, met] += 1
                if met in left:
                    left.remove(met)
            self.runs += 1
            if ended.differs(quiet):
                self.wrong.append(f"{case.kind.value}: ended otherwise after kills at {ended.trail.hit}")
            sys.stderr.write(f"{case.kind.value}: {self.hit.total()} kills, {self.runs} runs\n")
        self.wrong += [f"{case.kind.value}: “{spot.step}” was never hit {spot.moment}" for spot in left]

    def _one_of(self, quiet: Ending, spot: Spot) -> Spot:
        """Any part of the step."""
        parts = [step for step in quiet.trail.steps if family(step) == spot.step]
        return Spot(self.dice.choice(parts), spot.moment)

    def _run(self, case: Case, spots: set[Spot], quiet: Ending | None) -> Ending:
        with self.arena() as place:
            prepare_data(place.app, self.world)
            return place.run(case, spots, seed=self.dice.randrange(10**6), quiet=quiet)

    def _print(self, quiet: Mapping[Case, Ending]) -> None:
        write = sys.stdout.write
        write(
            f"| {'pipeline':16} | {'step':42} | {' | '.join(f'{moment:>7}' for moment in self.moments)} |\n"
        )
        write(f"| {'-' * 16} | {'-' * 42} | {' | '.join('-' * 6 + ':' for _ in self.moments)} |\n")
        for case, ending in quiet.items():
            for step in families(ending):
                counts = (self.hit[case.kind, Spot(step, moment)] for moment in self.moments)
                cells = " | ".join(f"{count or '':>7}" for count in counts)
                write(f"| {case.kind.value:16} | {step:42} | {cells} |\n")
        write(f"\n{self.hit.total()} kills in {self.runs} runs; ")
        write("each ended once, with the same result as without.\n" if not self.wrong else "WRONG:\n")
        for sentence in self.wrong:
            write(f"- {sentence}\n")


def families(ending: Ending) -> list[str]:
    """The run's steps in order, parts of one as one."""
    return list(dict.fromkeys(family(step) for step in ending.trail.steps))


if __name__ == "__main__":
    sys.exit(main())
