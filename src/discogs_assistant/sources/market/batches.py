"""Copies for sale in batches: each listing once, problems counted; one batch for a page, many for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.tally import Tally
from discogs_assistant.sources.csv_files.rows import chunks

FOR_SALE = "For Sale"
COPIES_AT_ONCE = 1_000
_MOST_PROBLEMS = 1_000
_SELLERS_REMEMBERED = 10_000


@dataclass(slots=True)
class Gathering:
    """What one page holds, or the pages of a list; `name` is theirs in sentences."""

    name: str
    listings: dict[ListingId, Listing] = field(default_factory=dict)
    sellers: dict[str, Seller] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    not_for_sale: int = 0
    more_problems: int = 0

    def add(self, listing: Listing, seller: Seller) -> bool:
        """Add a copy; False if its listing is already known, and the earlier one stays."""
        if listing.status.casefold() != FOR_SALE.casefold():
            self.not_for_sale += 1
            return True
        self.sellers.setdefault(seller.name, seller)
        return self.listings.setdefault(listing.id, listing) is listing

    def problem(self, sentence: str) -> None:
        """Note a problem; beyond 1,000 sentences only their number is recorded."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(sentence)
        else:
            self.more_problems += 1

    def take_over(self, batch: MarketBatch) -> None:
        """Add another page's batch to this one; a listing in both stays as it is here."""
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

    def _sentences(self) -> Iterable[str]:
        yield from self.problems
        if self.more_problems:
            yield f"{self.name}: there are {self.more_problems:,} more problems."
        if self.not_for_sale:
            yield f"{self.name}: {self.not_for_sale:,} of its listings are not for sale and were left out."


@dataclass(frozen=True, slots=True)
class Offered:
    """A copy with its seller as a reader met it; `line` is its place in a table."""

    listing: Listing
    seller: Seller
    line: int = 0


class Notes(Protocol):
    """Where a reader records what it cannot use, until the sentences are read."""

    def twice(self, offered: Offered) -> None:
        """Note that the listing is in the file already."""
        ...

    def take(self) -> list[str]:
        """The sentences since the last call."""
        ...

    def rest(self) -> list[str]:
        """As `take`, at the file's end: with the number of the dropped ones."""
        ...


def in_batches(name: str, offers: Iterable[Offered], notes: Notes, seen: Tally) -> Iterator[MarketBatch]:
    """The copies for sale in batches of at most 1,000, each listing once, with what was noted meanwhile.

    `BadInputError` at the end where there was not one; nothing comes before it then.
    """
    usable, not_for_sale = False, 0
    sentences: list[str] = []
    sellers = _NewSellers()
    for chunk in chunks(offers, COPIES_AT_ONCE):
        for_sale = [offer for offer in chunk if offer.listing.status.casefold() == FOR_SALE.casefold()]
        not_for_sale += len(chunk) - len(for_sale)
        before = seen.add([offer.listing.id for offer in for_sale])
        new = [offer for offer, count in zip(for_sale, before, strict=True) if count == 0]
        for offer, count in zip(for_sale, before, strict=True):
            if count:
                notes.twice(offer)
        sentences += notes.take()
        if new:
            usable = True
            yield MarketBatch(tuple(offer.listing for offer in new), sellers.among(new), tuple(sentences))
            sentences = []
    sentences += notes.rest()
    if not usable:
        first = f" {sentences[0]}" if sentences else ""
        raise BadInputError(f"{name} holds no copy for sale that can be used.{first}")
    if not_for_sale:
        sentences.append(f"{name}: {not_for_sale:,} of its listings are not for sale and were left out.")
    yield MarketBatch((), (), tuple(sentences))


def unseen(batches: Iterable[MarketBatch], seen: Tally) -> Iterator[MarketBatch]:
    """The batches without the listings that are in `seen` already."""
    for batch in batches:
        before = seen.add([listing.id for listing in batch.listings])
        new = tuple(listing for listing, count in zip(batch.listings, before, strict=True) if count == 0)
        yield replace(batch, listings=new)


def at_most(batches: Iterator[MarketBatch], limit: int | None, name: str) -> Iterator[MarketBatch]:
    """The first `limit` copies of a file's batches; where there are more, reading ends with a sentence."""
    left = limit
    for batch in batches:
        if left is None or len(batch.listings) <= left:
            left = None if left is None else left - len(batch.listings)
            yield batch
            continue
        sentence = (
            f"{name}: only its first {limit:,} copies were read; a file may hold no more here. "
            "Upload the rest as a separate file."
        )
        yield replace(batch, listings=batch.listings[:left], problems=(*batch.problems, sentence))
        return


class _NewSellers:
    """Which sellers of a batch are not the same in an earlier batch of the file; it remembers 10,000."""

    def __init__(self) -> None:
        self._sent: set[Seller] = set()

    def among(self, offers: Sequence[Offered]) -> tuple[Seller, ...]:
        first: dict[str, Seller] = {}
        for offer in offers:
            first.setdefault(offer.seller.name, offer.seller)
        new = tuple(seller for seller in first.values() if seller not in self._sent)
        if len(self._sent) > _SELLERS_REMEMBERED:
            self._sent.clear()
        self._sent.update(new)
        return new
