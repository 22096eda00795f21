"""The site's pages of copies for sale, in the layouts of 2020 and 2026, and its bot check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from discogs_sandbox.pages.translations import ENGLISH, FRENCH
from discogs_sandbox.wire.fields import SITE, Json, artists_text, format_text, slug, thumbnail_url
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.wire.users import stars
from discogs_sandbox.world.entities import Account, Listing
from discogs_sandbox.world.grades import GRADES
from discogs_sandbox.world.prices import Price, convert, english, french
from discogs_sandbox.world.world import NotFoundError, World

_LIMITS = {"25", "50", "100", "250"}


_ORDERS: dict[str, Callable[[Listing], Any]] = {
    "price": lambda copy: (convert(copy.price, "EUR"), copy.id),
    "listed": lambda copy: (copy.posted, copy.id),
    "condition": lambda copy: (GRADES.index(copy.media), copy.id),
    "seller": lambda copy: (copy.seller.casefold(), copy.id),
}


@dataclass(slots=True)
class Switches:
    """What can be changed while the sandbox runs: `challenge` shows the bot check in place of every page."""

    challenge: bool = False
    layout: str = "2026"


class SellPages:
    """Routes of the sell pages; `layout`, `limit`, `sort` and `page` of the address choose what is shown."""

    def __init__(self, world: World, switches: Switches, pictures: PictureAddresses) -> None:
        self._world = world
        self._pictures = pictures
        self._switches = switches
        self._pages = Environment(
            loader=PackageLoader("discogs_sandbox.pages"), autoescape=True, trim_blocks=True
        )

    def routes(self) -> list[Route]:
        """Path and handler of each, in English and below /fr in French."""
        pages = (
            ("/sell/release/{release:int}", self.release),
            ("/sell/mywants", self.my_wants),
            ("/shop/mywants/", self.my_wants),
            ("/sell/item/{listing:int}", self.item),
            ("/shop/item/{listing:int}", self.item),
        )
        return [Route(prefix + page, handler) for prefix in ("", "/fr") for page, handler in pages]

    async def release(self, request: Request) -> Response:
        """All copies of a release, cheapest first unless the address says otherwise."""
        number = request.path_params["release"]
        if self._switches.challenge or number in self._world.challenged:
            return self._challenge()
        if number not in self._world.releases:
            return _not_found()
        copies = _ordered(self._world.for_sale(number), request.query_params.get("sort", "price,asc"))
        return self._page(request, "title_release", copies)

    async def item(self, request: Request) -> Response:
        """One copy, below /sell/ and below /shop/; 404 where it is not for sale any more."""
        if self._switches.challenge:
            return self._challenge()
        listing = self._world.listings.get(request.path_params["listing"])
        if listing is None or listing.status != "For Sale":
            return _not_found()
        return self._page(request, "title_release", [listing])

    async def my_wants(self, request: Request) -> Response:
        """Copies of what the user named by `user` wants, newest first; the site would go by its session.

        `seller`, a seller's number, leaves those of one seller.
        """
        if self._switches.challenge:
            return self._challenge()
        try:
            account = self._world.account(request.query_params.get("user", self._world.demo_user))
        except NotFoundError:
            return _not_found()
        copies = [copy for want in account.wants for copy in self._world.for_sale(want.release)]
        if seller := request.query_params.get("seller"):
            copies = [copy for copy in copies if str(self._world.accounts[copy.seller].id) == seller]
        ordered = _ordered(copies, request.query_params.get("sort", "listed,desc"))
        return self._page(request, "title_wants", ordered)

    def _challenge(self) -> Response:
        page = self._pages.get_template("challenge.html").render()
        return HTMLResponse(page, 403, {"cf-mitigated": "challenge", "server": "cloudflare"})

    def _page(self, request: Request, title: str, copies: list[Listing]) -> Response:
        query, path = request.query_params, request.url.path
        is_french = path.startswith("/fr/")
        layout = query.get("layout", self._switches.layout)
        limit = int(query["limit"]) if query.get("limit") in _LIMITS else 25
        page = int(query["page"]) if query.get("page", "").isdecimal() else 1
        first = (page - 1) * limit
        shown = copies[first : first + limit]
        write = french if is_french else english
        words = FRENCH if is_french else ENGLISH
        following = urlencode({**query, "page": page + 1})
        text = self._pages.get_template("frame.html").render(
            lang="fr" if is_french else "en",
            title=words[title],
            words=words,
            prefix="/fr" if is_french else "",
            site=SITE,
            action=path,
            first=first + 1 if shown else 0,
            last=first + len(shown),
            total=f"{len(copies):,}",
            next_page=f"{path}?{following}" if first + limit < len(copies) else None,
            row_template="row_2020.html" if layout == "2020" else "row_2026.html",
            rows=[self._row(listing, write) for listing in shown],
        )
        base = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
        return HTMLResponse(self._pictures.signed(text).replace(SITE, base))

    def _row(self, listing: Listing, write: Callable[[Price], str]) -> Json:
        """One copy as a visitor in France sees it, whose currency is the euro."""
        seller, release = self._world.accounts[listing.seller], self._world.releases[listing.release]
        work, price = self._world.work_of(release), listing.price
        shipping = self._shipping(seller, listing)
        euros = convert(price, "EUR")
        if shipping is not None:
            euros = Price(euros.amount + convert(shipping, "EUR").amount, "EUR")
        name = f"{artists_text(work)} - {work.title}"
        return {
            "id": listing.id,
            "release": release.id,
            "name": name,
            "slug": slug(name),
            "description": f"{name} ({format_text(release.formats)})",
            "labels": [
                {"id": label.id, "name": label.name, "slug": slug(label.name)} for label, _ in release.labels
            ],
            "catno": ", ".join(catno for _, catno in release.labels),
            "media": listing.media,
            "sleeve": listing.sleeve,
            "comments": listing.comments,
            "offers": listing.offers,
            "have": release.have,
            "want": release.want,
            "thumb": thumbnail_url(release.id),
            "price": write(price),
            "currency": price.currency,
            "value": f"{price.amount:.2f}",
            "shipping": write(shipping) if shipping is not None and shipping.amount else "",
            "nothing": write(Price(Decimal(0), price.currency)),
            "free": shipping is not None and not shipping.amount,
            "foreign": price.currency != "EUR",
            "converted": write(euros),
            **_seller(seller),
        }

    def _shipping(self, seller: Account, listing: Listing) -> Price | None:
        """What sending this copy alone to France costs, where the seller states it."""
        assert seller.shop is not None
        return self._world.shipping(seller, "France", [listing]) if seller.shop.states_shipping else None


def _not_found() -> Response:
    return HTMLResponse("<!DOCTYPE html><title>404</title><h1>404</h1>", 404)


def _ordered(copies: list[Listing], sort: str) -> list[Listing]:
    """By what the address says, such as "price,asc"; cheapest first for what the site does not know."""
    key, _, order = sort.partition(",")
    in_order = sorted(copies, key=_ORDERS.get(key, _ORDERS["price"]))
    return in_order[::-1] if order == "desc" else in_order


def _seller(seller: Account) -> dict[str, Any]:
    shop = seller.shop
    assert shop is not None
    return {
        "seller": quote(seller.name),
        "seller_id": seller.id,
        "rating": f"{shop.rating:.1f}",
        "ratings": f"{shop.ratings:,}" if shop.ratings else "",
        "stars": stars(float(shop.rating)),
        "country": seller.country,
    }
