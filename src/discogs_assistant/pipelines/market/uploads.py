"""Market files that a person uploads: read in batches, stored for that person alone, and discarded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.model.listing import ListingColumns
from discogs_assistant.model.market import FileRequest, MarketBatch, Shop
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import answering
from discogs_assistant.model.tally import number_of_text
from discogs_assistant.model.upload import FilePart
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.quotas import count_upload
from discogs_assistant.pipelines.runtime.results.counts import MarketResult
from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile, UploadReader
from discogs_assistant.sources.files.uploads import Kind, UploadTask
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings
from discogs_assistant.store.tallies import DiskTallies, Distinct

_SHOWN = 100
_COUNTED_EVERY = 25
_NOTHING = MarketBatch((), ())


def add_market_files(
    ctx: Context,
    owner: OwnerId,
    files: Sequence[UploadedFile],
    *,
    seller: str | None = None,
    currency: str | None = None,
    ships_from: str | None = None,
    reader: UploadReader | None = None,
) -> MarketResult:
    """Read saved pages, CSV, JSON or zips of them, and count the copies that were stored.

    `seller`, `currency` and `ships_from` say whose an exported inventory is; without a `reader`, the
    pages' one is used. An unusable file is a sentence of `partial` if another can be used; where none
    can, its error is raised and nothing is stored. What exceeds a limit is left out, and named in `partial`.
    """
    if not files:
        raise BadInputError("Choose at least one file.", field="files")
    count_upload(ctx, owner)
    reader = reader or ctx.sources.uploads
    named: list[tuple[Kind, str]] = [("market", file.name) for file in files]
    sources = tuple(answering(ctx.sources.market, FileRequest))
    task = UploadTask(tuple(named), ctx.clock.now(), _shop(seller, currency, ships_from), sources)
    room = _Room(ctx.db, owner, reader.limits.listings)
    with DiskTallies() as tallies, closing(reader.parts(task, [file.content for file in files])) as parts:
        counts = _Counts(tallies.distinct(), tallies.distinct(), tallies.distinct())
        return _store(_Store(ctx.db, owner, reader), parts, room, counts)


@dataclass(frozen=True)
class _Store:
    """Stores the batches of an upload."""

    db: Database
    owner: OwnerId
    reader: UploadReader

    def put(self, batch: MarketBatch) -> None:
        """Store a batch in its own transaction, so that others can save in between."""
        with self.reader.turn():
            listings.save_listings(self.db, self.owner, batch.listings, batch.sellers)


def _store(
    store: _Store, parts: Iterator[FilePart[MarketBatch]], room: _Room, counts: _Counts
) -> MarketResult:
    """Store what is read as long as there is room; the counts of it, and what was left out."""
    refused, problems = _Sentences(), _Sentences()
    read, first_error = False, None
    block = _Block(store, counts)
    for part in parts:
        if part.error is not None:
            first_error = first_error or part.error
            refused.add(str(part.error))
            continue
        batch = room.fitting(part.part or _NOTHING)
        read = True
        block.add(batch)
        for problem in batch.problems:
            problems.add(problem)
        if room.full:
            refused.add(room.sentence())
            break
    if first_error is not None and not read:
        raise first_error
    block.put()
    return counts.result(_first(refused, problems))


@dataclass
class _Block:
    """Batches that are stored together."""

    store: _Store
    counts: _Counts
    _batches: list[MarketBatch] = field(default_factory=list, init=False)
    _copies: int = field(default=0, init=False)

    def add(self, batch: MarketBatch) -> None:
        """Take a batch; store the block where it is full."""
        if not batch.listings:
            return
        self._batches.append(batch)
        self._copies += len(batch.listings)
        if self._copies >= self.store.reader.block:
            self.put()

    def put(self) -> None:
        """Store what was taken."""
        if not self._batches:
            return
        listings = ListingColumns.joined(ListingColumns.of(batch.listings) for batch in self._batches)
        # Of a seller in several batches the last counts, as if they were stored one after another.
        sellers = {seller.name: seller for batch in self._batches for seller in batch.sellers}
        self.store.put(MarketBatch(listings, tuple(sellers.values())))
        self.counts.note(listings)
        self._batches, self._copies = [], 0


@dataclass
class _Room:
    """How many more copies a person may store: `limit` less those that they have, counted now and then."""

    db: Database
    owner: OwnerId
    limit: int | None
    full: bool = field(default=False, init=False)
    _left: int = field(default=0, init=False)
    _fresh: int = field(default=0, init=False)

    def fitting(self, batch: MarketBatch) -> MarketBatch:
        """The batch with as many of its copies as there is room for; those stored before take none."""
        if self.limit is None or not batch.listings:
            return batch
        if self._fresh == 0 or self._left < _COUNTED_EVERY * len(batch.listings):
            # Counting takes longer than a batch, and others of the same person's uploads count too.
            self._left = self.limit - listings.stored_by(self.db, self.owner)
            self._fresh = _COUNTED_EVERY
        self._fresh -= 1
        if len(batch.listings) <= self._left:
            self._left -= len(batch.listings)
            return batch
        return self._cut(batch)

    def sentence(self) -> str:
        """Why the rest is left out."""
        return (
            f"The rest was left out: one person's uploads may hold {self.limit:,} copies here. "
            "Older uploads make room when their prices expire."
        )

    def _cut(self, batch: MarketBatch) -> MarketBatch:
        copies = ListingColumns.of(batch.listings)
        ids = copies.column("id")
        stored = listings.stored_among(self.db, self.owner, ids)
        new = [id for id in ids if id not in stored]
        accepted = stored | set(new[: max(0, self._left)])
        self._left -= len(accepted) - len(stored)
        self.full = len(accepted) < len(ids)
        return replace(batch, listings=copies.take([at for at, id in enumerate(ids) if id in accepted]))


@dataclass(frozen=True)
class _Counts:
    """The different listings, sellers and releases of an upload."""

    listings: Distinct
    sellers: Distinct
    releases: Distinct

    def note(self, listings: ListingColumns) -> None:
        """Count the copies of a batch."""
        self.listings.note(listings.column("id"))
        self.sellers.note([number_of_text(name) for name in set(listings.column("seller"))])
        self.releases.note(listings.column("release_id"))

    def result(self, partial: Sequence[str]) -> MarketResult:
        """The counts, with what is missing."""
        return MarketResult(
            listings=len(self.listings),
            sellers=len(self.sellers),
            releases=len(self.releases),
            partial=tuple(partial),
        )


@dataclass
class _Sentences:
    """The first hundred sentences, and how many there were."""

    first: list[str] = field(default_factory=list)
    number: int = 0

    def add(self, sentence: str) -> None:
        """Note one more."""
        self.number += 1
        if self.number <= _SHOWN:
            self.first.append(sentence)


def _first(*kinds: _Sentences) -> list[str]:
    shown = [sentence for kind in kinds for sentence in kind.first][:_SHOWN]
    more = sum(kind.number for kind in kinds) - len(shown)
    return [*shown, f"{more:,} more of the kind are not shown."] if more else shown


def _shop(seller: str | None, currency: str | None, ships_from: str | None) -> Shop | None:
    country = country_code(ships_from, field="ships_from") if ships_from else None
    money = Currency.parse(currency, field="currency") if currency else None
    if not seller:
        return None
    if money is None:
        raise BadInputError(
            "An exported inventory does not name its currency.", "Say which it is.", field="currency"
        )
    return Shop(parse_user_name(seller, field="seller"), money, country)
