"""Choices read off bytes: hypothesis draws one string of bytes quickly, and shrinks it to plain choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice:
    """Each throw takes the next four bits, or eight for many sides; zero and spent bits give the first."""

    def __init__(self, data: bytes) -> None:
        self._halves = iter(data.hex())

    def below(self, end: int) -> int:
        """0 ≤ n < end ≤ 256."""
        bits = next(self._halves, "0") + (next(self._halves, "0") if end > 16 else "")
        return int(bits, 16) % end

    def within(self, low: int, high: int) -> int:
        """low ≤ n ≤ high."""
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """One of at most 256 choices."""
        return choices[self.below(len(choices))]

    def chance(self, of: int) -> bool:
        """True once in `of` throws."""
        return self.below(of) == of - 1


AT_ONCE = 10
"""As many dice as `many_dice` draws at once: a draw takes hypothesis as long as a small search."""


def dice(size: int) -> st.SearchStrategy[Dice]:
    """Dice of `size` bytes that count."""
    return st.binary(min_size=size, max_size=size).map(Dice)


def many_dice(size: int) -> st.SearchStrategy[list[Dice]]:
    """`AT_ONCE` of them; a failure shrinks all but one to zeros."""
    whole = AT_ONCE * size
    return st.binary(min_size=whole, max_size=whole).map(
        lambda drawn: [Dice(drawn[start : start + size]) for start in range(0, whole, size)]
    )
