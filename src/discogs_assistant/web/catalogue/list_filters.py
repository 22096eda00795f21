"""Filters of lists by what the collector owns, wants or lacks, from an address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from discogs_assistant.web.catalogue.marks import Mark

SHOWN = {"": "All", "owned": "Owned", "wanted": "Wanted", "lacking": "Not owned"}
"""What a list can be narrowed to, in words."""


class Marked(Protocol):
    """A line of a list that may be mine."""

    @property
    def mark(self) -> Mark:
        """What it is to the collector."""
        ...


L = TypeVar("L", bound=Marked)


@dataclass(frozen=True, slots=True)
class FilterOption:
    """A choice that leads to the same page narrowed otherwise, with how many lines it then has."""

    words: str
    count: int
    query: str
    chosen: bool


def narrowed(lines: Sequence[L], show: str) -> list[L]:
    """The rows that one of `SHOWN` selects."""
    if show == "lacking":
        return [line for line in lines if line.mark != "owned"]
    return [line for line in lines if show in ("", line.mark)]


def choices(lines: Sequence[Marked], show: str, query: Callable[[str], str]) -> tuple[FilterOption, ...]:
    """A choice for each of `SHOWN`; `query` gives what its address carries."""
    return tuple(
        FilterOption(words, len(narrowed(lines, option)), query(option), option == show)
        for option, words in SHOWN.items()
    )


def shown_by(asked: str) -> str:
    """The one of `SHOWN` that an address names, all where it names none."""
    return asked if asked in SHOWN else ""


def query_text(**named: str | int) -> str:
    """What an address carries: what is empty is left out, and so is the first page."""
    return urlencode({name: value for name, value in named.items() if value and (name, value) != ("page", 1)})
