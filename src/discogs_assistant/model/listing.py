"""A copy for sale, and the seller who offers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.money import Money


class Origin(StrEnum):
    """How a listing came here; `page` is a saved or fetched sell page."""

    INVENTORY = "inventory"
    LISTING = "listing"
    PAGE = "page"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller as far as known: `rating` is a percentage, `shipping_text` the seller's own words."""

    name: str
    id: int | None = None
    rating: Decimal | None = None
    ratings: int | None = None
    ships_from: str | None = None
    min_order: Money | None = None
    shipping_text: str | None = None
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One copy for sale. `ships_from` is an ISO code; `as_of` the moment its source reported it.

    `shipping` is what sending this copy costs the person who looked, `shipping_text` the words for it;
    `shipping_blocked` is True where the seller does not send to that person's country.
    """

    id: ListingId
    release_id: ReleaseId
    seller: str
    price: Money
    as_of: datetime
    origin: Origin
    media: Grade | None = None
    sleeve: SleeveGrade | None = None
    comments: str | None = None
    ships_from: str | None = None
    allow_offers: bool | None = None
    posted: datetime | None = None
    shipping: Money | None = None
    shipping_text: str | None = None
    shipping_blocked: bool | None = None
    quantity: int = 1
    grams: int | None = None
    format: str | None = None
    artist: str | None = None
    title: str | None = None
    label: str | None = None
    catno: str | None = None
    year: int | None = None
    thumb: str | None = None
    have: int | None = None
    want: int | None = None
    status: str = "For Sale"
