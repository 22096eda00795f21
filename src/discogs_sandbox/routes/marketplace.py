"""Inventories, listings and lowest prices: the marketplace part of Discogs' API."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from discogs_sandbox.faults import PolicyFaults
from discogs_sandbox.routes.context import (
    MUST_SIGN_IN,
    NOT_ALLOWED,
    InvalidParameterError,
    RouteContext,
    json_answer,
    path_id,
    requested_currency,
)
from discogs_sandbox.routes.pagination import PageRequest, page_answer, sort_order
from discogs_sandbox.wire import shipping as wire
from discogs_sandbox.wire.fields import artists_text
from discogs_sandbox.world.entities import Account, Listing
from discogs_sandbox.world.shipping import PolicyAnswer
from discogs_sandbox.world.world import World

_SORTS = ("listed", "price", "item", "artist", "label", "catno", "audio", "status")
_MOST_PAGES = 100
_LONGEST_NUMBER = 18
_REFUSALS = {
    PolicyAnswer.REFUSED: (403, NOT_ALLOWED),
    PolicyAnswer.NOT_FOUND: (404, "The requested resource was not found."),
    PolicyAnswer.SERVER_ERROR: (500, "An internal server error occurred."),
}


class Marketplace:
    """Routes of the marketplace."""

    def __init__(self, context: RouteContext, policy_faults: PolicyFaults) -> None:
        self._context = context
        self._policy_faults = policy_faults
        self._sorted: dict[tuple[str, str, bool], tuple[int, list[Listing]]] = {}

    def routes(self) -> list[Route]:
        """Path and handler of each."""
        return [
            Route("/users/{name}/inventory", self.inventory),
            Route("/marketplace/listings/{listing}", self.listing),
            Route("/marketplace/stats/{release}", self.stats),
            Route("/marketplace/orders/{order}", self.order),
            Route("/v3/marketplace/shipping/policies", self.policies),
        ]

    async def inventory(self, request: Request) -> Response:
        """A page of what a user sells; of another user's 100 pages at most, and only what is for sale."""
        context, account = self._context, self._context.account(request)
        owner = context.is_owner(request, account)
        if PageRequest.of(request.query_params).page > _MOST_PAGES and not owner:
            raise HTTPException(403, "Pagination above 100 disabled for inventories besides your own.")
        listings = self._listings(request, account)
        status = request.query_params.get("status", "All") if owner else "For Sale"
        if status != "All":
            listings = [listing for listing in listings if listing.status == status]
        images = context.images(request)
        return page_answer(
            request,
            "listings",
            listings,
            lambda listing: context.marketplace.inventory_entry(listing, images=images),
        )

    async def listing(self, request: Request) -> Response:
        """One listing; one that was sold still answers, with its status."""
        listing = self._context.world.listings.get(path_id(request, "listing", "Item"))
        if listing is None:
            raise HTTPException(404, "Item not found. It may have been deleted.")
        viewer, images = self._context.visitor(request).account, self._context.images(request)
        currency = requested_currency(request)
        answer = self._context.marketplace.listing(listing, currency, viewer, images=images)
        return json_answer(request, answer)

    async def stats(self, request: Request) -> Response:
        """A release's lowest price, and how many copies are for sale."""
        release = self._context.world.releases.get(path_id(request, "release", "Release"))
        if release is None:
            raise HTTPException(404, "Release not found.")
        currency = requested_currency(request) or "USD"
        return json_answer(request, self._context.marketplace.stats(release, currency))

    async def order(self, request: Request) -> Response:
        """An order, for its buyer and its seller."""
        viewer = self._signed_in(request)
        order = self._context.world.orders.get(request.path_params["order"])
        if order is None:
            raise HTTPException(404, "Order not found.")
        if viewer.name not in {order.buyer, order.seller}:
            raise HTTPException(403, NOT_ALLOWED)
        return json_answer(request, wire.order(order, self._context.world))

    async def policies(self, request: Request) -> Response:
        """The shipping policies of the seller of a number; with `country` those for that country alone."""
        self._signed_in(request)
        seller, country = self._seller(request), request.query_params.get("country")
        assert seller.shop is not None
        answer = self._policy_faults.answer_for(seller.id, seller.shop.answer)
        if answer in _REFUSALS:
            raise HTTPException(*_REFUSALS[answer])
        shown = [policy for policy in seller.shop.policies if country is None or country in policy.countries]
        return json_answer(request, wire.policies(seller, shown, answer))

    def _signed_in(self, request: Request) -> Account:
        account = self._context.visitor(request).account
        if account is None:
            raise HTTPException(401, MUST_SIGN_IN)
        return account

    def _seller(self, request: Request) -> Account:
        text = request.query_params.get("seller_id", "")
        if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
            raise InvalidParameterError("seller_id", "seller_id must be a positive integer.")
        gone = self._context.world.vanished
        found = (one for one in self._context.world.sellers if one.id == int(text) and one.name not in gone)
        seller = next(found, None)
        if seller is None:
            raise HTTPException(404, "Seller not found.")
        return seller

    def _listings(self, request: Request, account: Account) -> list[Listing]:
        """All listings of a seller in the requested order, sorted once for each state of the world."""
        sort, descending = sort_order(request.query_params, _SORTS, "listed")
        key, world = (account.name, sort, descending), self._context.world
        changes, listings = self._sorted.get(key, (-1, []))
        if changes != world.changes:
            by_id = [world.listings[id] for id in sorted(account.listings) if id in world.listings]
            listings = sorted(
                by_id, key=lambda listing: _sort_value(world, listing, sort), reverse=descending
            )
            self._sorted[key] = (world.changes, listings)
        return listings


def _sort_value(world: World, listing: Listing, sort: str) -> Any:
    if sort == "price":
        return listing.price.amount
    if sort in {"listed", "audio"}:
        return listing.posted
    release = world.releases[listing.release]
    work = world.work_of(release)
    label, catno = release.labels[0]
    texts = {"status": listing.status, "label": label.name, "catno": catno, "item": work.title}
    return texts.get(sort, artists_text(work)).casefold()
