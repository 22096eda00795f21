"""The parts that carts and orders of a plan share: a copy, its shipping, its seller, its release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from discogs_assistant.engine.carts.free_shipping import FreeShipping
from discogs_assistant.engine.carts.unusual_prices import CHEAP, DEAR
from discogs_assistant.engine.shipping.import_charges import import_charges
from discogs_assistant.engine.shipping.next_record import neighbouring_costs, next_record
from discogs_assistant.engine.shipping.tariffs import ParcelSize, Tariff
from discogs_assistant.model.country import country_name
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.links import Links
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import Release
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.candidates import EligibleCopies
from discogs_assistant.pipelines.carts.market import Market
from discogs_assistant.pipelines.carts.result import (
    CartLine,
    EstimatedCharges,
    MinimumOrder,
    ParcelShipping,
    SellerFacts,
    ToFreeShipping,
)
from discogs_assistant.pipelines.carts.sentences import customs_sentence, estimated_weight_sentence
from discogs_assistant.pipelines.catalogue.partial_releases import release_of_listing
from discogs_assistant.pipelines.market.shipping_costs import SellerShipping
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.fields import described
from discogs_assistant.sources.import_charges import installed_import_charges

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

    def shipping(
        self, seller: int, rows: Sequence[int], counted: bool, quantities: Sequence[int] | None = None
    ) -> ParcelShipping:
        """What sending a parcel costs, of one of each copy or so many; `counted` where it is in the total."""
        parcel = self.choice.copies.parcel(_repeated(rows, quantities))
        seller_shipping = self._shipping_of(seller)
        basis = seller_shipping.basis(parcel.items)
        tariff = seller_shipping.tariff
        quote = None if tariff is None else tariff.quote(parcel)
        known = basis.confidence is not Confidence.UNKNOWN
        weight = self._estimated_weight(tariff, parcel, rows)
        return ParcelShipping(
            status=Confidence.ESTIMATED if weight else basis.confidence,
            source=basis.source,
            minor=None if quote is None else quote.minor,
            currency=None if quote is None else self.market.rates.target,
            method=quote.method or None if quote else None,
            sentence=basis.sentence + weight + (_ON_TOP if known and not counted else ""),
            text=next((t for row in rows if (t := self.listings[row].shipping_text)), None),
            in_budget=counted and known,
            further=None if tariff is None else next_record(tariff, parcel, parcel.grams // parcel.items),
        )

    def min_order(
        self, seller: int, rows: Sequence[int], quantities: Sequence[int] | None = None
    ) -> MinimumOrder | None:
        """The seller's minimum order, where there is one."""
        seller_shipping = self._shipping_of(seller)
        if not seller_shipping.min_order:
            return None
        parcel = self.choice.copies.parcel(_repeated(rows, quantities))
        return MinimumOrder(
            minor=seller_shipping.min_order,
            currency=seller_shipping.worth,
            short_minor=max(0, seller_shipping.min_order - parcel.worth),
        )

    def to_free_shipping(self, seller: int, found: FreeShipping | None) -> ToFreeShipping | None:
        """What is missing to free shipping."""
        if found is None:
            return None
        copies, row = self.choice.copies, found.row
        return ToFreeShipping(
            missing=Money(found.missing, self._shipping_of(seller).worth),
            listing_id=None if row is None else ListingId(int(copies.listing[row])),
            release_id=None if row is None else ReleaseId(int(copies.release[row])),
            more_minor=found.more,
        )

    def charges(self, seller: int, merchandise_minor: int, shipping_minor: int) -> EstimatedCharges | None:
        """What customs may ask.

        None where a country is not known or not in the installed table, or no rate is held for its currency.
        """
        table = installed_import_charges()
        ships_from = self.market.sellers[self.choice.copies.sellers[seller]].ships_from
        rules = table.for_parcel(ships_from, self.destination)
        rates = self.market.rates
        if rules is None or not all(map(rates.has_rate, rules.currencies)):
            return None
        found = import_charges(rules, merchandise_minor, shipping_minor, rates)
        return EstimatedCharges(
            vat_minor=found.vat,
            duty_minor=found.duty,
            handling_minor=found.handling,
            day=table.day,
            source=rules.source,
        )

    def customs(self, seller: int, rows: Sequence[int]) -> str | None:
        """A warning where a parcel crosses a customs border."""
        own = self.market.sellers[self.choice.copies.sellers[seller]].ships_from
        return customs_sentence((self.listings[row].ships_from or own for row in rows), self.destination)

    def moments(self, places: Iterable[int]) -> list[datetime]:
        """When Discogs reported the copies, and what these sellers charge to send them."""
        shipping = (self._shipping_of(place).reported_at for place in places)
        copies = (listing.as_of for listing in self.listings.values())
        return [*copies, *(moment for moment in shipping if moment is not None)]

    def sellers(self, places: Iterable[int]) -> dict[str, SellerFacts]:
        """These sellers by name."""
        names = sorted({self.choice.copies.sellers[place] for place in places})
        return {name: _seller_facts(self.market.sellers[name], self.market.links) for name in names}

    def releases(self, mentioned: Iterable[int]) -> dict[ReleaseId, Release]:
        """These releases by id, with all that is known about them."""
        offered = {listing.release_id: listing for listing in self.listings.values()}
        return {id: described(self._release(id, offered)) for id in map(ReleaseId, sorted(mentioned))}

    def _estimated_weight(self, tariff: Tariff | None, parcel: ParcelSize, rows: Sequence[int]) -> str:
        """What depends on it, where a parcel goes by weight and that of a copy is only the usual one."""
        beside = None if tariff is None else neighbouring_costs(tariff, parcel)
        if beside is None or self.market.weighed[self.choice.rows[list(rows)]].all():
            return ""
        return estimated_weight_sentence(parcel.grams, *beside, self.market.rates.target)

    def _shipping_of(self, seller: int) -> SellerShipping:
        return self.market.shipping[self.choice.copies.sellers[seller]]

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


def _repeated(rows: Sequence[int], quantities: Sequence[int] | None) -> Sequence[int]:
    """Each row as often as its copy is bought; once without quantities."""
    if quantities is None:
        return rows
    return [row for row, count in zip(rows, quantities, strict=True) for _ in range(count)]


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
