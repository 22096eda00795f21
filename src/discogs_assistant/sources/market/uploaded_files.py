"""Uploaded files of copies for sale, distinguished by what they hold and never by their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.market import FileRequest, MarketBatch, Shop
from discogs_assistant.model.ports import MarketSource, first_covering
from discogs_assistant.model.tally import Tallies
from discogs_assistant.sources.market.archives import is_zip, unpacked
from discogs_assistant.sources.market.batches import at_most, unseen

_WANTED = "Upload saved sell pages, CSV or JSON inventories, or a zip of them."
# What else people upload, by its first bytes.
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
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class MarketReading:
    """How to read files: by the first of `sources` that covers one; `shop` exported an inventory.

    The rest are limits, None for none: `listings` counts a file's copies, `unpacked` the bytes in a zip.
    """

    as_of: datetime
    sources: tuple[MarketSource[FileRequest], ...]
    shop: Shop | None = None
    listings: int | None = None
    unpacked: int | None = None


def read_market_file(
    name: str, file: BinaryIO, reading: MarketReading, tallies: Tallies
) -> Iterator[MarketBatch]:
    """Every copy for sale in a seekable file, or in the files of a zip, in batches.

    Problems are sentences that name their file; `BadInputError`, before the first batch, where nothing in it
    can be used.
    """
    label = printable(name, 80)
    file.seek(0)
    batches = _read_zip if is_zip(file.read(4)) else _read_one
    yield from at_most(batches(label, file, reading, tallies), reading.listings, label)


def _read_zip(name: str, file: BinaryIO, reading: MarketReading, tallies: Tallies) -> Iterator[MarketBatch]:
    seen, refused = tallies(), list[BadInputError]()
    usable, beside = False, 0
    sentences: list[str] = []
    with unpacked(name, file, reading.unpacked) as contents:
        for inner, content in contents:
            if not _may_be_market(content, reading, tallies):
                beside += 1
                continue
            try:
                for batch in unseen(_read_one(f"{name}/{inner}", content, reading, tallies), seen):
                    usable = usable or bool(batch.listings)
                    if usable:
                        yield replace(batch, problems=(*sentences, *batch.problems))
                        sentences = []
                    else:
                        sentences += batch.problems
            except BadInputError as error:
                refused.append(error)
                sentences.append(error.sentence)
    if not usable and len(refused) == 1:
        raise refused[0]
    if beside:
        files = "1 other file was" if beside == 1 else f"{beside:,} other files were"
        sentences.append(f"{name}: {files} left aside, as pictures and styles are.")
    if not usable:
        first = f" {sentences[0]}" if sentences else ""
        raise BadInputError(f"{name} holds no copy for sale that can be used.{first}")
    yield MarketBatch((), (), tuple(sentences))


def _read_one(name: str, file: BinaryIO, reading: MarketReading, tallies: Tallies) -> Iterator[MarketBatch]:
    head = _head(file)
    if not head.strip() and _is_blank(file):
        raise BadInputError(f"{name} is empty.", _WANTED)
    for start, what, next_step in _OTHERS:
        if head.startswith(start):
            raise BadInputError(f"{name} is {what}, which is not read.", next_step)
    request = FileRequest(name, file, head, reading.as_of, tallies, reading.shop)
    source = first_covering(reading.sources, request)
    if source is None:
        raise BadInputError(f"{name} is of a kind that is not read.", _WANTED)
    yield from source.read(request)


def _may_be_market(file: BinaryIO, reading: MarketReading, tallies: Tallies) -> bool:
    """False for what a browser saves beside a page: pictures, styles, scripts."""
    head = _head(file)
    if head.startswith(tuple(start for start, _, _ in _OTHERS)) or (not head.strip() and _is_blank(file)):
        return False
    request = FileRequest("", file, head, reading.as_of, tallies, in_archive=True)
    return first_covering(reading.sources, request) is not None


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_SAMPLE)


def _is_blank(file: BinaryIO) -> bool:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        if chunk.strip():
            return False
    return True
