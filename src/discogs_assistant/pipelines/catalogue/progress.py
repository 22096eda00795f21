"""How far an import is, and how much memory it took."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator

from discogs_assistant.sources.dumps.reading import Opened

Say = Callable[[str], None]


class Progress:
    """Says now and then how far the reading is and how many minutes are left."""

    def __init__(self, total: int, kind: str, say: Say) -> None:
        self._total, self._kind, self._say = max(1, total), kind, say
        self._began = self._said = time.monotonic()
        self._before = 0

    def watching(self, reading: Opened) -> Iterator[bytes]:
        """The pieces of a file; what was taken of it counts as done."""
        for piece in reading.pieces():
            self._look(self._before + reading.taken)
            yield piece
        self._before += reading.taken

    def _look(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said >= 5:
            self._said = now
            left = (now - self._began) * (self._total - done) / max(1, done) / 60
            self._say(f"{self._kind}: {100 * done / self._total:.0f} % read, {left:,.1f} minutes left.")


class Peak:
    """The most memory of this process and of those that parse, added up as if all had it at once."""

    def __init__(self) -> None:
        self._workers: dict[int, int] = {}

    def of_worker(self, number: int, kilobytes: int) -> None:
        """What the process that parsed chunk `number` had at most; 0 where it was this one."""
        self._workers[number % 2] = max(self._workers.get(number % 2, 0), kilobytes)

    def megabytes(self) -> float:
        """In all."""
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round((own + sum(self._workers.values())) / 1024, 1)
