"""Copies for sale in batches: each listing once, problems counted; one batch for a page, many for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId
from discogs_assistant.model.listing import Listing, ListingColumns, Seller
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.tally import Tally
from discogs_assistant.sources.discogs.wire_market import Offer

FOR_SALE = "For Sale"
COPIES_AT_ONCE = 1_000
_FOR_SALE_FOLDED = FOR_SALE.casefold()
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
        if not _is_for_sale(listing.status):
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
    """Copies with their sellers as a reader met them, (n,) each; `lines` are their places in a table."""

    listings: ListingColumns
    sellers: Sequence[Seller]
    lines: Sequence[int]

    @classmethod
    def of(cls, offers: Sequence[Offer], lines: Sequence[int] | None = None) -> Offered:
        """The same copies in columns; without `lines` they come from no table."""
        listings = ListingColumns.of([listing for listing, _ in offers])
        return cls(listings, [seller for _, seller in offers], lines or [0] * len(offers))

    def take(self, places: Sequence[int]) -> Offered:
        """The copies at these places, in their order."""
        if len(places) == len(self.lines):
            return self
        sellers = [self.sellers[place] for place in places]
        return Offered(self.listings.take(places), sellers, [self.lines[place] for place in places])


class Notes(Protocol):
    """Where a reader records what it cannot use, until the sentences are read."""

    def twice(self, listing: ListingId, line: int) -> None:
        """Note that the listing is in the file already."""
        ...

    def take(self) -> list[str]:
        """The sentences since the last call."""
        ...

    def rest(self) -> list[str]:
        """As `take`, at the file's end: with the number of the dropped ones."""
        ...


def in_batches(name: str, offers: Iterable[Offered], notes: Notes, seen: Tally) -> Iterator[MarketBatch]:
    """The copies for sale of each of `offers` as a batch, each listing once, with what was noted meanwhile.

    `BadInputError` at the end where there was not one; nothing comes before it then.
    """
    usable, not_for_sale = False, 0
    sentences: list[str] = []
    sellers = _NewSellers()
    for offered in offers:
        statuses = offered.listings.column("status")
        for_sale = offered.take([at for at, status in enumerate(statuses) if _is_for_sale(status)])
        not_for_sale += len(statuses) - len(for_sale.lines)
        ids = for_sale.listings.column("id")
        before = seen.add(ids)
        for id, line, count in zip(ids, for_sale.lines, before, strict=True):
            if count:
                notes.twice(id, line)
        new = for_sale.take([at for at, count in enumerate(before) if count == 0])
        sentences += notes.take()
        if new.lines:
            usable = True
            yield MarketBatch(new.listings, sellers.among(new.sellers), tuple(sentences))
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
        listings = ListingColumns.of(batch.listings)
        before = seen.add(listings.column("id"))
        new = [at for at, count in enumerate(before) if count == 0]
        yield batch if len(new) == len(before) else replace(batch, listings=listings.take(new))


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


def _is_for_sale(status: str) -> bool:
    return status.casefold() == _FOR_SALE_FOLDED


class _NewSellers:
    """Which sellers of a batch are not the same in an earlier batch of the file; it remembers 10,000."""

    def __init__(self) -> None:
        self._sent: set[Seller] = set()

    def among(self, sellers: Iterable[Seller]) -> tuple[Seller, ...]:
        first: dict[str, Seller] = {}
        for seller in sellers:
            first.setdefault(seller.name, seller)
        new = tuple(seller for seller in first.values() if seller not in self._sent)
        if len(self._sent) > _SELLERS_REMEMBERED:
            self._sent.clear()
        self._sent.update(new)
        return new
