"""A master's pressings as lines: mine marked, with the lowest price known of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.web.catalogue.lowest_prices import LowestPrice, lowest_prices
from discogs_assistant.web.catalogue.marks import Mark, Mine
from discogs_assistant.web.credits import OnLabel, format_names, label_names
from discogs_assistant.web.session import Visitor

MOST = 1_000
"""Pressings of a master that a page reads; what is mine is always among them."""

_LAST_YEAR = 9999
_NO_PRICE = sys.maxsize


@dataclass(frozen=True, slots=True)
class Pressing:
    """A pressing with the lowest price known of it."""

    release: Release
    mark: Mark
    lowest: LowestPrice | None

    @property
    def labels(self) -> list[OnLabel]:
        """Its labels with their numbers."""
        return label_names(self.release.labels, brief=True)

    @property
    def formats(self) -> list[str]:
        """What it is made of."""
        return format_names(self.release.formats)


def pressings_view(visitor: Visitor, ids: Sequence[ReleaseId], own: Mine) -> list[Pressing]:
    """The known ones among `ids`, the earliest first; four statements and the day's rates."""
    chosen = sorted(ids, key=lambda id: (id not in own.owned, id not in own.wanted, id))[:MOST]
    rows = _read(visitor, chosen, own, lowest_prices(visitor, chosen))
    return sorted(rows, key=lambda row: (row.release.year or _LAST_YEAR, row.release.id))


def nearest(visitor: Visitor, ids: Sequence[ReleaseId], own: Mine, most: int) -> list[Pressing]:
    """The few that a collector looks for first: their own, then the cheapest, then the first on Discogs."""
    prices = lowest_prices(visitor, ids)

    def order(id: ReleaseId) -> tuple[bool, bool, int, ReleaseId]:
        price = prices[id].price.minor if id in prices else _NO_PRICE
        return id not in own.owned, id not in own.wanted, price, id

    return _read(visitor, sorted(ids, key=order)[:most], own, prices)


def _read(
    visitor: Visitor, ids: Sequence[ReleaseId], own: Mine, prices: Mapping[int, LowestPrice]
) -> list[Pressing]:
    """The known pressings, in the order of `ids`."""
    found = releases.releases(visitor.ctx.db, visitor.ctx.catalogue, ids, visitor.owner)
    return [Pressing(found[id].release, own.mark([id]), prices.get(id)) for id in ids if id in found]
