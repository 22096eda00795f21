"""The few values that were used last, as long as they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class Lately:
    """At most `most` values by key; a value holds while the mark is the one that it was made under."""

    most: int = 4
    _kept: OrderedDict[Hashable, tuple[Hashable, Any]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def recall(self, key: Hashable, mark: Hashable, make: Callable[[], T]) -> T:
        """The value of the key; made again where none is cached under this mark."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is not None and kept[0] == mark:
            value: T = kept[1]
            return value
        value = make()
        with self._lock:
            self._kept[key] = (mark, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return value

    def forget(self, key: Hashable) -> None:
        """Drop what is kept of the key."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
