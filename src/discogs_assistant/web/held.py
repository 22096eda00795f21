"""What never changes once it is known, for whoever looks again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class Held:
    """The `most` values that were asked for last; a key names all that its value depends on."""

    most: int
    _values: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of the key, computed where it is not held; None is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                value: T = self._values[key]
                return value
        value = compute()
        if value is not None:
            with self._lock:
                self._values[key] = value
                while len(self._values) > self.most:
                    self._values.popitem(last=False)
        return value

    def __contains__(self, key: Hashable) -> bool:
        """Whether the key's value is held."""
        with self._lock:
            return key in self._values

    def clear(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._values.clear()
