"""Check a cart now: each of its copies is read again, and the seller's cart built anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ListingId, OwnerId, RunId
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.asking import Asking, ask_for, lay_out
from discogs_assistant.pipelines.cart_answer import fresh_answer, kept
from discogs_assistant.pipelines.cart_lines import money_json
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.options import CheckOptions
from discogs_assistant.pipelines.runs import RunQueue, RunRequest, find, request
from discogs_assistant.pipelines.shop import criteria_of
from discogs_assistant.pipelines.sync import run_of
from discogs_assistant.store import market, results, run_progress, runs

_READING, _BUILDING = 1, 2
_COPIES = "copies"
_FOR_SALE = "For Sale"
_GONE = "Gone"
_OF_RELEASE = ("artist", "title", "label", "catno", "format", "year")


def request_check(ctx: Context, queue: RunQueue, owner: OwnerId, carts: RunId, cart: str) -> RunRequest:
    """Open a run that checks a cart; `NotFoundError` where there is no such cart of the owner."""
    run = find(ctx, owner, carts)
    cart_at(ctx, owner, carts, cart)
    return request(ctx, queue, owner, RunKind.CHECK, run.user, {"carts": carts, "cart": cart})


def cart_at(ctx: Context, owner: OwnerId, carts: RunId, cart: str) -> dict[str, Any]:
    """The cart of a finished search by its rank, or by the name of its answer."""
    stored = results.result(ctx.db, owner, carts)
    if stored is not None and stored.kind == RunKind.SHOP.value:
        found: dict[str, Any] | None = places(stored.document).get(cart)
        if found is not None:
            return found
    raise NotFoundError("There is no such cart.", "Choose one of the list, or build carts first.")


def places(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each cart of a document by its rank, those of unknown postage with a word before it, or by its name."""
    apart = document["unknown_shipping"]["carts"]
    return (
        {one["name"]: one["cart"] for one in document["named"]}
        | {str(one["rank"]): one for one in document["carts"]}
        | {f"unknown_{one['rank']}": one for one in apart}
    )


def check_cart(ctx: Context, flow: Flow) -> None:
    """The pipeline of a check."""
    run = run_of(ctx, flow)
    options = CheckOptions.parse(run.criteria)
    lines = cart_at(ctx, run.owner, options.carts, options.cart)["lines"]
    ids = [line["listing_id"] for line in lines]
    count: int = flow.step("lay out the copies", lambda: _lay_out(ctx, run, ids))
    asking = Asking(_COPIES, _READING, "Not every copy was read again.", count)
    ask_for(ctx, flow, run, asking, count, lambda id: _read_again(ctx, run, ListingId(id)))
    flow.step("build the cart anew", lambda: _keep(ctx, run, options))


def _lay_out(ctx: Context, run: Run, ids: list[int]) -> int:
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_READING, total=len(ids))
    return lay_out(ctx, run, _COPIES, ids)


def _read_again(ctx: Context, run: Run, id: ListingId) -> None:
    """Keep what a copy is now: for everybody, but for the words of one that only the owner handed in."""
    shared = market.listing(ctx.db, EVERYBODY, id)
    known = shared or market.listing(ctx.db, run.owner, id)
    keeper = EVERYBODY if shared else run.owner
    try:
        listing, seller = ctx.discogs(run.owner, run.id).listing(id)
    except NotFoundError:
        if known is not None:
            gone = replace(known, status=_GONE, as_of=ctx.clock.now(), origin=Origin.LISTING)
            market.save_listings(ctx.db, keeper, [gone], [])
        return
    market.save_listings(ctx.db, keeper, [_described(listing, known)], [seller])


def _described(listing: Listing, known: Listing | None) -> Listing:
    """A single listing names its release in one text; its parts are those that the stock told."""
    if known is None or known.release_id != listing.release_id:
        return listing
    told = {name: getattr(listing, name) or getattr(known, name) for name in _OF_RELEASE}
    return replace(listing, **told)


def _keep(ctx: Context, run: Run, options: CheckOptions) -> int:
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_BUILDING)
    carts_run = find(ctx, run.owner, options.carts)
    before = results.result(ctx.db, run.owner, options.carts)
    assert before is not None, "a check is opened for a finished search only"
    cart = cart_at(ctx, run.owner, options.carts, options.cart)
    now = runs.run_for_worker(ctx.db, run.id) or run
    criteria = replace(criteria_of(carts_run), top=1, per_seller=1)
    interest = kept(ctx, carts_run).interest
    _, document = fresh_answer(ctx, carts_run, criteria, interest, partial=now.partial, seller=cart["seller"])
    checked = [_checked(ctx, run, line) for line in cart["lines"]]
    releases = {str(line["release_id"]) for line in cart["lines"]}
    document["releases"] |= {id: before.document["releases"][id] for id in releases}
    document |= {
        "named": [],
        "carts_run": options.carts,
        "cart": options.cart,
        "seller": cart["seller"],
        "checked": checked,
        "was_as_of": before.document["prices_as_of"],
        "gone": sum(line["state"] in {"sold", "gone"} for line in checked),
        "changed": sum(line["state"] == "changed" for line in checked),
        "unread": sum(line["state"] == "unread" for line in checked),
        "same_records": _records(cart) == _records(document["carts"][0]) if document["carts"] else False,
    }
    return results.save_result(ctx.db, run.owner, run.id, run.kind.value, document, ctx.clock.now())


def _checked(ctx: Context, run: Run, line: dict[str, Any]) -> dict[str, Any]:
    """A line of the old cart beside what its copy is now."""
    listing = market.listing(ctx.db, run.owner, ListingId(line["listing_id"]))
    fresh = listing is not None and listing.as_of >= run.created_at
    return {
        "listing_id": line["listing_id"],
        "release_id": line["release_id"],
        "state": _state(line, listing) if listing is not None and fresh else "unread",
        "was": line["price"],
        "now": money_json(listing.price) if listing and fresh and listing.status == _FOR_SALE else None,
    }


def _state(line: dict[str, Any], listing: Listing) -> str:
    """same, changed (in price), sold or gone."""
    if listing.status != _FOR_SALE:
        return "gone" if listing.status == _GONE else "sold"
    return "same" if line["price"] == money_json(listing.price) else "changed"


def _records(cart: dict[str, Any]) -> list[int]:
    return sorted(line["release_id"] for line in cart["lines"])
