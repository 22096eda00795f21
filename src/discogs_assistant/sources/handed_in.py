"""Files of copies for sale that a person hands in, told apart by what they hold and never by their names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.listing import MarketBatch
from discogs_assistant.sources.archives import is_zip, unpack
from discogs_assistant.sources.batches import Gathering
from discogs_assistant.sources.inventory_files import read_inventory_json, read_market_csv
from discogs_assistant.sources.listing_rows import Shop
from discogs_assistant.sources.page_text import page_text
from discogs_assistant.sources.saved_pages import read_sell_page

_WANTED = "Hand in saved sell pages, CSV or JSON inventories, or a zip of them."
# What else people hand in, by its first bytes.
_OTHERS = (
    (b"%PDF", "a PDF", "Save the page as HTML: in the browser, save as “Webpage, HTML only”."),
    (b"bplist", "a web archive", "Save the page as HTML: in Safari, choose the format “Page Source”."),
    (b"From: <Saved by", "a single-file page", "Save the page again as “Webpage, HTML only”."),
    (b"MIME-Version:", "a single-file page", "Save the page again as “Webpage, HTML only”."),
    (b"\x1f\x8b", "packed with gzip", "Unpack it first, or make a zip of it."),
    (b"7z\xbc\xaf", "a 7z archive", "Make a zip instead."),
    (b"Rar!", "a RAR archive", "Make a zip instead."),
    (b"\x89PNG", "a picture", _WANTED),
    (b"\xff\xd8\xff", "a picture", _WANTED),
    (b"GIF8", "a picture", _WANTED),
    (b"RIFF", "a picture or sound", _WANTED),
)
_SAMPLE = 2_000


def read_market_file(
    name: str, data: bytes, *, as_of: datetime, limit: int, shop: Shop | None = None
) -> MarketBatch:
    """Every copy for sale in a file or in the files of a zip, which may unpack to `limit` bytes.

    `shop` says whose an exported inventory is. Problems are sentences that name their file;
    `BadInputError` where nothing in it can be used.
    """
    label = printable(name, 80)
    if len(data) > limit:
        raise BadInputError(f"{label} is larger than {limit:,} bytes.", "Hand it in in parts.")
    if is_zip(data):
        return _read_zip(label, data, as_of, limit, shop)
    return _read_one(label, data, as_of, shop)


def _read_zip(name: str, data: bytes, as_of: datetime, limit: int, shop: Shop | None) -> MarketBatch:
    gathering = Gathering(name)
    refused: list[BadInputError] = []
    beside = 0
    for inner, content in unpack(name, data, limit):
        if not _may_be_market(content):
            beside += 1
            continue
        try:
            gathering.take_over(_read_one(f"{name}/{inner}", content, as_of, shop))
        except BadInputError as error:
            refused.append(error)
            gathering.problem(error.sentence)
    if beside:
        files = "1 other file was" if beside == 1 else f"{beside:,} other files were"
        gathering.problem(f"{name}: {files} left aside, as pictures and styles are.")
    if len(refused) == 1 and not gathering.listings:
        raise refused[0]
    return gathering.usable_batch()


def _read_one(name: str, data: bytes, as_of: datetime, shop: Shop | None) -> MarketBatch:
    if not data.strip():
        raise BadInputError(f"{name} is empty.", _WANTED)
    for start, what, next_step in _OTHERS:
        if data.startswith(start):
            raise BadInputError(f"{name} is {what}, which is not read.", next_step)
    first = _first_character(data)
    if first == "<":
        return _read_page(name, data, as_of)
    if first in {"{", "["}:
        return read_inventory_json(data, name, as_of=as_of)
    return read_market_csv(data, name, shop=shop, as_of=as_of)


def _read_page(name: str, data: bytes, as_of: datetime) -> MarketBatch:
    try:
        batch = read_sell_page(data, as_of=as_of)
    except BadInputError as error:
        raise BadInputError(f"{name}: {error.sentence}", error.next_step) from None
    return replace(batch, problems=tuple(f"{name}: {problem}" for problem in batch.problems))


def _may_be_market(data: bytes) -> bool:
    """False for what a browser saves beside a page: pictures, styles, scripts."""
    if not data.strip() or data.startswith(tuple(start for start, _, _ in _OTHERS)):
        return False
    first = _first_character(data)
    if first in {"<", "{", "["}:
        return first != "<" or not re.match(
            r"<(\?xml|svg)\b", page_text(data[:_SAMPLE])[0].lstrip("\ufeff \r\n\t")
        )
    header = page_text(data[:_SAMPLE])[0].split("\n", 1)[0]
    return "release_id" in header.casefold()


def _first_character(data: bytes) -> str:
    return page_text(data[:_SAMPLE])[0].lstrip("\ufeff \r\n\t")[:1]
