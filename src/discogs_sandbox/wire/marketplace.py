"""Listings and lowest prices."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from discogs_sandbox.wire.database import lowest_price
from discogs_sandbox.wire.fields import (
    API,
    SITE,
    Json,
    amount,
    artists_text,
    community_stats,
    format_text,
    thumbnail_url,
    timestamp,
    to_json,
)
from discogs_sandbox.wire.users import stars, user_url
from discogs_sandbox.world.entities import Account, Listing, Release, Work
from discogs_sandbox.world.prices import Price, convert, currency_number, english
from discogs_sandbox.world.world import World


class MarketplaceJson:
    """The market of a world as JSON; what has not changed is made once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._heads: dict[int, tuple[Listing, str]] = {}
        self._sellers: dict[str, str] = {}
        self._releases: dict[tuple[int, bool], str] = {}

    def inventory_entry(self, listing: Listing, *, images: bool) -> str:
        """An entry of a seller's inventory as JSON text, in the seller's currency."""
        cached, head = self._heads.get(listing.id, (None, ""))
        if cached is not listing:
            head = to_json({**self._head(listing, listing.price), "offer_submitted": False})
            self._heads[listing.id] = (listing, head)
        seller, release = self._seller_text(listing.seller), self._release_text(listing.release, images)
        return f'{head[:-1]},"seller":{seller},"release":{release}}}'

    def _seller_text(self, name: str) -> str:
        if name not in self._sellers:
            self._sellers[name] = to_json(_seller(self._world.accounts[name]))
        return self._sellers[name]

    def _release_text(self, release_id: int, images: bool) -> str:
        key = (release_id, images)
        if key not in self._releases:
            release = self._world.releases[release_id]
            fields = _release(release, self._world.work_of(release), images)
            self._releases[key] = to_json({**fields, "label": release.labels[0][0].name})
        return self._releases[key]

    def listing(
        self, listing: Listing, currency: str | None, viewer: Account | None, *, images: bool
    ) -> Json:
        """A listing's own answer; `currency` is what its price is shown in, if not the seller's."""
        shown_in = currency or listing.price.currency
        release = self._world.releases[listing.release]
        answer = {
            **self._head(listing, convert(listing.price, shown_in)),
            "seller": _seller(self._world.accounts[listing.seller]),
            "release": _release(release, self._world.work_of(release), images),
        }
        if viewer is None:
            return answer
        answer["in_cart"] = False
        answer["release"]["stats"]["user"] = {
            "in_wantlist": sum(1 for want in viewer.wants if want.release == listing.release),
            "in_collection": sum(1 for item in viewer.items if item.release == listing.release),
        }
        self._add_shipping(answer, listing, viewer)
        return answer

    def stats(self, release: Release, currency: str) -> Json:
        """The lowest price, null where none is for sale; of a blocked release the number is null, too."""
        copies = self._world.for_sale(release.id)
        value = lowest_price(copies, currency)
        return {
            "lowest_price": None if value is None else {"value": value, "currency": currency},
            "num_for_sale": None if release.blocked else len(copies),
            "blocked_from_sale": release.blocked,
        }

    def _add_shipping(self, answer: Json, listing: Listing, viewer: Account) -> None:
        """What sending this copy alone to the viewer costs; nothing of sellers without policies."""
        seller = self._world.accounts[listing.seller]
        stated = seller.shop is not None and seller.shop.states_shipping
        shipping = self._world.shipping(seller, viewer.country, [listing]) if stated else None
        answer["shipping_is_blocked"] = stated and shipping is None
        if shipping is not None:
            shown = convert(shipping, answer["price"]["currency"])
            answer["shipping_price"] = {"value": amount(shown), "currency": shown.currency}
            answer["original_shipping_price"] = _original(shipping)

    def _head(self, listing: Listing, price: Price) -> Json:
        return {
            "id": listing.id,
            "resource_url": f"{API}/marketplace/listings/{listing.id}",
            "uri": f"{SITE}/sell/item/{listing.id}",
            "status": listing.status,
            "condition": listing.media,
            "sleeve_condition": listing.sleeve,
            "comments": escape(listing.comments),
            "ships_from": self._world.accounts[listing.seller].country,
            "posted": timestamp(listing.posted),
            "allow_offers": listing.offers,
            "audio": False,
            "price": {"value": amount(price), "currency": price.currency},
            "original_price": _original(listing.price),
            "shipping_price": {},
            "original_shipping_price": {},
        }


def _original(price: Price) -> Json:
    value = amount(price)
    return {
        "curr_abbr": price.currency,
        "curr_id": currency_number(price.currency),
        "formatted": english(price),
        "value": value,
    }


def _seller(account: Account) -> Json:
    shop = account.shop
    assert shop is not None
    return {
        "id": account.id,
        "username": account.name,
        "avatar_url": f"{SITE}/images/U-{account.id}.svg",
        "stats": {"rating": f"{shop.rating:.1f}", "stars": stars(float(shop.rating)), "total": shop.ratings},
        "min_order_total": amount(shop.min_order) if shop.min_order else 0.0,
        "html_url": f"{SITE}/user/{quote(account.name)}",
        "uid": account.id,
        "url": user_url(account),
        "payment": "PayPal Commerce",
        "shipping": shop.terms,
        "resource_url": user_url(account),
    }


def _release(release: Release, work: Work, images: bool) -> Json:
    """The release as a listing has it: no master, no genres, no styles."""
    text = format_text(release.formats)
    return {
        "thumbnail": thumbnail_url(release.id) if images and release.has_image else "",
        "description": f"{artists_text(work)} - {work.title} ({text})",
        "images": [],
        "artist": artists_text(work),
        "format": text,
        "resource_url": f"{API}/releases/{release.id}",
        "title": work.title,
        "year": release.year,
        "id": release.id,
        "catalog_number": ", ".join(catno for _, catno in release.labels),
        "stats": community_stats(release),
    }
