"""Reading a seller's inventory from both ends, since Discogs shows only 100 pages of another seller's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from discogs_assistant.model.ids import printable
from discogs_assistant.model.ports import Page
from discogs_assistant.sources.discogs.paging import ASCENDING, DESCENDING, PageRequest

PAGE_LIMIT = 100
_FINISHED = -1


@dataclass(frozen=True, slots=True)
class InventoryReading:
    """How far the reading of an inventory is: a plain value to keep between durable steps.

    The cheapest 100 pages ascending by price, then the dearest of the rest descending. After the first page
    gives the total, pages are read from the last to the first: a copy that is sold meanwhile lets dearer ones
    move towards pages still to come, so none that stays is lost (see `paging`). Only one that a cheaper new
    copy pushes into a page already read can be missed, until the next reading.
    """

    order: str = ASCENDING
    page: int = 1
    per_page: int = 0
    total: int = 0
    changed: bool = False
    distinct: int = 0

    @property
    def next(self) -> PageRequest | None:
        """The page to read now; None when the reading has ended."""
        return None if self.page == _FINISHED else PageRequest(self.page, self.order)

    def after(self, page: Page[Any], distinct: int) -> InventoryReading:
        """The state after `page`, the answer to `next`, was stored and `distinct` listings are known."""
        first = self.per_page == 0
        known = replace(
            self,
            per_page=self.per_page or page.per_page,
            total=page.total if page.per_page else self.total,
            changed=not first and (self.changed or page.total != self.total),
            distinct=distinct,
        )
        if first:
            last = min(-(-page.total // page.per_page), PAGE_LIMIT)
            return replace(known, page=last) if last > 1 else known._ended()
        return known._onward()

    def problem(self, seller: str) -> str | None:
        """A sentence about copies that could not be read; None if there are none."""
        if self.complete:
            return None
        if self.total > 2 * PAGE_LIMIT * self.per_page:
            return (
                f"Only {self.distinct:,} of {self.total:,} copies that “{printable(seller)}” sells "
                "can be read: Discogs shows no more of another seller's."
            )
        return (
            f"Discogs counts {self.total:,} copies that “{printable(seller)}” sells, and {self.distinct:,} "
            "could be read."
        )

    @property
    def complete(self) -> bool:
        """True where all copies that Discogs counts were read."""
        return self.distinct >= self.total

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, of counts only."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> InventoryReading:
        """The state that `to_json` wrote."""
        return cls(**document)

    def _onward(self) -> InventoryReading:
        lowest = 1 if self.order == DESCENDING or self.changed else 2
        if self.page > lowest:
            return replace(self, page=self.page - 1)
        rest = self.total - PAGE_LIMIT * self.per_page
        if self.order == DESCENDING or rest <= 0:
            return self._ended()
        # One page more than the rest needs: equal prices may stand in another order from this end.
        return replace(self, order=DESCENDING, page=min(-(-rest // self.per_page) + 1, PAGE_LIMIT))

    def _ended(self) -> InventoryReading:
        return replace(self, page=_FINISHED)


def planned_pages(total: int, per_page: int) -> int:
    """How many requests an inventory of `total` listings takes, from both ends where it must."""
    pages = -(-total // per_page) if per_page else 1
    beyond = pages - PAGE_LIMIT
    return max(1, pages) if beyond <= 0 else PAGE_LIMIT + min(beyond + 1, PAGE_LIMIT)
