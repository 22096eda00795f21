"""People who wait at a page for Discogs: ten seconds at most, and few of them at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ports import Clock

LONGEST = timedelta(seconds=10)
PLACES = 8
"""Forty threads of a process answer its pages: Discogs may hold up a fifth of them."""


@dataclass(frozen=True)
class WaitingRoom:
    """Waiting places for people at the pages of one process."""

    _free: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(PLACES))

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place while the block runs; `UnreachableError` at once if none is free."""
        if not self._free.acquire(blocking=False):
            raise UnreachableError(
                "Too many people here are waiting for Discogs right now.", "Try again in a minute."
            )
        try:
            yield
        finally:
            self._free.release()


@dataclass
class ShortPatience:
    """The `Clock` and the `Caller` of a request for a page: ten seconds from now on, then it is given up."""

    clock: Clock
    room: WaitingRoom = field(default_factory=WaitingRoom)
    until: datetime = field(init=False)

    def __post_init__(self) -> None:
        """The patience begins."""
        self.until = self.clock.now() + LONGEST

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def bear(self, seconds: float) -> None:
        """`UnreachableError` if a wait would take too long."""
        if self.now() + timedelta(seconds=seconds) > self.until:
            raise UnreachableError(
                "Discogs did not answer in time.",
                "Try again in a minute: other work here may be using up the rate that Discogs allows.",
            )

    def sleep(self, seconds: float) -> None:
        """Wait; `UnreachableError` if that would take too long."""
        self.bear(seconds)
        self.clock.sleep(seconds)

    def place(self) -> AbstractContextManager[None]:
        """One of the waiting places."""
        return self.room.place()
