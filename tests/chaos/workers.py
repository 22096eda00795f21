"""Workers that say where they are, killed before, within and after the work of a step."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.chaos import worker
from tests.chaos.killing import Arena, Done, Spot, Trail
from tests.forked import FORKED

from discogs_assistant import bootstrap
from discogs_assistant.model.run import Run

MOMENTS = ("before", "within", "after")
"""Before the work of a step, while it is done, and when it is done but not yet remembered as done."""


@dataclass
class Killer:
    """Answers the worker's questions; at a spot that is still to be hit it kills instead."""

    to_hit: set[Spot]
    dice: random.Random
    hit: list[Spot] = field(default_factory=list)
    seen: dict[str, None] = field(default_factory=dict)
    process: BaseProcess | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line, line.makefile("r", encoding="utf-8") as words:
            moment, _, step = words.readline().rstrip("\n").partition("\t")
            spot = Spot(step, moment)
            with self._lock:
                self.seen[step] = None
                doomed = spot in self.to_hit and self.process is not None
                if doomed:
                    self.to_hit.discard(spot)
                    self.hit.append(spot)
                    process = self.process
            if not doomed:
                line.sendall(b"+")
            elif moment == "within":
                line.sendall(b"+")
                threading.Event().wait(self.dice.uniform(0.0, 0.03))
                _kill(process)
            else:
                _kill(process)

    def close(self) -> None:
        self._listener.close()


@dataclass
class WorkerArena(Arena):
    """Its workers ask before each step whether they may live on."""

    def carry_out(self, run: Run, to_hit: set[Spot], dice: random.Random, known: Sequence[Done]) -> Trail:
        """One worker after the other, until the run has ended."""
        killer = Killer(set(to_hit), dice)
        try:
            while not self.now(run).state.ended:
                self._one_worker(killer, run)
        finally:
            killer.close()
        return Trail(tuple(killer.seen), tuple(killer.hit))

    def _one_worker(self, killer: Killer, run: Run) -> None:
        process = FORKED.Process(
            target=worker.main, args=(str(self.folder), self.url, str(killer.port)), daemon=True
        )
        process.start()
        killer.process = process
        pause = threading.Event()
        try:
            while process.is_alive() and not self.now(run).state.ended:
                pause.wait(0.05)
        finally:
            killer.process = None
            _kill(process)


@contextmanager
def worker_arena(folder: Path, url: str) -> Iterator[WorkerArena]:
    """A new installation in an empty folder."""
    folder.mkdir(parents=True)
    app = bootstrap.open_app(worker.settings_of(folder, url))
    try:
        yield WorkerArena(folder, url, app)
    finally:
        app.close()


def _kill(process: BaseProcess | None) -> None:
    if process is not None:
        process.kill()
        process.join()
