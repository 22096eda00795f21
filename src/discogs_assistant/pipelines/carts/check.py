"""Check a cart now: each of its copies is read again, and the seller's cart is built again."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ListingId, OwnerId, RunId
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.carts.answer import fresh_answer, stored_basis
from discogs_assistant.pipelines.carts.result import (
    Cart,
    CartLine,
    CartsResult,
    CheckedCopy,
    CheckResult,
    CopyState,
    SearchResult,
)
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.runtime.batched_requests import Asking, ask_for, save_requests
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.options.kinds import CheckOptions
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.runs import RunQueue, RunRequest, find, request
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings
from discogs_assistant.store.runs import progress, runs

_READING, _BUILDING = 1, 2
_COPIES = "copies"
_FOR_SALE = "For Sale"
_GONE = "Gone"
_OF_RELEASE = ("artist", "title", "label", "catno", "format", "year")


def request_check(ctx: Context, queue: RunQueue, owner: OwnerId, carts: RunId, cart: str) -> RunRequest:
    """Open a run that checks a cart; `NotFoundError` where there is no such cart of the owner."""
    run = find(ctx.db, owner, carts)
    cart_at(ctx.db, owner, carts, cart)
    return request(ctx, queue, owner, RunKind.CHECK, run.user, {"carts": carts, "cart": cart})


def cart_at(db: Database, owner: OwnerId, carts: RunId, cart: str) -> Cart:
    """The cart of a finished search by its rank, or by the name of its answer."""
    found = finished.finished_as(db, owner, carts, CartsResult)
    cart_there = places(found).get(cart) if found else None
    if cart_there is None:
        raise NotFoundError("There is no such cart.", "Choose one of the list, or build carts first.")
    return cart_there


def places(result: SearchResult) -> dict[str, Cart]:
    """Each cart of a search by its rank, those of unknown shipping with a word before it, or by its name."""
    return (
        {answer.name: answer.cart for answer in result.named}
        | {str(cart.rank): cart for cart in result.carts}
        | {f"unknown_{cart.rank}": cart for cart in result.unknown_shipping.carts}
    )


def check_cart(ctx: Context, flow: Flow) -> None:
    """The pipeline of a check."""
    run = run_of(ctx.db, flow)
    options = CheckOptions.parse(run.criteria)
    ids = [line.listing_id for line in cart_at(ctx.db, run.owner, options.carts, options.cart).lines]
    count: int = flow.step("lay out the copies", lambda: _lay_out(ctx.db, run, ids, ctx.clock.now()))
    asking = Asking(_COPIES, _READING, "Not every copy was read again.", count)
    ask_for(ctx, flow, run, asking, count, lambda id: _read_again(ctx, run, ListingId(id)))
    flow.step("build the cart again", lambda: _keep(ctx, run, options))


def _lay_out(db: Database, run: Run, ids: list[ListingId], now: datetime) -> int:
    progress.advance(db, run.id, now, stage=_READING, total=len(ids))
    return save_requests(db, run, _COPIES, ids)


def _read_again(ctx: Context, run: Run, id: ListingId) -> None:
    """Save what a copy is now: for everyone, unless only the owner uploaded it."""
    shared = listings.listing(ctx.db, EVERYBODY, id)
    known = shared or listings.listing(ctx.db, run.owner, id)
    keeper = EVERYBODY if shared else run.owner
    try:
        listing, seller = ctx.sources.discogs(run.owner, run.id).listing(id)
    except NotFoundError:
        if known is not None:
            gone = replace(known, status=_GONE, as_of=ctx.clock.now(), origin=Origin.LISTING)
            listings.save_listings(ctx.db, keeper, [gone], [])
        return
    listings.save_listings(ctx.db, keeper, [_described(listing, known)], [seller])


def _described(listing: Listing, known: Listing | None) -> Listing:
    """A single listing names its release in one text; the parts come from the inventory."""
    if known is None or known.release_id != listing.release_id:
        return listing
    described = {name: getattr(listing, name) or getattr(known, name) for name in _OF_RELEASE}
    return replace(listing, **described)


def _keep(ctx: Context, run: Run, options: CheckOptions) -> int:
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_BUILDING)
    carts_run = find(ctx.db, run.owner, options.carts)
    before = finished.finished_as(ctx.db, run.owner, options.carts, CartsResult)
    assert before is not None, "a check is opened for a finished search only"
    cart = cart_at(ctx.db, run.owner, options.carts, options.cart)
    now = runs.run_for_worker(ctx.db, run.id) or run
    criteria = replace(criteria_of(carts_run), top=1, per_seller=1)
    interest = stored_basis(ctx.db, carts_run).interest
    _, found = fresh_answer(ctx, carts_run, criteria, interest, partial=now.partial, seller=cart.seller)
    checked = tuple(_checked(ctx.db, run, line) for line in cart.lines)
    return finished.keep(ctx.db, run, _result(options, before, cart, found, checked), ctx.clock.now())


def _result(
    options: CheckOptions,
    before: CartsResult,
    cart: Cart,
    found: CartsResult,
    checked: tuple[CheckedCopy, ...],
) -> CheckResult:
    """The seller's carts `found` now, beside the one that was checked."""
    search = {part.name: getattr(found, part.name) for part in fields(SearchResult)}
    releases = {**found.releases, **{id: before.releases[id] for id in cart.releases}}
    states = Counter(copy.state for copy in checked)
    return CheckResult(
        **{**search, "releases": releases, "named": ()},
        carts_run=options.carts,
        cart=options.cart,
        seller=cart.seller,
        checked=checked,
        was_as_of=before.prices_as_of,
        gone=states["sold"] + states["gone"],
        changed=states["changed"],
        unread=states["unread"],
        same_records=bool(found.carts) and sorted(cart.releases) == sorted(found.carts[0].releases),
    )


def _checked(db: Database, run: Run, line: CartLine) -> CheckedCopy:
    """A line of the old cart beside what its copy is now."""
    listing = listings.listing(db, run.owner, line.listing_id)
    fresh = listing is not None and listing.as_of >= run.created_at
    now = listing if listing and fresh and listing.status == _FOR_SALE else None
    return CheckedCopy(
        listing_id=line.listing_id,
        release_id=line.release_id,
        state=_state(line, listing) if listing is not None and fresh else "unread",
        was=line.price,
        now=now.price if now else None,
        shipping=now.shipping if now else None,
    )


def _state(line: CartLine, listing: Listing) -> CopyState:
    if listing.status != _FOR_SALE:
        return "gone" if listing.status == _GONE else "sold"
    return "same" if line.price == listing.price else "changed"
