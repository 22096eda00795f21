"""A table of listings is read in blocks of columns, and each of its rows means what it means alone."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.market.joined import joined

from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.listing import Listing, Origin
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.market import inventory_files
from discogs_assistant.sources.market.batches import COPIES_AT_ONCE

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CELLS = {
    "listing_id": ["1", "2", "3", " 4 ", "007", "0", "-1", "x", "", "9" * 17, "²"],
    "seller": ["a", "b", " a ", "", "a/b"],
    "release_id": ["5", "6", "", "x", "0"],
    "price": ["1.50", "2", "0", "free", "1.234"],
    "currency": ["USD", "usd", "JPY", "DOGE"],
    "media": ["VG+", "", "odd"],
    "sleeve": ["Generic", "", "odd"],
    "quantity": ["1", "", "0", " 3"],
    "grams": ["300", "", "x"],
    "ships_from": ["US", "Germany", "", "Atlantis"],
    "seller_rating": ["99.5%", "", "101"],
    "format": ["LP", 'a, "b"\nc', ""],
    "Shelf": ["", "x"],
}
Row = tuple[str, ...]
HEADER: Row = tuple(CELLS)
GOOD: Row = tuple(cells[0] for cells in CELLS.values())
USUAL = st.tuples(*(st.sampled_from(cells[:2]) for cells in CELLS.values()))
ODD = st.tuples(*(st.sampled_from(cells) for cells in CELLS.values()))
WITH_ODD_ID = st.sampled_from(CELLS["listing_id"]).map(lambda id: (id, *GOOD[1:]))
UNEVEN = st.sampled_from([(), ("",), GOOD[:5], GOOD[:4], (*GOOD, ""), (*GOOD, "beyond")])
ROWS = st.lists(USUAL | ODD | WITH_ODD_ID | UNEVEN, max_size=12)
FILLED = [(str(id), *GOOD[1:]) for id in range(1_000, 1_000 + COPIES_AT_ONCE)]
"""A block of good rows."""


def lines_of(row: Row, end: str) -> str:
    if not row:
        return end
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerow(row)
    return out.getvalue()


def read(*texts: str) -> MarketBatch:
    data = io.BytesIO("".join(texts).encode())
    return joined(inventory_files.read_market_csv(data, "l.csv", shop=None, as_of=NOW, seen=MemoryTally()))


def alone(text: str) -> tuple[list[Listing], tuple[str, ...]]:
    """The copy of a row in a file behind one other, and what is wrong with it."""
    batch = read(lines_of(HEADER, "\n"), lines_of(("9", *GOOD[1:]), "\n"), text)
    return list(batch.listings[1:]), batch.problems


def placed(texts: list[str], line: int) -> list[tuple[int, str]]:
    """Each text with the line on which it begins; the first begins on `line`."""
    return [(line + "".join(texts[:at]).count("\n"), text) for at, text in enumerate(texts)]


def expected(rows: list[tuple[int, str]]) -> tuple[list[Listing], list[str]]:
    """What rows mean one by one, and what is wrong with them; of a listing the first row counts."""
    copies: dict[int, Listing] = {}
    problems = []
    for line, text in rows:
        found, wrong = alone(text)
        for copy in found:
            if copies.setdefault(copy.id, copy) is not copy:
                wrong = (f"l.csv, line 3, column listing_id: listing {copy.id} is in the file already.",)
        problems += [sentence.replace("line 3", f"line {line}") for sentence in wrong]
    return list(copies.values()), problems


@settings(max_examples=40)
@given(ROWS, ROWS, st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"]))
def test_a_row_means_what_it_means_alone(before: list[Row], after: list[Row], bom: str, end: str) -> None:
    first, second = ([lines_of(row, end) for row in (GOOD, *rows)] for rows in (before, after))
    batch = read(bom, lines_of(HEADER, end), *first, *(lines_of(row, end) for row in FILLED), *second)
    later = 2 + COPIES_AT_ONCE + "".join(first).count("\n")
    copies, problems = expected(placed(first, 2) + placed(second, later))
    assert [copy for copy in batch.listings if copy.id < 1_000] == copies
    assert len(batch.listings) == len(copies) + COPIES_AT_ONCE
    assert list(batch.problems) == problems


def test_a_column_that_a_table_does_not_have_has_the_usual_value() -> None:
    (copy,) = read("Price,LISTING ID,currency,release_id,seller\n1.50,7,USD,5,a\n").listings
    assert copy == Listing(ListingId(7), ReleaseId(5), "a", Money(150, Currency.USD), NOW, Origin.FILE)
