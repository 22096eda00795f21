"""Seeded chance that falls alike on every Python version."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")


class Odds(Generic[T]):
    """Things with their weights, summed once."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        listed = list(pairs)
        self.things = [thing for thing, _ in listed]
        self.sums = list(accumulate(weight for _, weight in listed))


class Dice:
    """A stream of chance for one subject, such as the tastes of user 7 in the world of seed 1.

    Only `random.Random.random` is used: Python promises the same numbers for that method alone.
    """

    def __init__(self, *key: object) -> None:
        self._next = random.Random(":".join(map(str, key))).random  # noqa: S311

    def number(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._next()

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self._next() < probability

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[int(self._next() * len(things))]

    def several(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different places of the sequence, or all of it."""
        pool = list(things)
        taken = []
        for _ in range(min(count, len(pool))):
            place = int(self._next() * len(pool))
            taken.append(pool[place])
            pool[place] = pool[-1]
            pool.pop()
        return taken

    def weighted(self, odds: Odds[T]) -> T:
        """One of them by its weight."""
        place = bisect_right(odds.sums, self._next() * odds.sums[-1])
        return odds.things[min(place, len(odds.things) - 1)]

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normally distributed number (Box and Muller)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self._next()))
        return mean + deviation * radius * math.cos(2.0 * math.pi * self._next())

    def numbers(self, count: int) -> NDArray[np.float64]:
        """`count` numbers from 0 up to 1, shape (count,)."""
        draw = self._next
        return np.array([draw() for _ in range(count)], dtype=np.float64)

    def draw(self, weights: NDArray[np.float64], count: int) -> list[int]:
        """Up to `count` different places, by weight, without putting back (Efraimidis and Spirakis, 2006)."""
        logs = np.log(np.maximum(self.numbers(len(weights)), 1e-300))
        keys = np.where(weights > 0, logs / np.maximum(weights, 1e-300), -np.inf)
        order = np.argsort(-keys, kind="stable")[:count]
        return [int(place) for place in order if weights[place] > 0]

    def draw_again(self, weights: NDArray[np.float64], count: int) -> list[int]:
        """`count` places by weight, each put back after its draw."""
        sums = np.cumsum(weights)
        places = np.searchsorted(sums, self.numbers(count) * sums[-1], side="right")
        return [int(place) for place in np.minimum(places, len(weights) - 1)]
