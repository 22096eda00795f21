"""The parts that carts and orders of a plan share: a copy, its shipping, its seller, its release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from discogs_assistant.engine.carts.unusual_prices import CHEAP, DEAR
from discogs_assistant.model.country import country_name
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.links import Links
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import Release
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.candidates import EligibleCopies
from discogs_assistant.pipelines.carts.market import Market
from discogs_assistant.pipelines.carts.result import CartLine, MinimumOrder, ParcelShipping, SellerFacts
from discogs_assistant.pipelines.carts.sentences import customs_sentence
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_listing
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.fields import described

_UNUSUAL: Mapping[int, Literal["dear", "cheap"]] = {DEAR: "dear", CHEAP: "cheap"}
_ON_TOP = " It comes on top."


@dataclass(frozen=True, slots=True)
class ShownCopies:
    """The copies that a document shows, by row of the eligible ones, with all that is known of them."""

    market: Market
    choice: EligibleCopies
    listings: Mapping[int, Listing]
    destination: str | None

    def line(self, row: int) -> CartLine:
        """A copy as a cart shows it."""
        listing = self.listings[row]
        level = self.market.levels.get(listing.release_id)
        price = Money(int(self.choice.copies.price[row]), self.market.rates.target)
        candidate = self.choice.candidates[listing.release_id]
        return CartLine(
            listing_id=listing.id,
            release_id=listing.release_id,
            price=listing.price,
            price_minor=price.minor,
            media=listing.media.short if listing.media is not None else None,
            sleeve=listing.sleeve.short if listing.sleeve is not None else None,
            comments=listing.comments,
            ratio_to_lowest=level.ratio(price) if level else None,
            usual_minor=level.median.minor if level and level.median else None,
            unusual=_UNUSUAL.get(int(self.market.unusual[self.choice.rows[row]])),
            allow_offers=listing.allow_offers,
            origin=candidate.origin,
            reason=candidate.reason,
            score_micro=candidate.score_micro,
            shipping=listing.shipping,
            as_of=listing.as_of,
        )

    def shipping(self, seller: int, rows: Sequence[int], counted: bool) -> ParcelShipping:
        """What sending a parcel costs; `counted` where that is within the total."""
        name = self.choice.copies.sellers[seller]
        seller_shipping = self.market.shipping[name]
        basis = seller_shipping.basis(len(rows))
        tariff = seller_shipping.tariff
        quote = None if tariff is None else tariff.quote(self.choice.copies.parcel(rows))
        known = basis.confidence is not Confidence.UNKNOWN
        return ParcelShipping(
            status=basis.confidence,
            minor=None if quote is None else quote.minor,
            currency=None if quote is None else self.market.rates.target,
            sentence=basis.sentence + (_ON_TOP if known and not counted else ""),
            text=next((t for row in rows if (t := self.listings[row].shipping_text)), None),
            in_budget=counted and known,
        )

    def min_order(self, seller: int, rows: Sequence[int]) -> MinimumOrder | None:
        """The seller's minimum order, where there is one."""
        seller_shipping = self.market.shipping[self.choice.copies.sellers[seller]]
        if not seller_shipping.min_order:
            return None
        worth = int(self.choice.copies.worth[list(rows)].sum())
        return MinimumOrder(
            minor=seller_shipping.min_order,
            currency=seller_shipping.worth,
            short_minor=max(0, seller_shipping.min_order - worth),
        )

    def customs(self, seller: int, rows: Sequence[int]) -> str | None:
        """A warning where a parcel crosses a customs border."""
        own = self.market.sellers[self.choice.copies.sellers[seller]].ships_from
        return customs_sentence((self.listings[row].ships_from or own for row in rows), self.destination)

    def sellers(self, places: Iterable[int]) -> dict[str, SellerFacts]:
        """These sellers by name."""
        names = sorted({self.choice.copies.sellers[place] for place in places})
        return {name: _seller_facts(self.market.sellers[name], self.market.links) for name in names}

    def releases(self, mentioned: Iterable[int]) -> dict[ReleaseId, Release]:
        """These releases by id, with all that is known about them."""
        offered = {listing.release_id: listing for listing in self.listings.values()}
        return {id: described(self._release(id, offered)) for id in map(ReleaseId, sorted(mentioned))}

    def _release(self, id: ReleaseId, offered: Mapping[ReleaseId, Listing]) -> Release:
        known = self.market.releases.get(id)
        if known is not None:
            return known
        return release_of_listing(offered[id]) if id in offered else Release(id, f"Release {id}")


def shown_copies(
    ctx: Context, market: Market, choice: EligibleCopies, criteria: CartCriteria, rows: Iterable[int]
) -> ShownCopies:
    """What is known of the copies in `rows` of the choice; `MarketChangedError` where that has changed."""
    chosen = sorted(rows)
    found = market.listings(ctx, (int(choice.rows[row]) for row in chosen))
    listings = {row: found[int(choice.rows[row])] for row in chosen}
    return ShownCopies(market, choice, listings, criteria.destination)


def _seller_facts(seller: Seller, links: Links) -> SellerFacts:
    return SellerFacts(
        rating=None if seller.rating is None else float(seller.rating),
        ratings=seller.ratings,
        ships_from=seller.ships_from,
        country=country_name(seller.ships_from) if seller.ships_from else None,
        min_order=seller.min_order,
        shipping_text=seller.shipping_text,
        link=links.seller(seller.name),
    )
