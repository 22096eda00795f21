"""Reading a seller's inventory a few pages at a time; one that was cut off goes on behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from discogs_assistant.errors import (
    NoConnectionError,
    NotFoundError,
    PrivateError,
    SignInNeededError,
    TokenRefusedError,
)
from discogs_assistant.model.ids import OwnerId, RunId, printable
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_listing
from discogs_assistant.pipelines.runtime.circuit_breaker import asked_once, reason
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.inventory_paging import PAGE_LIMIT, InventoryReading
from discogs_assistant.sources.discogs.paging import Page
from discogs_assistant.sources.discogs.wire_market import Offer
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import sellers
from discogs_assistant.store.runs import progress, results, runs
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)
INVENTORY = "inventory"
"""The name under which `read_inventory` handles chunks."""


@dataclass(frozen=True, slots=True)
class InventoryState:
    """How far a seller's inventory is read: `pages` asked for, `left` still to ask; counts of listings.

    `gone` where the seller or the inventory is not to be seen; `problem` a sentence on what is missing;
    `halted` a sentence why Discogs was not asked to read on, as it would not have been of any use.
    """

    seller: str
    started_at: str
    reading: dict[str, object]
    pages: int = 0
    unread: int = 0
    gone: bool = False
    problem: str | None = None
    halted: str | None = None

    @property
    def progress(self) -> InventoryReading:
        """The reading itself."""
        return InventoryReading.from_json(self.reading)

    @property
    def left(self) -> int:
        """How many requests are still needed."""
        reading = self.progress
        if self.gone or self.halted or reading.next is None:
            return 0
        return max(1, planned_pages(reading.total, reading.per_page) - self.pages)


def chunk_of(seller: str, pages: int) -> dict[str, str | int]:
    """The chunk that reads up to `pages` pages on."""
    return {"seller": seller, "pages": pages}


def state_of(value: dict[str, Any]) -> InventoryState:
    """The state that a chunk returned."""
    return InventoryState(**value)


def planned_pages(total: int, per_page: int) -> int:
    """How many requests an inventory of `total` listings takes, from both ends where it must."""
    pages = -(-total // per_page) if per_page else 1
    beyond = pages - PAGE_LIMIT
    return max(1, pages) if beyond <= 0 else PAGE_LIMIT + min(beyond + 1, PAGE_LIMIT)


def read_inventory(ctx: Context, run_id: RunId, chunk: Any) -> dict[str, Any]:
    """The handler: read on where the last chunk of this seller ended, and say how far it is.

    A missing or refused token says nothing about the seller, so it removes nothing.
    """
    run = runs.run_for_worker(ctx.db, run_id)
    assert run is not None, "a run is carried out only while its row exists"
    state = _begun(ctx, run_id, chunk["seller"])
    client = ctx.discogs(run.owner, run_id)
    try:
        with asked_once(ctx, run_id):
            state = _read_on(ctx, run, client, state, chunk["pages"])
    except SignInNeededError:
        raise
    except (NotFoundError, PrivateError) as error:
        state = _gone(ctx, run, state, error.sentence)
    except (NoConnectionError, TokenRefusedError) as error:
        state = replace(_begun(ctx, run_id, state.seller), halted=reason(error))
    return asdict(state)


def _begun(ctx: Context, run_id: RunId, seller: str) -> InventoryState:
    kept = results.work(ctx.db, run_id, _name(seller))
    if kept is not None:
        return InventoryState(**kept)
    return InventoryState(seller, ctx.clock.now().isoformat(), InventoryReading().to_json())


def _read_on(
    ctx: Context, run: Run, client: DiscogsClient, state: InventoryState, pages: int
) -> InventoryState:
    started = datetime.fromisoformat(state.started_at)
    held = {one.id for one in stored_listings.listings_of(ctx.db, EVERYBODY, state.seller, started)}
    for _ in range(pages):
        request = state.progress.next
        if request is None:
            break
        page = client.inventory_page(state.seller, request.page, order=request.order)
        listings = [listing for listing, _ in page.items]
        stored_listings.save_listings(ctx.db, EVERYBODY, listings, [who for _, who in page.items])
        releases.save_releases(ctx.db, [release_of_listing(one) for one in listings], ctx.clock.now())
        held |= {listing.id for listing in listings}
        state = _after(ctx, run.id, state, page, len(held))
        results.save_work(ctx.db, run.id, _name(state.seller), asdict(state))
    if state.progress.next is None:
        state = _ended(ctx, run.owner, state)
    return state


def _after(
    ctx: Context, run_id: RunId, state: InventoryState, page: Page[Offer], held: int
) -> InventoryState:
    for sentence in page.problems:
        progress.log(ctx.db, run_id, ctx.clock.now(), sentence)
    return replace(
        state,
        reading=state.progress.after(page, held).to_json(),
        pages=state.pages + 1,
        unread=state.unread + page.unread,
    )


def _ended(ctx: Context, owner: OwnerId, state: InventoryState) -> InventoryState:
    reading = state.progress
    problem, began = reading.problem(state.seller), datetime.fromisoformat(state.started_at)
    whole = reading.complete and not state.unread
    stored_listings.replace_inventory(ctx.db, owner, state.seller, began, whole=whole)
    sellers.save_inventory_state(
        ctx.db, state.seller, ctx.clock.now(), reading.complete, reading.total, problem
    )
    return replace(state, problem=problem)


def _gone(ctx: Context, run: Run, state: InventoryState, why: str) -> InventoryState:
    """Nothing can be bought there: what was for sale is removed, and why is remembered."""
    stored_listings.replace_inventory(ctx.db, run.owner, state.seller, ctx.clock.now(), whole=False)
    sellers.save_inventory_state(ctx.db, state.seller, ctx.clock.now(), False, 0, why)
    progress.log(ctx.db, run.id, ctx.clock.now(), f"{printable(state.seller)}: {why}")
    return replace(state, gone=True, problem=why)


def _name(seller: str) -> str:
    return f"inventory of {seller}"
