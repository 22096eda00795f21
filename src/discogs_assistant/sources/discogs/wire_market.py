"""Copies for sale, their sellers, and price floors from Discogs' JSON."""

from __future__ import annotations

import html
from datetime import datetime

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import find_country
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, ReleaseId, printable
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_money import read_amount, read_money
from discogs_assistant.sources.discogs.wire_release import read_year

Offer = tuple[Listing, Seller]
"""A copy for sale with its seller."""


def read_listing(fields: Fields, *, as_of: datetime, origin: Origin) -> Offer:
    """A listing with its seller; `UnexpectedAnswerError` where it cannot be used."""
    release = fields.required_part("release")
    seller = _seller(fields, read_country(fields.text("ships_from")))
    community = _community(release)
    listing = Listing(
        id=ListingId(fields.required_identifier("id")),
        release_id=ReleaseId(release.required_identifier("id")),
        seller=seller.name,
        price=_price(fields),
        as_of=as_of,
        origin=origin,
        media=_media(fields),
        sleeve=_sleeve(fields),
        comments=_unescaped(fields.text("comments")),
        ships_from=seller.ships_from,
        allow_offers=fields.flag("allow_offers"),
        posted=fields.moment("posted"),
        shipping=_sellers_own(fields, "shipping_price"),
        shipping_blocked=fields.flag("shipping_is_blocked"),
        grams=_grams(fields),
        format=release.text("format"),
        artist=release.text("artist"),
        title=release.text("title"),
        label=release.text("label"),
        catno=release.text("catalog_number"),
        year=read_year(release, "year"),
        thumb=release.link("thumbnail"),
        have=community.whole("in_collection") if community else None,
        want=community.whole("in_wantlist") if community else None,
        status=fields.text("status") or "For Sale",
    )
    return listing, seller


def unknown_parts(fields: Fields) -> list[str]:
    """Sentences on what a readable listing says in words that have no place in the model."""
    country = fields.text("ships_from")
    if country is None or read_country(country) is not None:
        return []
    return [
        f"Listing {fields.whole('id')} ships from “{printable(country)}”, which is no country known here: "
        "it fails each filter on countries."
    ]


def read_stats(fields: Fields, release_id: ReleaseId, as_of: datetime) -> MarketStats:
    """`/marketplace/stats/{release_id}`: no lowest price where none is for sale."""
    return MarketStats(
        release_id,
        lowest=read_money(fields, "lowest_price"),
        for_sale=fields.whole("num_for_sale") or 0,
        blocked=bool(fields.flag("blocked_from_sale")),
        as_of=as_of,
    )


def read_country(name: str | None) -> str | None:
    """The ISO code of Discogs' English country name."""
    return find_country(name) if name else None


def _price(fields: Fields) -> Money:
    price = _sellers_own(fields, "price")
    if price is None:
        raise fields.wrong("price", "is missing")
    if price.minor <= 0:
        raise fields.wrong("price.value", "is not above 0")
    return price


def _sellers_own(fields: Fields, key: str) -> Money | None:
    """The amount in the currency in which the seller asks for it.

    Where `original_…` has another currency, the plain one is Discogs' conversion for the reader.
    """
    shown = read_money(fields, key)
    original = fields.part(f"original_{key}")
    if original is None or original.text("curr_abbr") in {None, shown.currency if shown else None}:
        return shown
    return read_money(fields, f"original_{key}")


def _seller(fields: Fields, ships_from: str | None) -> Seller:
    seller = fields.required_part("seller")
    stats = seller.part("stats")
    ratings = stats.whole("total") if stats else None
    return Seller(
        name=_seller_name(seller),
        id=seller.identifier("id") or seller.identifier("uid"),
        rating=stats.number("rating") if stats and ratings != 0 else None,
        ratings=ratings,
        ships_from=ships_from,
        min_order=read_amount(seller, "min_order_total", _price(fields).currency),
        shipping_text=seller.text("shipping"),
        payment=seller.text("payment"),
    )


def _seller_name(seller: Fields) -> str:
    name = seller.text("username")
    if name is None:
        raise seller.wrong("username", "is missing")
    return name


def _media(fields: Fields) -> Grade | None:
    text = fields.text("condition")
    try:
        return Grade.parse(text) if text else None
    except BadInputError:
        raise fields.wrong("condition", f"is “{printable(text or '')}”, which is no grade") from None


def _sleeve(fields: Fields) -> SleeveGrade | None:
    text = fields.text("sleeve_condition")
    try:
        return SleeveGrade.parse(text) if text else None
    except BadInputError:
        raise fields.wrong("sleeve_condition", f"is “{printable(text or '')}”, which is no grade") from None


def _unescaped(text: str | None) -> str | None:
    return html.unescape(text) if text else None


def _grams(fields: Fields) -> int | None:
    """The weight, which only the seller sees; it may say "auto"."""
    return None if fields.is_text("weight") else (fields.whole("weight") or None)


def _community(release: Fields) -> Fields | None:
    stats = release.part("stats")
    return stats.part("community") if stats else None
