"""Copies for sale from uploaded files: tables of listings, exported inventories, answers of the API.

Each reader takes a seekable file and gives its copies in batches, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, ClassVar

from discogs_assistant.errors import BadInputError, UnexpectedAnswerError
from discogs_assistant.model.ids import ListingId, parse_user_name, printable
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.market import Coverage, FileRequest, MarketBatch, Shop
from discogs_assistant.model.tally import Tally
from discogs_assistant.sources.csv_files.rows import CsvFile, CsvRow, Problems, chunks
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_market import Offer, read_listing, unknown_parts
from discogs_assistant.sources.market import listing_rows
from discogs_assistant.sources.market.batches import COPIES_AT_ONCE, Offered, in_batches
from discogs_assistant.sources.market.json_entries import inventory_entries
from discogs_assistant.sources.market.listing_price import not_absurd
from discogs_assistant.sources.market.page_text import beginning, page_text

_MOST_SENTENCES = 1_000
_JSON = ("{", "[")
RowReader = Callable[[Sequence[CsvRow], Problems], Offered]
"""Makes copies of rows; a row that makes no sense goes to the problems."""


@dataclass(frozen=True, slots=True)
class ListingFiles:
    """Uploaded files of copies: answers of the API in JSON, tables of listings and exports in CSV."""

    answers: ClassVar[type[FileRequest]] = FileRequest

    def covers(self, request: FileRequest) -> Coverage | None:
        """JSON, and as CSV what is no page; in an archive only tables whose header names releases."""
        text = beginning(request.head)
        known = text.startswith(_JSON) or _is_table(request) or not request.in_archive
        return Coverage("listing files") if known and not text.startswith("<") else None

    def read(self, request: FileRequest) -> Iterator[MarketBatch]:
        """The copies in batches; `BadInputError` where the file cannot be used."""
        file, name, as_of, seen = request.content, request.name, request.as_of, request.tallies()
        if beginning(request.head).startswith(_JSON):
            return read_inventory_json(file, name, as_of=as_of, seen=seen)
        return read_market_csv(file, name, shop=request.shop, as_of=as_of, seen=seen)


def read_market_csv(
    file: BinaryIO, name: str, *, shop: Shop | None, as_of: datetime, seen: Tally
) -> Iterator[MarketBatch]:
    """A table of listings, or the inventory that `shop` exported, distinguished by the header.

    A bad row is a sentence and the others stay; `BadInputError` where the file or every row is unusable.
    """
    with CsvFile(file, name) as table:
        read = _row_reader(table, shop, as_of)
        problems = Problems(table.name)
        offers = (read(rows, problems) for rows in chunks(table.rows(problems), COPIES_AT_ONCE))
        yield from in_batches(table.name, offers, _TableNotes(problems), seen)


def read_inventory_json(file: BinaryIO, name: str, *, as_of: datetime, seen: Tally) -> Iterator[MarketBatch]:
    """Answers of Discogs' API: an inventory page, a listing, or a list of either.

    An entry that cannot be read is a sentence; `BadInputError` where the whole cannot be used.
    """
    notes = _Sentences(printable(name, 80))
    for _ in inventory_entries(file, notes.name):
        pass  # a file that is broken further down is refused before anything of it counts
    offers = map(Offered.of, chunks(_answers(file, as_of, notes), COPIES_AT_ONCE))
    yield from in_batches(notes.name, offers, notes, seen)


def _is_table(request: FileRequest) -> bool:
    return "release_id" in page_text(request.head)[0].split("\n", 1)[0].casefold()


def _row_reader(table: CsvFile, shop: Shop | None, as_of: datetime) -> RowReader:
    if table.has(*listing_rows.TABLE):
        table.only_once(*listing_rows.TABLE, *listing_rows.TABLE_MORE)
        return listing_rows.ListingTable(as_of).offered
    if not table.has("listing_id") and table.has("release_id"):
        raise BadInputError(
            f"{table.name} is a collection or a wantlist, not copies for sale.", "Give it to `sync` instead."
        )
    table.require(*listing_rows.EXPORT)
    if shop is None:
        raise BadInputError(
            f"{table.name} is an exported inventory, which names neither its seller nor its currency.",
            "Give both, such as: --seller NAME --currency USD.",
            field="seller",
        )
    table.only_once(*listing_rows.EXPORT, *listing_rows.EXPORT_MORE)
    return lambda rows, problems: listing_rows.exported(rows, problems, shop, as_of)


@dataclass(frozen=True, slots=True)
class _TableNotes:
    """Problems in rows, each with its line."""

    problems: Problems

    def twice(self, listing: ListingId, line: int) -> None:
        self.problems.add(line, "listing_id", f"listing {listing} is in the file already.")

    def take(self) -> list[str]:
        return [str(problem) for problem in self.problems.take()]

    def rest(self) -> list[str]:
        return [str(problem) for problem in self.problems.rest()]


def _answers(file: BinaryIO, as_of: datetime, notes: _Sentences) -> Iterator[Offer]:
    for place, document in inventory_entries(file, notes.name):
        try:
            fields = Fields(document, place)
            offer = _checked(read_listing(fields, as_of=as_of, origin=Origin.FILE))
            remarks = unknown_parts(fields)
        except UnexpectedAnswerError as error:
            # Its sentence blames Discogs' answer before the colon; here it is a file's fault.
            notes.add(error.sentence.partition(": ")[2])
            continue
        except BadInputError as error:
            notes.add(f"{place}: {error.sentence}")
            continue
        for remark in remarks:
            notes.add(remark)
        yield offer


@dataclass(slots=True)
class _Sentences:
    """Problems in entries; beyond 1,000 sentences only their number is recorded."""

    name: str
    _found: list[str] = field(default_factory=list)
    _added: int = 0

    def add(self, sentence: str) -> None:
        self._added += 1
        if self._added <= _MOST_SENTENCES:
            self._found.append(f"{self.name}: {sentence}")

    def twice(self, listing: ListingId, line: int) -> None:
        self.add(f"listing {listing} is in it twice; the first one counts.")

    def take(self) -> list[str]:
        found, self._found = self._found, []
        return found

    def rest(self) -> list[str]:
        beyond = self._added - _MOST_SENTENCES
        more = [f"{self.name}: there are {beyond:,} more problems."] if beyond > 0 else []
        return [*self.take(), *more]


def _checked(offer: Offer) -> Offer:
    """What the API never sends and a file may hold."""
    listing, seller = offer
    parse_user_name(seller.name)
    not_absurd(listing.price)
    return listing, seller
