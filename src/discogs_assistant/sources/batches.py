"""Gathering copies for sale into one batch: each listing and each seller once, problems counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId
from discogs_assistant.model.listing import Listing, MarketBatch, Seller

FOR_SALE = "For Sale"
_MOST_PROBLEMS = 1_000


@dataclass(slots=True)
class Gathering:
    """What one source told so far; `name` is the source's in sentences."""

    name: str
    listings: dict[ListingId, Listing] = field(default_factory=dict)
    sellers: dict[str, Seller] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    not_for_sale: int = 0
    more_problems: int = 0

    def add(self, listing: Listing, seller: Seller) -> bool:
        """Take a copy over; False where its listing is known already, and the earlier one stays."""
        if listing.status.casefold() != FOR_SALE.casefold():
            self.not_for_sale += 1
            return True
        self.sellers.setdefault(seller.name, seller)
        return self.listings.setdefault(listing.id, listing) is listing

    def problem(self, sentence: str) -> None:
        """Note what could not be read; beyond 1,000 sentences only their number is kept."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(sentence)
        else:
            self.more_problems += 1

    def take_over(self, batch: MarketBatch) -> None:
        """Join another batch to this one; a listing that both know stays as it is here."""
        for listing in batch.listings:
            self.listings.setdefault(listing.id, listing)
        for seller in batch.sellers:
            self.sellers.setdefault(seller.name, seller)
        for sentence in batch.problems:
            self.problem(sentence)

    def batch(self) -> MarketBatch:
        """What was gathered, the sellers without a listing left out."""
        kept = {listing.seller for listing in self.listings.values()}
        sellers = tuple(seller for seller in self.sellers.values() if seller.name in kept)
        return MarketBatch(tuple(self.listings.values()), sellers, tuple(self._sentences()))

    def usable_batch(self) -> MarketBatch:
        """As `batch`, but `BadInputError` where not one copy could be read."""
        if not self.listings:
            first = f" {self.problems[0]}" if self.problems else ""
            raise BadInputError(f"{self.name} holds no copy for sale that can be used.{first}")
        return self.batch()

    def _sentences(self) -> Iterable[str]:
        yield from self.problems
        if self.more_problems:
            yield f"{self.name}: there are {self.more_problems:,} more problems."
        if self.not_for_sale:
            yield f"{self.name}: {self.not_for_sale:,} of its listings are not for sale and were left out."
