"""The faults of a storm, by chance from a seed: each kind in its own thread, each counted and reported."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.chaos.own_postgres import OwnPostgres
from tests.chaos.proxy import Proxy
from tests.chaos.storm_crew import Crew, Worker
from tests.chaos.storm_takeover import Takeovers


@dataclass(frozen=True)
class Weather:
    """Seconds from one fault of a kind to the next, half to one and a half of it by chance; 0 for never."""

    kill: float = 4.0
    stall: float = 45.0
    restart: float = 50.0
    cut: float = 6.0
    drop: float = 4.0
    stalled: float = 28.0
    """Seconds that a stalled worker is kept so: longer than its lease."""


@dataclass
class Storm:
    """Plays the faults on a crew, its database and its line to Discogs until `calm`."""

    weather: Weather
    crew: Crew
    takeovers: Takeovers
    proxy: Proxy
    postgres: OwnPostgres | None
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)
    _calm: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Let it blow."""
        kinds: list[tuple[float, Callable[[random.Random], None]]] = [
            (self.weather.kill, self._kill),
            (self.weather.stall, self._stall),
            (self.weather.drop, self._drop),
        ]
        if self.postgres is not None:
            kinds += [(self.weather.restart, self._restart), (self.weather.cut, self._cut)]
        for number, (every, fault) in enumerate(kinds):
            if every:
                dice = random.Random(self.seed * 100 + number)
                self._thread(partial(self._now_and_then, every, fault, dice))
        self._thread(self._refill)

    def calm(self) -> None:
        """No more faults; what is stalled goes on, what is away comes back."""
        self._calm.set()
        for thread in self._threads:
            thread.join()
        for worker in self.crew.workers:
            self.crew.go_on(worker)
        self.crew.fill()

    def _thread(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _now_and_then(
        self, every: float, fault: Callable[[random.Random], None], dice: random.Random
    ) -> None:
        while not self._calm.wait(every * dice.uniform(0.5, 1.5)):
            fault(dice)

    def _refill(self) -> None:
        while not self._calm.wait(0.5):
            self.crew.fill()

    def _kill(self, dice: random.Random) -> None:
        worker = self._one(dice)
        if worker is None:
            return
        pid, kind = worker.pid, "a dead worker's" if not worker.mobile else "a lost machine's"
        self.crew.kill(worker)
        self.takeovers.lost(pid, kind)
        self._tell("workers killed", f"worker {worker.number}")

    def _stall(self, dice: random.Random) -> None:
        worker = self._one(dice)
        if worker is None:
            return
        self.crew.stall(worker)
        pid = worker.pid
        if len(self.crew.workers) > 1:
            self.takeovers.lost(pid, "a stalled worker's")
        self._tell("workers stalled", f"worker {worker.number}")
        self._calm.wait(self.weather.stalled * dice.uniform(0.8, 1.2))
        if worker.pid == pid:
            self.crew.go_on(worker)

    def _restart(self, dice: random.Random) -> None:
        assert self.postgres is not None
        mode = dice.choice(("fast", "immediate"))
        self.postgres.stop(mode)  # type: ignore[arg-type]
        threading.Event().wait(dice.uniform(0.0, 3.0))
        self.postgres.start()
        self._tell(f"database restarts, {mode}", "")

    def _cut(self, dice: random.Random) -> None:
        assert self.postgres is not None
        cut = self.postgres.cut(dice.randint(1, 4))
        self.counts["database connections cut"] += cut

    def _drop(self, dice: random.Random) -> None:
        self.proxy.cut(dice, 0.5)

    def _one(self, dice: random.Random) -> Worker | None:
        awake = [worker for worker in self.crew.workers if worker.alive and not worker.stalled]
        return dice.choice(awake) if awake else None

    def _tell(self, what: str, whom: str) -> None:
        self.counts[what] += 1
        sys.stderr.write(f"{time.monotonic() - self.began:7.1f} s  {what} {whom}\n")
