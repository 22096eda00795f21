"""Market sources that hold in memory what they know, one for each kind of request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from tests.sources.discogs.fakes import FakeClock

from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin, Seller
from discogs_assistant.model.market import Coverage, FileRequest, MarketBatch, ReleaseRequest, SellerRequest
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.release import MarketStats

BEGINNING = b"#copies\n"


def copy_of(seller: str, id: int, as_of: datetime) -> Listing:
    """A copy of the release with its number, for 5 euros."""
    return Listing(ListingId(id), ReleaseId(id), seller, Money(500, Currency.EUR), as_of, Origin.FILE)


@dataclass(frozen=True)
class ShopWindow:
    """The copies of one seller, all at once."""

    seller: str
    ids: tuple[int, ...]
    clock: Clock = field(default_factory=FakeClock)
    answers: ClassVar[type[SellerRequest]] = SellerRequest

    def covers(self, request: SellerRequest) -> Coverage | None:
        """That seller alone."""
        return Coverage("shop windows", 1) if request.seller == self.seller else None

    def read(self, request: SellerRequest) -> Iterator[MarketBatch]:
        """One batch."""
        copies = tuple(copy_of(self.seller, id, self.clock.now()) for id in self.ids)
        yield MarketBatch(copies, (Seller(self.seller),))


@dataclass(frozen=True)
class PriceList:
    """The prices of some releases in cents."""

    prices: dict[ReleaseId, int]
    clock: Clock = field(default_factory=FakeClock)
    answers: ClassVar[type[ReleaseRequest]] = ReleaseRequest

    def covers(self, request: ReleaseRequest) -> Coverage | None:
        """The releases that have a price."""
        known = tuple(release for release in request.releases if release in self.prices)
        return Coverage("list prices", 0, "Some list prices are missing.", known, copies=False)

    def read(self, request: ReleaseRequest) -> Iterator[MarketBatch]:
        """A batch for each release."""
        for release in request.releases:
            lowest = Money(self.prices[release], request.currency)
            yield MarketBatch((), (), floors=(MarketStats(release, lowest, 1, False, self.clock.now()),))


@dataclass(frozen=True)
class NumberFiles:
    """Files that begin with a mark and name a copy in each line by its number; the name is the seller."""

    answers: ClassVar[type[FileRequest]] = FileRequest

    def covers(self, request: FileRequest) -> Coverage | None:
        """Files with the mark."""
        return Coverage("number files") if request.head.startswith(BEGINNING) else None

    def read(self, request: FileRequest) -> Iterator[MarketBatch]:
        """A batch for the whole."""
        request.content.seek(len(BEGINNING))
        copies = [copy_of("numbers", int(line), request.as_of) for line in request.content]
        yield MarketBatch(tuple(copies), (Seller("numbers"),))
