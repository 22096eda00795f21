"""Sellers' inventories as Discogs' API lists them, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from discogs_assistant.model.market import Coverage, MarketBatch, Progress, SellerRequest
from discogs_assistant.model.ports import Page
from discogs_assistant.sources.discogs.client import ClientOf
from discogs_assistant.sources.discogs.inventory_paging import InventoryReading, planned_pages
from discogs_assistant.sources.discogs.wire_market import Offer


@dataclass(frozen=True, slots=True)
class SellerInventory:
    """Any seller's copies, read from both ends of a long inventory (see `InventoryReading`)."""

    client_of: ClientOf
    answers: ClassVar[type[SellerRequest]] = SellerRequest

    def covers(self, request: SellerRequest) -> Coverage | None:
        """Every seller; the number of requests is known after the first page."""
        return Coverage("inventories", _left(*_resumed(request)))

    def read(self, request: SellerRequest) -> Iterator[MarketBatch]:
        """A batch a page, each with the progress after it; none where the inventory was read to its end."""
        client = self.client_of(request.owner, request.run)
        (reading, pages), held = _resumed(request), set(request.held)
        for _ in range(request.requests):
            if (wanted := reading.next) is None:
                return
            page = client.inventory_page(request.seller, wanted.page, order=wanted.order)
            held |= {listing.id for listing, _ in page.items}
            reading, pages = reading.after(page, len(held)), pages + 1
            yield _batch(page, _progress(request.seller, reading, pages))


def _resumed(request: SellerRequest) -> tuple[InventoryReading, int]:
    """Where the reading is, and how many pages it has taken."""
    if not request.state:
        return InventoryReading(), 0
    return InventoryReading.from_json(request.state["reading"]), request.state["pages"]


def _left(reading: InventoryReading, pages: int) -> int:
    if reading.next is None:
        return 0
    return max(1, planned_pages(reading.total, reading.per_page) - pages)


def _progress(seller: str, reading: InventoryReading, pages: int) -> Progress:
    state: dict[str, Any] = {"reading": reading.to_json(), "pages": pages}
    problem = reading.problem(seller) if reading.next is None else None
    return Progress(state, _left(reading, pages), reading.total, reading.complete, problem)


def _batch(page: Page[Offer], progress: Progress) -> MarketBatch:
    return MarketBatch(
        listings=tuple(listing for listing, _ in page.items),
        sellers=tuple(seller for _, seller in page.items),
        problems=page.problems,
        unread=page.unread,
        progress=progress,
    )
