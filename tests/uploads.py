"""Files as people upload them, made of bytes: on disk, open, and in no folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.market import FileRequest, Shop
from discogs_assistant.model.ports import MarketSource
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.market import uploads
from discogs_assistant.pipelines.profiles import file_import
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.counts import MarketResult
from discogs_assistant.pipelines.runtime.uploads.reading import UploadedFile, UploadReader
from discogs_assistant.sources.files.uploads import Kind, UploadTask
from discogs_assistant.sources.market.inventory_files import ListingFiles
from discogs_assistant.sources.market.saved_pages import SavedPages

FILE_SOURCES: tuple[MarketSource[FileRequest], ...] = (SavedPages(), ListingFiles())
"""The sources that read uploaded files."""


def task_of(*files: tuple[Kind, str], as_of: datetime, shop: Shop | None = None) -> UploadTask:
    """What to read of files of these kinds and names."""
    return UploadTask(files, as_of, shop, FILE_SOURCES)


@contextmanager
def uploaded(*files: tuple[str, bytes]) -> Iterator[list[UploadedFile]]:
    """Each name with its content as a file, as long as the block lasts."""
    with ExitStack() as opened:
        made = []
        for name, data in files:
            content = opened.enter_context(TemporaryFile())
            content.write(data)
            content.seek(0)
            made.append(UploadedFile(name, content))
        yield made


def add_market_files(
    ctx: Context, owner: OwnerId, files: list[tuple[str, bytes]], **options: Any
) -> MarketResult:
    """Upload files of copies for sale."""
    with uploaded(*files) as made:
        return uploads.add_market_files(ctx, owner, made, **options)


def import_profile_files(
    ctx: Context,
    owner: OwnerId,
    user: str,
    collection: bytes | None,
    wantlist: bytes | None,
    reader: UploadReader | None = None,
) -> Run:
    """Upload exported lists."""
    given = {"the collection file": collection, "the wantlist file": wantlist}
    with uploaded(*((name, data) for name, data in given.items() if data is not None)) as made:
        by_name = {upload.name: upload for upload in made}
        owned, wanted = (by_name.get(name) for name in given)
        return file_import.import_profile_files(ctx, owner, user, owned, wanted, reader)
