"""One query for all watched runs and the sessions that watch them, shared by everybody in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from anyio import Lock
from anyio.to_thread import run_sync

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts.sessions import Credential
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs

_SHARE = 0.5
"""Part of the time between two looks of one watcher for which a look of another serves as well."""
_SIGNED_IN = 2.0
"""Seconds for which a look at sessions serves: with the watchers' own pace, streams end within five."""
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass
class _Look(Generic[K, V]):
    """What the last look at all watched keys found: one for everybody who watches."""

    _watched: Counter[K] = field(default_factory=Counter)
    _found: Mapping[K, V] = field(default_factory=dict)
    _asked: frozenset[K] = frozenset()
    _at: float = float("-inf")
    _looking: Lock = field(default_factory=Lock)

    @contextmanager
    def of(self, key: K) -> Iterator[None]:
        self._watched[key] += 1
        try:
            yield
        finally:
            self._watched[key] -= 1
            if not self._watched[key]:
                del self._watched[key]

    async def find(self, key: K, oldest: float, look: Callable[[frozenset[K]], Mapping[K, V]]) -> V | None:
        """The value of the key, found by a look at most `oldest` seconds ago."""
        async with self._looking:
            if key not in self._asked or monotonic() - self._at >= oldest:
                asked = frozenset(self._watched)
                self._found = await run_sync(look, asked)
                self._asked, self._at = asked, monotonic()
        return self._found.get(key)


@dataclass
class Watching:
    """Who watches which run, and what the last look found: one statement a look, however many watch."""

    _runs: _Look[tuple[OwnerId, RunId], int] = field(default_factory=_Look)
    _credentials: _Look[Credential, bool] = field(default_factory=_Look)

    @contextmanager
    def of(self, owner: OwnerId, run: RunId, credential: Credential | None = None) -> Iterator[None]:
        """Watch a run for as long as the block, by a session or a token."""
        with self._runs.of((owner, run)):
            if credential is None:
                yield
            else:
                with self._credentials.of(credential):
                    yield

    async def revision(self, db: Database, owner: OwnerId, run: RunId, every: float) -> int | None:
        """The number of the run's last change; None for another person's. `every` is the watcher's interval.

        It comes from a look at most half that many seconds old.
        """
        return await self._runs.find((owner, run), _SHARE * every, lambda asked: runs.revisions(db, asked))

    async def signed_in(self, ctx: Context, credential: Credential | None) -> bool:
        """Whether a watching session or token is still valid; always true in local mode."""
        if credential is None:
            return True
        look = self._credentials.find(credential, _SIGNED_IN, lambda asked: sessions.living(ctx, asked))
        return bool(await look)
