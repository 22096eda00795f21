"""What is requested of the market's sources, and what they answer; the port is `MarketSource`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId, RunId, UserName
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Currency
from discogs_assistant.model.release import MarketStats
from discogs_assistant.model.tally import Tallies


@dataclass(frozen=True, slots=True)
class SellerRequest:
    """The copies of a seller, read with the account of `owner`; the waits are shown on `run`.

    At most `requests` are sent now. `state` is that of the last answer's `Progress`, empty at the beginning,
    and `held` the listings that the reading has brought so far.
    """

    seller: str
    owner: OwnerId
    run: RunId | None
    requests: int = 1
    state: Mapping[str, Any] | None = None
    held: frozenset[ListingId] = frozenset()


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """The copies or price floors of releases, read with the account of `owner`."""

    releases: tuple[ReleaseId, ...]
    currency: Currency
    owner: OwnerId
    run: RunId | None


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose exported inventory a file is: the export names neither its seller nor its currency.

    `ships_from` is an ISO code.
    """

    seller: UserName
    currency: Currency
    ships_from: str | None = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """The copies in an uploaded file, open and seekable, which begins with `head`.

    `name` is its name in sentences. A file `in_archive` may also be what a browser saves beside a page.
    """

    name: str
    content: BinaryIO
    head: bytes
    as_of: datetime
    tallies: Tallies
    shop: Shop | None = None
    in_archive: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a source can tell about a request, at the cost of how many requests to Discogs.

    `name` says in the plural what it reads, and `missing` is the sentence for when some was not read. Of a
    `ReleaseRequest`, `releases` are those it can tell about, `copies` is False where it knows prices without
    sellers, and `most` releases of one run are worth the requests, None for all.
    """

    name: str
    requests: int = 0
    missing: str = ""
    releases: tuple[ReleaseId, ...] = ()
    copies: bool = True
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a seller's inventory is read: `state` is the source's own plain JSON, with which it resumes.

    `left` requests are still needed, `total` copies are for sale, and the reading is `complete` where all of
    them were read; at its end `problem` is a sentence on what could not be.
    """

    state: Mapping[str, Any]
    left: int
    total: int
    complete: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class MarketBatch:
    """What one reading of a source gave: listings with their sellers, price floors, and problems in words.

    The listings of large files are `ListingColumns`. `unread` counts entries that could not be read;
    `progress` belongs to a seller's inventory.
    """

    listings: Sequence[Listing]
    sellers: tuple[Seller, ...]
    problems: tuple[str, ...] = ()
    floors: tuple[MarketStats, ...] = ()
    unread: int = 0
    progress: Progress | None = None
