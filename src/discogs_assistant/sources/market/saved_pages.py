"""Saved sell pages: a release's copies, the items a collector wants, a seller's list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, ClassVar

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.market import Coverage, FileRequest, MarketBatch
from discogs_assistant.model.readable import size
from discogs_assistant.sources.market import page_rows
from discogs_assistant.sources.market.batches import Gathering
from discogs_assistant.sources.market.page_listing import Surroundings, listing_number, read_row
from discogs_assistant.sources.market.page_rows import Extent, Row
from discogs_assistant.sources.market.page_text import beginning, page_text

_BOT_CHECK = re.compile(
    r"<title>\s*(just a moment|attention required|access denied|un instant|einen moment|un momento)"
    r"|_cf_chl_opt|cf-chl-|cf-challenge|cf-turnstile|px-captcha|captcha-delivery\.com"
    r"|checking your browser|verify(ing)? (that )?you are (a )?human|are you a robot",
    re.IGNORECASE,
)
LARGEST_PAGE = 10_000_000
"""Bytes. Real pages have up to 11,000 a copy, so one of 250 copies has 2.8 million; the rest is room for the
pictures and styles that a page holds which was saved as one file."""
_NO_PAGES = ("<?xml", "<svg")
_WANTED = "Save a page of copies for sale: a release's, your “Items I want”, or a seller's."


@dataclass(frozen=True, slots=True)
class SavedPages:
    """Uploaded sell pages that a person saved in the browser."""

    answers: ClassVar[type[FileRequest]] = FileRequest

    def covers(self, request: FileRequest) -> Coverage | None:
        """Whatever is markup; in an archive not the drawings that a browser saves beside a page."""
        text = beginning(request.head)
        if not text.startswith("<") or (request.in_archive and text.startswith(_NO_PAGES)):
            return None
        return Coverage("saved pages")

    def read(self, request: FileRequest) -> Iterator[MarketBatch]:
        """The copies on the page; `BadInputError` where it cannot be used."""
        page = _whole(request.content, request.name)
        try:
            batch = read_sell_page(page, as_of=request.as_of)
        except BadInputError as error:
            raise BadInputError(f"{request.name}: {error.sentence}", error.next_step) from None
        problems = tuple(f"{request.name}: {problem}" for problem in batch.problems)
        yield replace(batch, problems=problems)


@dataclass(frozen=True, slots=True)
class SellPage:
    """What a sell page contains, and which part of the whole list it shows where it says so."""

    batch: MarketBatch
    extent: Extent | None


def read_sell_page(html: bytes, *, as_of: datetime) -> MarketBatch:
    """Every copy that a saved sell page offers; nothing else of the page is stored.

    A row that cannot be read is a sentence in `problems`; a page that lists no copies, or none that can be
    read, is a `BadInputError`.
    """
    page = parse_sell_page(html, as_of=as_of)
    if page.batch.problems and not page.batch.listings:
        raise BadInputError(f"No copy on the page can be used. {page.batch.problems[0]}", _WANTED)
    return replace(page.batch, problems=(*page.batch.problems, *_only_a_part(page.extent)))


def parse_sell_page(html: bytes, *, as_of: datetime) -> SellPage:
    """As `read_sell_page`, for a reader that continues with the list's other pages."""
    text, encoding_problem = page_text(html)
    page = page_rows.visible(text)
    rows = page_rows.sell_rows(page)
    if not rows and not page_rows.has_sell_table(page):
        raise _not_a_sell_page(text)
    around = Surroundings(as_of, page_rows.page_release(page), page_rows.page_seller(page))
    counts = page_rows.extent(page)
    gathering = Gathering("The page")
    if encoding_problem:
        gathering.problem(encoding_problem)
    _read_rows(rows[: page_rows.ROWS_READ], around, gathering)
    for sentence in _missing(rows, counts):
        gathering.problem(sentence)
    return SellPage(gathering.batch(), counts)


def is_bot_check(text: str) -> bool:
    """True for the bot check that Discogs shows instead of the requested page."""
    return _BOT_CHECK.search(text) is not None


def _whole(file: BinaryIO, name: str) -> bytes:
    file.seek(0)
    data = file.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise BadInputError(
            f"{name} is a page of more than {size(LARGEST_PAGE)}; one of 250 copies has 3.",
            "Save the page as “Webpage, HTML only”, without its pictures.",
        )
    return data


def _not_a_sell_page(text: str) -> BadInputError:
    if is_bot_check(text):
        return BadInputError(
            "The page is a bot check: Discogs blocked the browser that saved it, and it lists no copies.",
            "Open it in your own browser, wait until the copies are shown, and save it again.",
        )
    return BadInputError("The page lists no copies for sale.", _WANTED)


def _read_rows(rows: Sequence[Row], around: Surroundings, gathering: Gathering) -> None:
    unavailable = 0
    for row in rows:
        number = listing_number(row.markup)
        if not row.whole:
            gathering.problem(f"Listing {number}: the page ends in the middle of it, so it was left out.")
            continue
        try:
            listed = read_row(row.markup, around)
        except BadInputError as error:
            gathering.problem(f"Listing {number}: {error.sentence}")
            continue
        if listed is None:
            unavailable += 1
            continue
        gathering.add(listed.listing, listed.seller)
        for problem in listed.problems:
            gathering.problem(f"Listing {number}: {problem}")
    if unavailable:
        gathering.problem(f"{_copies(unavailable)} not for sale to the person who opened the page: left out.")


def _missing(rows: Sequence[Row], counts: Extent | None) -> list[str]:
    if len(rows) > page_rows.ROWS_READ:
        return [f"The page lists {len(rows):,} copies; only the first {page_rows.ROWS_READ:,} were read."]
    shown = counts.last - counts.first + 1 if counts and counts.total else 0
    if len(rows) < shown:
        return [f"The page says it shows {shown:,} copies, but {len(rows):,} are in it: it may be cut off."]
    return []


def _only_a_part(counts: Extent | None) -> list[str]:
    if counts is None or counts.last - counts.first + 1 >= counts.total:
        return []
    return [
        f"The page shows copies {counts.first:,} to {counts.last:,} of {counts.total:,}: "
        "save the others too, if you want them."
    ]


def _copies(number: int) -> str:
    return "1 copy is" if number == 1 else f"{number:,} copies are"
