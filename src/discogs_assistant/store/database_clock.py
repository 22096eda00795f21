"""One time for all machines of an instance: the database server's."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import text

from discogs_assistant.errors import StorageError
from discogs_assistant.model.ports import Clock, SystemClock
from discogs_assistant.store.database import Database

_GOOD_FOR, _AFTER_A_FAILURE = 10.0, 1.0
_PROMPT = 0.1
"""Seconds within which an answer must come to be taken: the process may have been stopped meanwhile."""
_TRIES = 4
_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Advances evenly even if the machine's clock is changed or the machine sleeps."""


@dataclass
class DatabaseClock:
    """The `Clock` of a Postgres server, asked every few seconds and carried on between by even ticks.

    A machine whose own clock is wrong or is changed works as well as any other.
    """

    db: Database
    _lead: float | None = field(default=None, init=False)
    _good_until: float = field(default=0.0, init=False)
    _asking: threading.Lock = field(default_factory=threading.Lock, init=False)

    def now(self) -> datetime:
        """The present moment, aware, in UTC; `StorageError` where the server was never reached."""
        lead = self._lead
        if lead is None or _ticks() >= self._good_until:
            lead = self._renewed()
        return datetime.fromtimestamp(_ticks() + lead, UTC)

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        time.sleep(seconds)

    def _renewed(self) -> float:
        """What the server is ahead of our ticks; one thread asks, the others use the last answer."""
        if self._lead is not None and not self._asking.acquire(blocking=False):
            return self._lead
        if self._lead is None:
            self._asking.acquire()
        try:
            self._lead, self._good_until = self._ask(), _ticks() + _GOOD_FOR
        except StorageError:
            if self._lead is None:
                raise
            self._good_until = _ticks() + _AFTER_A_FAILURE
        finally:
            self._asking.release()
        return self._lead

    def _ask(self) -> float:
        answers = list[tuple[float, float]]()
        while len(answers) < _TRIES and (not answers or answers[-1][0] > _PROMPT):
            answers.append(self._answer())
        return min(answers)[1]

    def _answer(self) -> tuple[float, float]:
        """How long the answer took, and the lead that it shows."""
        with self.db.read() as connection:
            asked = _ticks()
            answer = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
            took = _ticks() - asked
        return took, float(answer or 0.0) - asked - took / 2


def clock_of(db: Database) -> Clock:
    """The time that all processes on a database agree on; those on an SQLite file share a machine."""
    return SystemClock() if db.dialect == "sqlite" else DatabaseClock(db)


def _ticks() -> float:
    return time.clock_gettime(_TICKING)
