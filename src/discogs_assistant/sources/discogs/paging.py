"""Read a changing list page by page, so that no item that stays in it is lost or doubled.

Pages are cut by position, so a change between two requests moves items across the cuts. Lists are read in
the order they grew (`sort=added`): what is added goes to the end and moves nothing, what is removed lets all
later items move towards the front. Hence this order of requests:

1. the *head*, newest first, gives the total N (and to an increment what is new); it may be all there is;
2. ascending, the pages from ⌈N / per page⌉ down to page 1.

An item that stays is never lost. Before page k is read, it stands left of that page's right edge: at the
start because there were N items, later because it was not in page k + 1; and it only ever moves further
left. So it is in page k or left of it, and nothing is left of page 1. Items met twice are known by their
instance id. Reading forward instead would lose an item at each removal, and no count would show it where
another one was added. The head does not stand in for the last page: of items with equal dates it may hold
other ones than the ascending order leaves to it.

The count is compared at the end all the same: an item added meanwhile is fetched with a second head, and
a list whose order is not stable (equal dates) is read again, a few times at most.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from discogs_assistant.model.ports import Page

T = TypeVar("T")

ASCENDING = "asc"
DESCENDING = "desc"
_PASSES = 4
_FINISHED = -1


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page to read next, in which order."""

    page: int
    order: str


class Outcome(StrEnum):
    """How a reading ended; `short` means that Discogs counts more items than it shows."""

    COMPLETE = "complete"
    LIMITED = "limited"
    SHORT = "short"
    CHANGING = "changing"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the reading of a collection or wantlist is: a plain value to keep between durable steps.

    Read `next`, store the items, and continue with `after`; `next` is None at the end. `distinct` is the
    number of different items stored so far. A step that runs twice does no harm.
    """

    limit: int
    page: int = 0
    passes: int = 1
    per_page: int = 0
    total: int = 0
    hidden: int = 0
    distinct: int = 0
    reads: int = 0
    swept: bool = False
    outcome: str = ""

    @property
    def next(self) -> PageRequest | None:
        """The page to read now; None when the reading has ended."""
        if self.page == _FINISHED:
            return None
        return PageRequest(self.page, ASCENDING) if self.page else PageRequest(1, DESCENDING)

    def room(self, page: Page[T]) -> Sequence[T]:
        """The items of `page`, the answer to `next`, that are among the newest `limit` of the list."""
        if self.page == 0:
            return page.items[: self.limit]
        return page.items[max(page.total - self.limit - self._offset, 0) :]

    def after(self, page: Page[Any], distinct: int) -> Reading:
        """The state after `page`, the answer to `next`, was stored and `distinct` items are known."""
        known = replace(self, total=page.total, distinct=distinct, reads=self.reads + 1)
        if self._is_limit_reached(page):
            return known._ended(Outcome.LIMITED)
        if known.reads > _PASSES * (self.limit // (page.per_page or self.per_page or 1) + 2):
            return known._ended(Outcome.CHANGING)
        return known._after_page(page) if self.page else known._after_head(page)

    @property
    def settled(self) -> bool:
        """Whether the total covers everything stored: nothing can be missing or removed."""
        shown = self.distinct + self.hidden
        return self.outcome != Outcome.CHANGING.value and shown <= min(self.total, self.limit)

    def problem(self, what: str) -> str | None:
        """What is missing from `what` as a sentence, such as "the collection of x"; None where nothing is."""
        held, total = f"{self.distinct:,}", f"{self.total:,}"
        missing = f"{max(self.total - self.distinct, 0):,}"
        sentences = {
            Outcome.LIMITED: f"Only the newest {held} of {total} items of {what} were read, "
            "which is the limit of this installation.",
            Outcome.SHORT: f"Discogs counts {total} items in {what} and shows {held} of them.",
            Outcome.CHANGING: f"Of {what}, {missing} of {total} items may be missing, since it kept changing "
            "while it was read. Read it again later.",
        }
        return sentences.get(Outcome(self.outcome)) if self.outcome else None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, of counts only."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Reading:
        """The state that `to_json` wrote."""
        return cls(**document)

    @property
    def _offset(self) -> int:
        """How many items stand before the page that `next` asks for."""
        return (self.page - 1) * self.per_page

    def _is_limit_reached(self, page: Page[Any]) -> bool:
        if self.page == 0:
            return self.limit <= page.per_page and self.limit < page.total
        return 0 < page.total - self.limit >= self._offset

    def _after_head(self, page: Page[Any]) -> Reading:
        known = replace(self, per_page=page.per_page)
        # Before the first sweep the count proves nothing: what is held may be gone from the list meanwhile.
        missing = max(_missing_entries(page, offset=0), self.hidden)
        if page.total <= page.per_page or (self.swept and self.distinct + missing >= page.total):
            return known._complete()
        return replace(known, page=_pages(page.total, page.per_page), hidden=0)

    def _after_page(self, page: Page[Any]) -> Reading:
        if page.per_page not in {self.per_page, 0}:
            return self._again()
        hidden = self.hidden + _missing_entries(page, offset=self._offset)
        known = replace(self, hidden=hidden)
        if self.page > 1:
            return replace(known, page=min(self.page - 1, _pages(page.total, self.per_page)))
        swept = replace(known, swept=True)
        return swept._complete() if swept.distinct + hidden >= page.total else swept._again()

    def _again(self) -> Reading:
        if self.passes == _PASSES:
            return self._ended(Outcome.CHANGING)
        return replace(self, page=0, passes=self.passes + 1)

    def _complete(self) -> Reading:
        return self._ended(Outcome.SHORT if self.distinct < self.total else Outcome.COMPLETE)

    def _ended(self, outcome: Outcome) -> Reading:
        return replace(self, page=_FINISHED, outcome=outcome.value)


def read_all(
    read: Callable[[PageRequest], Page[T]], identify: Callable[[T], Hashable], limit: int
) -> tuple[list[T], Reading]:
    """All items of a list in the order they were met, and how the reading ended."""
    reading = Reading(limit)
    found: dict[Hashable, T] = {}
    while (request := reading.next) is not None:
        page = read(request)
        found.update((identify(item), item) for item in reading.room(page))
        reading = reading.after(page, len(found))
    return list(found.values()), reading


def _pages(items: int, per_page: int) -> int:
    return max(-(-items // per_page), 1)


def _missing_entries(page: Page[Any], offset: int) -> int:
    """How many readable entries the answer lacks of those its total promises, starting at `offset`.

    Discogs counts releases that it has deleted since, and leaves them out of the page.
    """
    return max(min(page.per_page, page.total - offset) - len(page.items), 0)
