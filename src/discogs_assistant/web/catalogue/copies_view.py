"""Copies of one release for sale: those known by seller, and the floor that Discogs reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import MarketStats
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import price_floors, sellers
from discogs_assistant.web.catalogue.lowest_prices import rates_into
from discogs_assistant.web.session import Visitor

_MOST = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy with its price in the visitor's currency, None where no rate for its own is known."""

    listing: Listing
    seller: Seller | None
    price: Money | None


@dataclass(frozen=True, slots=True)
class CopiesView:
    """The cheapest of `count` known copies, the oldest seen at `as_of`; `floor` as Discogs reports it."""

    rows: tuple[Copy, ...]
    count: int
    as_of: datetime | None
    floor: MarketStats | None

    @property
    def more(self) -> int:
        """How many known copies are not shown."""
        return self.count - len(self.rows)


def copies_view(visitor: Visitor, id: ReleaseId) -> CopiesView:
    """What may still be shown by its age, the cheapest first; three statements and the day's rates."""
    db, currency = visitor.ctx.db, visitor.chosen.currency
    listings = stored_listings.listings_for(db, visitor.owner, [id], since=visitor.since)
    named = sellers.sellers(db, visitor.owner, {listing.seller for listing in listings}) if listings else {}
    floor = price_floors.stats(db, [id], currency, visitor.since).get(id)
    rates = rates_into(visitor, currency)
    copies = [
        Copy(listing, named.get(listing.seller), rates.convert(listing.price))
        if listing.price.currency in rates.values
        else Copy(listing, named.get(listing.seller), None)
        for listing in listings
    ]
    copies.sort(key=_order)
    oldest = min((listing.as_of for listing in listings), default=None)
    return CopiesView(tuple(copies[:_MOST]), len(copies), oldest, floor)


def _order(copy: Copy) -> tuple[bool, int, int]:
    return copy.price is None, copy.price.minor if copy.price else 0, copy.listing.id
