"""Inventories, listings and price floors: the marketplace part of Discogs' API."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.routes.context import Desk, answer, answer_text, currency, number, page_text
from discogs_sandbox.routes.pagination import Cut, ordering
from discogs_sandbox.wire.fields import printed
from discogs_sandbox.world.entities import Account, Listing
from discogs_sandbox.world.world import World

_SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio", "status", "location")
_MOST_PAGES = 100


class Market:
    """Handlers over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sorted: dict[tuple[str, str, bool], tuple[int, list[Listing]]] = {}

    def routes(self) -> list[Route]:
        """What they answer to."""
        return [
            Route("/users/{name}/inventory", self.inventory),
            Route("/marketplace/listings/{listing}", self.listing),
            Route("/marketplace/stats/{release}", self.stats),
        ]

    async def inventory(self, request: Request) -> Response:
        """A page of what a user sells; of another user's 100 pages at most, and only what is for sale."""
        account = self._desk.account(request)
        cut, owner = Cut.of(request.query_params), self._desk.is_owner(request, account)
        if cut.page > _MOST_PAGES and not owner:
            raise HTTPException(403, "Pagination above 100 disabled for inventories besides your own.")
        listings = self._listings(request, account)
        status = request.query_params.get("status", "All" if owner else "For Sale")
        if not owner or status != "All":
            listings = [one for one in listings if one.status == (status if owner else "For Sale")]
        images = self._desk.images(request)
        part = cut.part(listings)
        lines = (self._desk.market.in_inventory(one, images=images) for one in part)
        frame = cut.frame(request.url.path, request.query_params, len(listings))
        return answer_text(request, page_text(frame, "listings", lines))

    async def listing(self, request: Request) -> Response:
        """One listing; one that was sold still answers, with its status."""
        listing = self._desk.world.listings.get(number(request, "listing", "Item"))
        if listing is None:
            raise HTTPException(404, "Item not found. It may have been deleted.")
        viewer, images = self._desk.visitor(request).account, self._desk.images(request)
        wanted = currency(request, None)
        return answer(request, self._desk.market.listing(listing, wanted, viewer, images=images))

    async def stats(self, request: Request) -> Response:
        """A release's price floor."""
        release = self._desk.world.releases.get(number(request, "release", "Release"))
        if release is None:
            raise HTTPException(404, "Release not found.")
        wanted = currency(request, "USD") or "USD"
        return answer(request, self._desk.market.stats(release, wanted))

    def _listings(self, request: Request, account: Account) -> list[Listing]:
        """All of a seller's listings in the order asked for, sorted once for each state of the world."""
        key, descending = ordering(request.query_params, _SORTS, "listed")
        place, world = (account.name, key, descending), self._desk.world
        changes, listings = self._sorted.get(place, (-1, []))
        if changes != world.changes:
            found = sorted(
                (world.listings[n] for n in account.listings if n in world.listings), key=lambda one: one.id
            )
            listings = sorted(found, key=lambda one: _sort_value(world, one, key), reverse=descending)
            self._sorted[place] = (world.changes, listings)
        return listings


def _sort_value(world: World, listing: Listing, key: str) -> Any:
    if key == "price":
        return listing.price.amount
    if key in {"listed", "audio", "location"}:
        return listing.posted
    release = world.releases[listing.release]
    work = world.work_of(release)
    label, catno = release.labels[0]
    texts = {"status": listing.status, "label": label.name, "catno": catno, "item": work.title}
    return texts.get(key, printed(work)).casefold()
