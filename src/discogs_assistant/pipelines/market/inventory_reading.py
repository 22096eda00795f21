"""Reading a seller's inventory a few pages at a time; an interrupted reading continues after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from discogs_assistant.model.market import MarketBatch, Progress, SellerRequest
from discogs_assistant.model.ports import first_covering
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_listing
from discogs_assistant.pipelines.runtime.circuit_breaker import asked_once, reason
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import sellers
from discogs_assistant.store.runs import progress, results, runs
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)
INVENTORY = "inventory"
"""The name under which `read_inventory` handles chunks."""
_UNREAD = Progress({}, left=1, total=0, complete=False)


@dataclass(frozen=True, slots=True)
class InventoryState:
    """How far a seller's inventory is read: `pages` asked for, `left` still to ask; counts of listings.

    `reading` is the source's `Progress` as plain JSON. `gone` where the seller or the inventory is not to be
    seen; `problem` a sentence on what is missing; `halted` a sentence why Discogs was not asked to read on,
    as it would not have been of any use.
    """

    seller: str
    started_at: str
    reading: dict[str, Any]
    pages: int = 0
    unread: int = 0
    gone: bool = False
    problem: str | None = None
    halted: str | None = None

    @property
    def progress(self) -> Progress:
        """How far the source is."""
        return Progress(**self.reading)

    @property
    def left(self) -> int:
        """How many requests are still needed."""
        return 0 if self.gone or self.halted else self.progress.left


def chunk_of(seller: str, pages: int, *, stage: int, planned: int) -> dict[str, str | int]:
    """The chunk that reads up to `pages` pages on; `planned` requests are expected in this stage."""
    return {"seller": seller, "pages": pages, "stage": stage, "planned": planned}


def state_of(value: dict[str, Any]) -> InventoryState:
    """The state that a chunk returned."""
    return InventoryState(**value)


def read_inventory(ctx: Context, run_id: RunId, chunk: Any) -> dict[str, Any]:
    """The handler: read on where the last chunk of this seller ended, and say how far it is.

    A missing or refused token says nothing about the seller, so it removes nothing.
    """
    run = runs.run_for_worker(ctx.db, run_id)
    assert run is not None, "a run is carried out only while its row exists"
    state = _begun(ctx.db, run_id, chunk["seller"], ctx.clock.now())
    try:
        with asked_once(ctx.db, run_id):
            state = _read_on(ctx, run, state, chunk)
    except SignInNeededError:
        raise
    except (NotFoundError, PrivateError) as error:
        state = _gone(ctx, run, state, error.sentence)
    except (NoConnectionError, TokenRefusedError) as error:
        state = replace(_begun(ctx.db, run_id, state.seller, ctx.clock.now()), halted=reason(error))
    return asdict(state)


def _begun(db: Database, run_id: RunId, seller: str, now: datetime) -> InventoryState:
    kept = results.work(db, run_id, _name(seller))
    if kept is not None:
        return InventoryState(**kept)
    return InventoryState(seller, now.isoformat(), asdict(_UNREAD))


def _read_on(ctx: Context, run: Run, state: InventoryState, chunk: Mapping[str, Any]) -> InventoryState:
    started = datetime.fromisoformat(state.started_at)
    held = stored_listings.listings_of(ctx.db, EVERYBODY, state.seller, started)
    request = SellerRequest(
        state.seller,
        run.owner,
        run.id,
        chunk["pages"],
        state.progress.state,
        frozenset(listing.id for listing in held),
    )
    answered = False
    for batch in _batches(ctx, request):
        answered = True
        stored_listings.save_listings(ctx.db, EVERYBODY, batch.listings, batch.sellers)
        releases.save_releases(
            ctx.db, [release_of_listing(listing) for listing in batch.listings], ctx.clock.now()
        )
        state = _after(ctx, run.id, state, batch)
        results.save_work(ctx.db, run.id, _name(state.seller), asdict(state))
        _report(ctx, run, chunk)
    if state.progress.left == 0 or not answered:
        state = _ended(ctx.db, run.owner, state, ctx.clock.now())
    return state


def _report(ctx: Context, run: Run, chunk: Mapping[str, Any]) -> None:
    """How many requests for inventories the run has spent, of those that are expected."""
    states = results.works(ctx.db, run.id, _name(""))
    done = sum(state["pages"] for state in states)
    total = max(done, chunk["planned"])
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=chunk["stage"], done=done, total=total)


def _batches(ctx: Context, request: SellerRequest) -> Iterator[MarketBatch]:
    source = first_covering(ctx.sources.market, request)
    if source is None:
        raise NotFoundError("No source of this installation reads this seller's copies.")
    return source.read(request)


def _after(ctx: Context, run_id: RunId, state: InventoryState, batch: MarketBatch) -> InventoryState:
    for sentence in batch.problems:
        progress.log(ctx.db, run_id, ctx.clock.now(), sentence)
    # A source that does not go page by page has given all that it knows.
    known = batch.progress or Progress({}, 0, len(batch.listings), complete=True)
    return replace(state, reading=asdict(known), pages=state.pages + 1, unread=state.unread + batch.unread)


def _ended(db: Database, owner: OwnerId, state: InventoryState, now: datetime) -> InventoryState:
    reading, began = state.progress, datetime.fromisoformat(state.started_at)
    whole = reading.complete and not state.unread
    stored_listings.replace_inventory(db, owner, state.seller, began, whole=whole)
    sellers.save_inventory_state(db, state.seller, now, reading.complete, reading.total, reading.problem)
    return replace(state, reading=asdict(replace(reading, left=0)), problem=reading.problem)


def _gone(ctx: Context, run: Run, state: InventoryState, why: str) -> InventoryState:
    """Nothing can be bought there: what was for sale is removed, and why is remembered."""
    stored_listings.replace_inventory(ctx.db, run.owner, state.seller, ctx.clock.now(), whole=False)
    sellers.save_inventory_state(ctx.db, state.seller, ctx.clock.now(), False, 0, why)
    progress.log(ctx.db, run.id, ctx.clock.now(), f"{printable(state.seller)}: {why}")
    return replace(state, gone=True, problem=why)


def _name(seller: str) -> str:
    return f"inventory of {seller}"
