"""Traces of the time that requests, runs and steps take, where somebody collects them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from discogs_assistant.model.ids import RunId


class Span(Protocol):
    """A piece of work while it is done."""

    def tell(self, name: str = "", **facts: str | int) -> None:
        """Call it by another name, and note facts of it: never an address, a name or words of a person.

        The fact `http_route` is written http.route; two underscores stand for one.
        """
        ...


class Spans(Protocol):
    """Where pieces of work are traced."""

    def span(
        self, name: str, run: RunId | None = None, *, serves: bool = False, **facts: str | int
    ) -> AbstractContextManager[Span]:
        """A piece of work for as long as the block; all of one run belong together, on whatever worker.

        `serves` marks the answer to somebody's request.
        """
        ...

    def close(self) -> None:
        """Export the spans that were not exported yet."""
        ...


@dataclass(frozen=True, slots=True)
class NoSpans:
    """No traces are collected: nothing is recorded."""

    @contextmanager
    def span(
        self, name: str, run: RunId | None = None, *, serves: bool = False, **facts: str | int
    ) -> Iterator[Span]:
        """Only the block."""
        yield self

    def tell(self, name: str = "", **facts: str | int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
