"""Uploaded files read one after the other by the process that reads uploads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Literal

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.market import FileRequest, Shop
from discogs_assistant.model.ports import MarketSource
from discogs_assistant.model.tally import Tallies
from discogs_assistant.model.upload import NO_LIMITS, FilePart, UploadLimits
from discogs_assistant.sources.market.uploaded_files import MarketReading, read_market_file
from discogs_assistant.sources.profiles.exported_lists import read_collection_csv, read_wantlist_csv

Kind = Literal["market", "collection", "wantlist"]


@dataclass(frozen=True, slots=True)
class UploadTask:
    """What to read: the kind and the name of each file, and whose an exported inventory is (`shop`).

    `sources` read market files.
    """

    files: tuple[tuple[Kind, str], ...]
    as_of: datetime
    shop: Shop | None = None
    sources: tuple[MarketSource[FileRequest], ...] = ()
    limits: UploadLimits = NO_LIMITS


def read_market_uploads(
    task: UploadTask, contents: Sequence[BinaryIO], tallies: Tallies
) -> Iterator[FilePart[Any]]:
    """The copies for sale of each file in `MarketBatch`es; a file that cannot be used costs only itself."""
    reading = MarketReading(task.as_of, task.sources, task.shop, task.limits.listings, task.limits.unpacked)
    for place, ((_, name), content) in enumerate(zip(task.files, contents, strict=True)):
        try:
            for batch in read_market_file(name, content, reading, tallies):
                yield FilePart(place, batch)
        except BadInputError as error:
            yield FilePart(place, error=error)


def read_list_uploads(
    task: UploadTask, contents: Sequence[BinaryIO], tallies: Tallies
) -> Iterator[FilePart[Any]]:
    """The items of collection and wantlist in `ListPart`s; where one cannot be used, its error alone.

    The beginning of each file is read before anything is given of the first.
    """
    readers: dict[str, Any] = {"collection": read_collection_csv, "wantlist": read_wantlist_csv}
    begun: list[tuple[int, Any, Iterator[Any]]] = []
    with ExitStack() as opened:
        for place, ((kind, name), content) in enumerate(zip(task.files, contents, strict=True)):
            parts = opened.enter_context(closing(readers[kind](content, name, tallies, task.limits.items)))
            try:
                begun.append((place, next(parts), parts))
            except BadInputError as error:
                yield FilePart(place, error=error)
                return
        for place, first, rest in begun:
            yield FilePart(place, first)
            for part in rest:
                yield FilePart(place, part)


def read_uploads(task: UploadTask, contents: Sequence[BinaryIO], tallies: Tallies) -> Iterator[FilePart[Any]]:
    """The files of a task, market files or lists."""
    lists = any(kind != "market" for kind, _ in task.files)
    return (read_list_uploads if lists else read_market_uploads)(task, contents, tallies)
