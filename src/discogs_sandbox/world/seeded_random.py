"""Random numbers from a seed that are the same on every machine and Python version."""

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
    """Choices with their weights, summed once."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        listed = list(pairs)
        self.choices = [choice for choice, _ in listed]
        self.sums = list(accumulate(weight for _, weight in listed))


class SeededRandom:
    """The random numbers of one subject, such as the tastes of user 7 in the world of seed 1.

    Only `random.Random.random` is used: Python promises the same numbers for that method alone.
    """

    def __init__(self, *key: object) -> None:
        self._next = random.Random(":".join(map(str, key))).random  # noqa: S311

    def number(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._next()

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self._next() < probability

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, all equally likely."""
        return choices[int(self._next() * len(choices))]

    def sample(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` of them without replacement, or all of them."""
        pool = list(choices)
        taken = []
        for _ in range(min(count, len(pool))):
            index = int(self._next() * len(pool))
            taken.append(pool[index])
            pool[index] = pool[-1]
            pool.pop()
        return taken

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """All of them in another order."""
        return self.sample(choices, len(choices))

    def weighted(self, odds: Odds[T]) -> T:
        """One of them by its weight."""
        index = bisect_right(odds.sums, self._next() * odds.sums[-1])
        return odds.choices[min(index, len(odds.choices) - 1)]

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normally distributed number (Box and Muller)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self._next()))
        return mean + deviation * radius * math.cos(2.0 * math.pi * self._next())

    def numbers(self, count: int) -> NDArray[np.float64]:
        """`count` numbers from 0 up to 1, shape (count,)."""
        draw = self._next
        return np.array([draw() for _ in range(count)], dtype=np.float64)

    def weighted_sample(self, weights: NDArray[np.float64], count: int) -> list[int]:
        """Up to `count` indexes by weight, without replacement (Efraimidis and Spirakis, 2006)."""
        logs = np.log(np.maximum(self.numbers(len(weights)), 1e-300))
        keys = np.where(weights > 0, logs / np.maximum(weights, 1e-300), -np.inf)
        order = np.argsort(-keys, kind="stable")[:count]
        return [int(index) for index in order if weights[index] > 0]

    def weighted_choices(self, weights: NDArray[np.float64], count: int) -> list[int]:
        """`count` indexes by weight, with replacement."""
        sums = np.cumsum(weights)
        indexes = np.searchsorted(sums, self.numbers(count) * sums[-1], side="right")
        return [int(index) for index in np.minimum(indexes, len(weights) - 1)]
