"""A cache of values that stay valid for a few seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class _Kept:
    """A value once `values` has it; the thread that holds the lock computes it."""

    since: datetime
    values: list[Any] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Memory:
    """Values by key, forgotten after `keep`; a key names all that its value depends on, but for the time."""

    keep: timedelta = timedelta(seconds=5)
    _kept: dict[Hashable, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def recall(self, key: Hashable, now: datetime, compute: Callable[[], T]) -> T:
        """The value of the key, computed if it is not cached, by one caller at a time."""
        with self._lock:
            self._kept = {one: kept for one, kept in self._kept.items() if now - kept.since < self.keep}
            kept = self._kept.setdefault(key, _Kept(now))
        with kept.lock:
            if not kept.values:
                kept.values.append(compute())
        value: T = kept.values[0]
        return value

    def clear(self) -> None:
        """Clear the cache."""
        with self._lock:
            self._kept.clear()
