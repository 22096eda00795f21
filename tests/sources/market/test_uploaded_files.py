"""Uploaded files are distinguished by what they hold; what cannot be used is named."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.market.joined import joined
from tests.sources.market.sell_pages import BOT_CHECK, Copy, page, row_2020, row_2026
from tests.sources.market.test_archives import zipped
from tests.uploads import FILE_SOURCES

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.market import MarketBatch, Shop
from discogs_assistant.model.money import Currency
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.market.saved_pages import LARGEST_PAGE
from discogs_assistant.sources.market.uploaded_files import MarketReading, read_market_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMIT = 20_000_000
PAGE_2020 = page([row_2020(Copy())]).encode()
PAGE_2026 = page([row_2026(Copy(listing=102))]).encode()
TABLE = b"listing_id,seller,release_id,price,currency\n103,seller_3,7,5.00,EUR\n"
EXPORT = b"listing_id,release_id,price,status\n104,7,5.00,For Sale\n"
JSON = b"""{"listings": [{"id": 105, "price": {"value": 5, "currency": "EUR"}, "seller": {"username": "s"},
"release": {"id": 7, "title": "Work 7"}}]}"""
SHOP = Shop(UserName("shop"), Currency.GBP, "GB")


def read(data: bytes, name: str = "file", shop: Shop | None = None) -> MarketBatch:
    reading = MarketReading(NOW, FILE_SOURCES, shop, unpacked=LIMIT)
    return joined(read_market_file(name, io.BytesIO(data), reading, MemoryTally))


@pytest.mark.parametrize("name", ["right.html", "wrong.csv", "none", "../../etc/passwd", "\x1b[31m"])
@pytest.mark.parametrize(
    ("data", "listing"),
    [
        (PAGE_2020, 101),
        (PAGE_2026, 102),
        (TABLE, 103),
        (EXPORT, 104),
        (JSON, 105),
        (b"\xef\xbb\xbf" + TABLE, 103),
    ],
)
def test_content_tells_what_a_file_is_and_its_name_does_not(name: str, data: bytes, listing: int) -> None:
    assert [listing.id for listing in read(data, name, SHOP).listings] == [listing]


def test_a_zip_of_everything_is_read_and_each_listing_counts_once() -> None:
    style, picture = b"body { color: red }", b"\x89PNG\r\n\x1a\n..."
    data = zipped(
        ("a.html", PAGE_2020),
        ("again.html", PAGE_2020),
        ("b.html", PAGE_2026),
        ("c.csv", TABLE),
        ("d.csv", EXPORT),
        ("e.json", JSON),
        ("b_files/style.css", style),
        ("b_files/cover.png", picture),
        ("broken.csv", b"listing_id,seller,release_id,price,currency\nx,y,z\n"),
        ("blocked.html", BOT_CHECK.encode()),
    )
    batch = read(data, "all.zip", SHOP)
    assert sorted(listing.id for listing in batch.listings) == [101, 102, 103, 104, 105]
    assert {seller.name for seller in batch.sellers} == {"seller_1", "seller_3", "shop", "s"}
    assert sum("2 other files" in problem for problem in batch.problems) == 1
    assert any(problem.startswith("all.zip/broken.csv") for problem in batch.problems)
    assert any(
        problem.startswith("all.zip/blocked.html") and "blocked" in problem for problem in batch.problems
    )
    assert len(batch.problems) == 3


def test_problems_name_their_file() -> None:
    batch = read(page([row_2026(Copy()), row_2026(Copy(listing=102, price="free"))]).encode(), "mine.html")
    assert len(batch.listings) == 1
    assert batch.problems == ("mine.html: Listing 102: “free” is not a price.",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\x00" * 100, "file"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"bplist00...", "a web archive"),
        (b"From: <Saved by Blink>\r\n", "single-file page"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n", "a picture"),
        (b"hello", "column listing_id is missing"),
        (b"<html><body>A shop</body></html>", "lists no copies"),
        (BOT_CHECK.encode(), "blocked"),
        (zipped(("blocked.html", BOT_CHECK.encode())), "blocked"),
        (zipped(("a.html", b"<p>"), ("b.html", b"<p>")), "holds no copy for sale"),
        (zipped(), "holds no copy for sale"),
        (zipped(("a.png", b"\x89PNG")), "holds no copy for sale"),
        (zipped(("inner.zip", zipped(("a.html", PAGE_2020)))), "another zip"),
        (EXPORT, "--seller"),
        (b"Artist,Title,release_id\na,b,1\n", "collection or a wantlist"),
        (b"<html>" + b" " * LARGEST_PAGE, "a page of more than 10 MB"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence) as caught:
        read(data)
    assert "file" in caught.value.sentence


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 300), st.sampled_from([PAGE_2020, TABLE, EXPORT, JSON]))
def test_no_bytes_make_the_reader_fail_otherwise(noise: bytes, place: int, whole: bytes) -> None:
    for data in (
        noise,
        whole[:place] + noise + whole[place:],
        zipped(("inner", noise), ("page.html", PAGE_2026)),
    ):
        try:
            batch = read(data, shop=SHOP)
        except BadInputError as error:
            assert error.sentence
            continue
        assert batch.listings


@pytest.mark.real
def test_both_real_pages_in_one_zip_give_27_copies(real: Path) -> None:
    files = sorted((real / "pages").glob("*.html"))
    batch = read(zipped(*((file.name, file.read_bytes()) for file in files)), "pages.zip")
    assert (len(batch.listings), len(batch.sellers)) == (27, 25)
    linked = {
        number for file in files for number in re.findall(r'/release/(\d+)[-"]', file.read_text("utf-8"))
    }
    assert {str(listing.release_id) for listing in batch.listings} == linked
