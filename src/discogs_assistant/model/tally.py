"""Counting how often each of many numbers occurred: in memory where there are few, else see store/tallies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Protocol


class Tally(Protocol):
    """A count for each number that was added."""

    def add(self, numbers: Sequence[int]) -> list[int]:
        """Count each number; for each how often it had been added before, those of this call included."""
        ...

    def known(self, numbers: Iterable[int]) -> set[int]:
        """Those of the numbers that were added."""
        ...

    def __len__(self) -> int:
        """How many different numbers were added."""
        ...


Tallies = Callable[[], Tally]
"""Makes an empty tally."""


class MemoryTally:
    """A `Tally` in memory, for as many numbers as a limit lets in."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def add(self, numbers: Sequence[int]) -> list[int]:
        """Count each number; for each how often it had been added before, those of this call included."""
        before = []
        for number in numbers:
            count = self._counts.get(number, 0)
            before.append(count)
            self._counts[number] = count + 1
        return before

    def known(self, numbers: Iterable[int]) -> set[int]:
        """Those of the numbers that were added."""
        return {number for number in numbers if number in self._counts}

    def __len__(self) -> int:
        return len(self._counts)


def number_of_text(text: str) -> int:
    """A number of 63 bits that stands for a text; among ten million, two share one once in 200,000 times."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
