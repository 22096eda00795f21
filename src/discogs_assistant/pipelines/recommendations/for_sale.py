"""What is known to be for sale now, and what of it is within a price and a condition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.criteria import ListingCriteria
from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.recommendations.eligible_listings import eligible_rows
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listing_columns, price_floors


@dataclass(frozen=True, slots=True)
class OnSale:
    """The `asked` releases that are `known` to be for sale, and those `within` the limits."""

    asked: int
    known: frozenset[ReleaseId]
    within: frozenset[ReleaseId]

    def sentence(self, filters: RecommendationFilters) -> str:
        """How much is known of what the filters ask for."""
        if not self.known:
            return (
                f"No copy of {_records(self.asked)} is known to be for sale now. Add sellers or their "
                "pages to your market, or build carts, which looks for sellers."
            )
        known = f"{len(self.known):,} {'is' if len(self.known) == 1 else 'are'} known to be for sale now"
        within = f"{len(self.within):,} of them" if self.within else "none of them"
        return (
            f"Of {_records(self.asked)} {known}, {within} {_limits(filters)}. The others may be for sale "
            "too, but no seller is known."
        )


def on_sale(
    db: Database,
    owner: OwnerId,
    ids: Collection[ReleaseId],
    filters: RecommendationFilters,
    *,
    since: datetime,
    now: datetime,
) -> OnSale:
    """What copies and price floors read `since` then say about these releases.

    A floor has no condition and fails each minimum; a price that cannot be converted passes no limit.
    """
    limits = ListingCriteria(min_media=filters.min_media, max_price=filters.max_price)
    copies = listing_columns.market_rows(db, owner, ids, since=since)
    rates = rate_table(db, filters.max_price.currency, now.date()) if filters.max_price else None
    known = {ReleaseId(copy.release_id) for copy in copies}
    within = {ReleaseId(row.release_id) for row in eligible_rows(copies, {}, limits, rates)}
    if filters.max_price is not None:
        floors = price_floors.stats(db, ids, filters.max_price.currency, since)
        lowest = {id: floor.lowest for id, floor in floors.items() if floor.lowest is not None}
        known |= lowest.keys()
        if filters.min_media is None:
            within |= {id for id, price in lowest.items() if price <= filters.max_price}
    return OnSale(len(ids), frozenset(known), frozenset(within))


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _limits(filters: RecommendationFilters) -> str:
    price = f"for {filters.max_price} or less" if filters.max_price else ""
    condition = f"in {filters.min_media.short} or better" if filters.min_media else ""
    return " and ".join(words for words in (price, condition) if words)
