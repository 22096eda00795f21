"""A cache of values that stay valid as long as their inputs stay the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


def one(value: object) -> int:
    """The weight of each value where so many of them are held."""
    return 1


class _Kept(NamedTuple):
    value: Any
    weight: int
    given: Hashable


@dataclass
class Held:
    """The values that were asked for last, which weigh at most `most` in sum.

    A key and what is `given` name all that its value depends on. There is one value of a key: where something
    else is given, the new one takes the place of the old, so that what changes often does not pile up.
    """

    most: int
    _values: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    _weight: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(
        self, key: Hashable, compute: Callable[[], T], weigh: Callable[[T], int], given: Hashable = ()
    ) -> T:
        """The value of the key, computed if it is not cached for these inputs; None is not cached."""
        with self._lock:
            kept = self._values.get(key)
            if kept is not None and kept.given == given:
                self._values.move_to_end(key)
                found: T = kept.value
                return found
        value = compute()
        if value is not None:
            self._hold(key, _Kept(value, weigh(value), given))
        return value

    def _hold(self, key: Hashable, kept: _Kept) -> None:
        with self._lock:
            old = self._values.pop(key, None)
            self._weight += kept.weight - (old.weight if old else 0)
            self._values[key] = kept
            while self._weight > self.most:
                self._weight -= self._values.popitem(last=False)[1].weight

    def __contains__(self, key: Hashable) -> bool:
        """Whether the key's value is held."""
        with self._lock:
            return key in self._values

    def clear(self) -> None:
        """Clear the cache."""
        with self._lock:
            self._values.clear()
            self._weight = 0
