"""One look at all watched runs for everybody who watches in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from anyio import Lock
from anyio.to_thread import run_sync

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.store import runs
from discogs_assistant.store.database import Database

_SHARE = 0.5
"""Part of the time between two looks of one watcher for which a look of another serves as well."""


@dataclass
class Watching:
    """Who watches which run, and what the last look told: one statement a look, however many watch."""

    _watched: Counter[RunId] = field(default_factory=Counter)
    _found: Mapping[RunId, tuple[OwnerId, int]] = field(default_factory=dict)
    _asked: frozenset[RunId] = frozenset()
    _at: float = float("-inf")
    _looking: Lock = field(default_factory=Lock)

    @contextmanager
    def of(self, run: RunId) -> Iterator[None]:
        """Watch a run for as long as the block."""
        self._watched[run] += 1
        try:
            yield
        finally:
            self._watched[run] -= 1
            if not self._watched[run]:
                del self._watched[run]

    async def revision(self, db: Database, owner: OwnerId, run: RunId, every: float) -> int | None:
        """The number of the run's last change; None for somebody else's. `every` is the watcher's own pace.

        It is told by a look at most half so many seconds old.
        """
        async with self._looking:
            if run not in self._asked or monotonic() - self._at >= _SHARE * every:
                asked = frozenset(self._watched)
                self._found = await run_sync(runs.revisions, db, asked)
                self._asked, self._at = asked, monotonic()
        of, revision = self._found.get(run, (None, None))
        return revision if of == owner else None
