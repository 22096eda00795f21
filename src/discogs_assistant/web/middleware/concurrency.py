"""What each person may have running at once in this process: computed pages and uploads."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from anyio import Semaphore, move_on_after

from discogs_assistant.errors import TooOftenError
from discogs_assistant.model.ids import OwnerId

_TOGETHER = 20
"""Pages computed at once for all people: half of the threads that answer requests; the rest stay free."""
_PATIENCE = 5.0
"""Seconds that a request waits for its turn."""
_SOON = 5.0
"""Seconds after which it is worth asking again."""


@dataclass
class _Person:
    """A person's places, and how many requests have one or wait for one."""

    places: Semaphore
    asking: int = 0


@dataclass
class Turns:
    """Places to compute in, given in the order of asking; requests wait on the event loop, in no thread."""

    patience: float = _PATIENCE
    _together: Semaphore = field(default_factory=lambda: Semaphore(_TOGETHER))
    _people: dict[OwnerId, _Person] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, owner: OwnerId, most: int) -> AsyncIterator[None]:
        """One of a person's `most` places for the duration of the block; `TooOftenError` if none is free."""
        person = self._people.setdefault(owner, _Person(Semaphore(most)))
        person.asking += 1
        try:
            async with AsyncExitStack() as held:
                with move_on_after(self.patience) as waiting:
                    await held.enter_async_context(person.places)
                    await held.enter_async_context(self._together)
                if waiting.cancelled_caught:
                    raise TooOftenError(
                        "Too many of your pages are being computed right now.",
                        "Wait until they are done, then ask again.",
                        retry_after=self.patience,
                    )
                yield
        finally:
            person.asking -= 1
            if not person.asking:
                del self._people[owner]


@dataclass
class UploadsUnderWay:
    """How many uploads each person and each network address sends at the moment, so that the temporary files
    of one fill no disk; used on the event loop alone."""

    _counts: Counter[Hashable] = field(default_factory=Counter)

    @contextmanager
    def one_of(self, *subjects: Hashable, most: int) -> Iterator[None]:
        """One more of these for as long as the block; `TooOftenError` where one of them has `most`."""
        if any(self._counts[subject] >= most for subject in subjects):
            raise TooOftenError(
                "Your other files are still uploading.",
                "Wait until they are done, then send these.",
                retry_after=_SOON,
            )
        self._counts.update(subjects)
        try:
            yield
        finally:
            self._counts.subtract(subjects)
            self._counts = +self._counts
