"""Thread-safe caches of computed values: by the version of their inputs, and for a few seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from cachetools import LRUCache, TTLCache

T = TypeVar("T")


class _Entry(NamedTuple):
    value: Any
    weight: int
    version: Hashable


class VersionedCache:
    """The values used last, which together weigh at most `most`.

    A key and a version name everything that a value depends on. A key has one value: a new version's
    replaces the old one, so that values that change often do not pile up.
    """

    def __init__(self, most: int) -> None:
        self._entries: LRUCache[Hashable, _Entry] = LRUCache(most, lambda entry: entry.weight)
        self._lock = threading.Lock()

    def recall(
        self,
        key: Hashable,
        version: Hashable,
        compute: Callable[[], T],
        weigh: Callable[[T], int] | None = None,
    ) -> T:
        """The value of the key, computed if it is not cached for this version; None is not cached.

        A value weighs 1 without `weigh`; one that is heavier than the whole cache is not cached.
        """
        with self._lock:
            entry = self._entries.get(key)
        if entry is not None and entry.version == version:
            found: T = entry.value
            return found
        value = compute()
        if value is not None:
            self._store(key, _Entry(value, weigh(value) if weigh else 1, version))
        return value

    def _store(self, key: Hashable, entry: _Entry) -> None:
        with self._lock:
            self._entries.pop(key, None)
            if entry.weight <= self._entries.maxsize:
                self._entries[key] = entry

    def __contains__(self, key: Hashable) -> bool:
        """Whether the key has a value."""
        with self._lock:
            return key in self._entries

    def forget(self, key: Hashable) -> None:
        """Drop the key's value."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._entries.clear()


class _Shared:
    """A value once `values` has it; the thread that holds the lock computes it."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.lock = threading.Lock()


class ShortCache:
    """At most `most` values, each for the time `lasts`; a key names all else that its value depends on."""

    def __init__(
        self, now: Callable[[], datetime], lasts: timedelta = timedelta(seconds=5), most: int = 10_000
    ) -> None:
        self._entries: TTLCache[Hashable, _Shared] = TTLCache(
            most, lasts.total_seconds(), lambda: now().timestamp()
        )
        self._lock = threading.Lock()

    def recall(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of the key, computed if it is not cached, by one caller at a time."""
        with self._lock:
            shared = self._entries.get(key)
            if shared is None:
                shared = self._entries[key] = _Shared()
        with shared.lock:
            if not shared.values:
                shared.values.append(compute())
        value: T = shared.values[0]
        return value

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._entries.clear()
