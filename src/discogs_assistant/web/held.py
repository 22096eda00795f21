"""What never changes once it is known, for whoever looks again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


def _one(value: object) -> int:
    return 1


@dataclass
class Held:
    """The values that were asked for last, which weigh at most `most` in sum.

    A key names all that its value depends on.
    """

    most: int
    _values: OrderedDict[Hashable, tuple[Any, int]] = field(default_factory=OrderedDict)
    _weight: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, compute: Callable[[], T], weigh: Callable[[T], int] = _one) -> T:
        """The value of the key, computed where it is not held; None is not held."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                value: T = self._values[key][0]
                return value
        value = compute()
        if value is not None:
            self._hold(key, value, weigh(value))
        return value

    def _hold(self, key: Hashable, value: object, weight: int) -> None:
        with self._lock:
            self._weight += weight - self._values.pop(key, (None, 0))[1]
            self._values[key] = value, weight
            while self._weight > self.most:
                self._weight -= self._values.popitem(last=False)[1][1]

    def __contains__(self, key: Hashable) -> bool:
        """Whether the key's value is held."""
        with self._lock:
            return key in self._values

    def clear(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._values.clear()
            self._weight = 0
