"""The parts that carts and parcels of a plan share in documents: a copy, its postage, its seller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discogs_assistant.engine.left_out import size_of
from discogs_assistant.model.country import country_name
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.links import Links
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Money
from discogs_assistant.model.release import MarketStats, Release
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.cart_choice import Choice
from discogs_assistant.pipelines.cart_market import Market
from discogs_assistant.pipelines.cart_words import customs_sentence
from discogs_assistant.pipelines.named_releases import release_of_listing
from discogs_assistant.pipelines.release_document import release_json

_ON_TOP = " It comes on top."


@dataclass(frozen=True, slots=True)
class Told:
    """A market, what was chosen from it, and all that is told of the copies shown, by row of the choice."""

    market: Market
    choice: Choice
    listings: Mapping[int, Listing]
    destination: str | None

    def line(self, row: int) -> dict[str, Any]:
        """A copy as a card shows it."""
        listing = self.listings[row]
        level = self.market.levels.get(listing.release_id)
        price = Money(int(self.choice.copies.price[row]), self.market.rates.target)
        ratio = level.ratio(price) if level else None
        candidate = self.choice.candidates[listing.release_id]
        return {
            "listing_id": int(listing.id),
            "release_id": int(listing.release_id),
            "price": money_json(listing.price),
            "price_minor": price.minor,
            "media": listing.media.short if listing.media is not None else None,
            "sleeve": listing.sleeve.short if listing.sleeve is not None else None,
            "comments": listing.comments,
            "ratio_to_lowest": None if ratio is None else str(ratio),
            "allow_offers": listing.allow_offers,
            "origin": candidate.origin,
            "reason": candidate.reason,
            "score_micro": candidate.score_micro,
            "shipping": money_json(listing.shipping),
            "as_of": listing.as_of.isoformat(),
        }

    def parcel(self, seller: int, rows: Sequence[int], counted: bool) -> dict[str, Any]:
        """Postage, minimum order and customs of a parcel; `counted`: its postage is within the total."""
        name = self.choice.copies.sellers[seller]
        listings = [self.listings[row] for row in rows]
        own = self.market.sellers[name].ships_from
        return {
            "shipping": self._shipping(name, rows, counted),
            "min_order": self._min_order(name, rows),
            "customs": customs_sentence((one.ships_from or own for one in listings), self.destination),
        }

    def _shipping(self, name: str, rows: Sequence[int], counted: bool) -> dict[str, Any]:
        postage = self.market.postages[name]
        basis = postage.basis(len(rows))
        cost = None
        if postage.tariff is not None:
            cost = postage.tariff.cost(size_of(self.choice.copies, rows, postage.tariff.unit))
        known = basis.confidence is not Confidence.UNKNOWN
        text = next((t for row in rows if (t := self.listings[row].shipping_text)), None)
        return {
            "status": basis.confidence.value,
            "minor": cost,
            "currency": str(self.market.rates.target) if cost is not None else None,
            "sentence": basis.sentence + (_ON_TOP if known and not counted else ""),
            "text": text,
            "in_budget": counted and known,
        }

    def _min_order(self, name: str, rows: Sequence[int]) -> dict[str, Any] | None:
        postage = self.market.postages[name]
        if not postage.min_order:
            return None
        worth = int(self.choice.copies.worth[list(rows)].sum())
        return {
            "minor": postage.min_order,
            "currency": str(postage.worth),
            "short_minor": max(0, postage.min_order - worth),
        }

    def sellers(self, places: Iterable[int]) -> dict[str, Any]:
        """These sellers by name."""
        names = sorted({self.choice.copies.sellers[place] for place in places})
        return {name: seller_json(self.market.sellers[name], self.market.links) for name in names}

    def releases(self, mentioned: Iterable[int]) -> dict[str, Any]:
        """These releases by id, as fully as they are known."""
        offered = {one.release_id: one for one in self.listings.values()}
        return {str(id): release_json(self._release(ReleaseId(id), offered)) for id in sorted(mentioned)}

    def _release(self, id: ReleaseId, offered: Mapping[ReleaseId, Listing]) -> Release:
        known = self.market.releases.get(id)
        if known is not None:
            return known
        return release_of_listing(offered[id]) if id in offered else Release(id, f"Release {id}")


def seller_json(seller: Seller, links: Links) -> dict[str, Any]:
    """What a person wants to know of a seller."""
    return {
        "rating": None if seller.rating is None else float(seller.rating),
        "ratings": seller.ratings,
        "ships_from": seller.ships_from,
        "country": country_name(seller.ships_from) if seller.ships_from else None,
        "min_order": money_json(seller.min_order),
        "shipping_text": seller.shipping_text,
        "link": links.seller(seller.name),
    }


def floor_json(floor: MarketStats) -> dict[str, Any]:
    """Discogs' lowest price of a record, and of how many copies."""
    return {
        "lowest": money_json(floor.lowest),
        "for_sale": floor.for_sale,
        "as_of": floor.as_of.isoformat(),
    }


def money_json(money: Money | None) -> dict[str, Any] | None:
    """An amount as minor units with its currency."""
    return None if money is None else {"minor": money.minor, "currency": str(money.currency)}
