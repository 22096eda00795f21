"""Long lists, one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pager(Generic[T]):
    """The `rows` of page `number` of `pages`, both from 1; `first` is the place of its first of `all`.

    `query` is what addresses of all its pages carry.
    """

    rows: Sequence[T]
    number: int
    pages: int
    first: int
    all: int
    query: str

    def query_of(self, page: int) -> str:
        """What the address of another page carries."""
        return "&".join(part for part in (self.query, f"page={page}") if part)


def page_of(rows: Sequence[T], asked: str, size: int, query: str = "") -> Pager[T]:
    """The page that an address asks for, or the nearest one that exists."""
    pages = max(1, -(-len(rows) // size))
    number = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    start = (number - 1) * size
    return Pager(rows[start : start + size], number, pages, start + 1, len(rows), query)
