"""The workers of a storm: started, killed, stopped in their tracks, and started again."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from multiprocessing.process import BaseProcess

from tests.chaos import storm_worker
from tests.chaos.storm_worker import TimeOfDay, Workplace
from tests.forked import FORKED


@dataclass
class Worker:
    """One place of the crew, taken by one process after the other.

    A `mobile` one comes back as another machine, so that only its lease tells that it is gone.
    """

    number: int
    workplace: Workplace
    mobile: bool
    process: BaseProcess | None = None
    stalled: bool = False

    @property
    def pid(self) -> int:
        """Of its process; 0 where there is none."""
        return (self.process.pid or 0) if self.process else 0

    @property
    def alive(self) -> bool:
        """Whether its process is there, at work or stalled."""
        return self.process is not None and self.process.is_alive()


@dataclass
class Crew:
    """All workers; a process that ended by itself, as where the database is away, is started again."""

    workers: list[Worker]
    restarts: int = 0
    _numbers: count[int] = field(default_factory=count, init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def fill(self) -> None:
        """Start a process in each empty place."""
        with self._lock:
            for worker in self.workers:
                if not worker.alive:
                    self._start(worker)

    def kill(self, worker: Worker) -> None:
        """End its process without warning; nobody takes its place yet."""
        with self._lock:
            if worker.process is not None:
                worker.process.kill()
                worker.process.join()
                worker.process, worker.stalled = None, False

    def stall(self, worker: Worker) -> None:
        """Stop its process in its tracks."""
        self._signal(worker, signal.SIGSTOP)
        worker.stalled = True

    def go_on(self, worker: Worker) -> None:
        """Let a stalled process go on."""
        self._signal(worker, signal.SIGCONT)
        worker.stalled = False

    def end(self) -> None:
        """Ask all to stop, and wait for them; those who do not are killed."""
        for worker in self.workers:
            self.go_on(worker)
            self._signal(worker, signal.SIGTERM)
        for worker in self.workers:
            if worker.process is not None:
                worker.process.join(20)
            self.kill(worker)

    def _start(self, worker: Worker) -> None:
        place = worker.workplace
        if worker.mobile:
            place = replace(place, machine=f"{worker.number}-{next(self._numbers)}")
        if worker.process is not None:
            self.restarts += 1
        worker.stalled = False
        worker.process = FORKED.Process(target=storm_worker.main, args=(place,), daemon=True)
        worker.process.start()

    def _signal(self, worker: Worker, number: int) -> None:
        with suppress(ProcessLookupError):
            if worker.alive:
                os.kill(worker.pid, number)


def crew(place: Workplace, size: int) -> Crew:
    """So many workers: one alone is right in all; of more, half are mobile and most tell a wrong time."""
    times: tuple[TimeOfDay, ...] = ("right", "ahead", "behind", "still") if size > 1 else ("right",)
    return Crew(
        [
            Worker(
                number,
                replace(place, machine=str(number % 2), time_of_day=times[number % len(times)]),
                mobile=size > 1 and number % 2 == 1,
            )
            for number in range(size)
        ]
    )
