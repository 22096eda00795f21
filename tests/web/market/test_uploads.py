"""Uploads at the web process: a hostile one costs itself, others are answered meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from starlette.testclient import TestClient
from tests.web.fakes import Instance

from discogs_assistant.model.upload import NO_LIMITS, FilePart, UploadLimits
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadReader, upload_processes
from discogs_assistant.sources.files.uploads import UploadTask
from discogs_assistant.store.market import listings

HOSTILE = b'<table class="mpitems"><tr ' + b"shortcut_navigable " * 64_000
HEAD = b"listing_id,seller,release_id,price,currency\n"
PATIENCE = 60.0


def reading(instance: Instance, reader: UploadReader) -> TestClient:
    return instance.with_parts(uploads=reader).browser()


@dataclass
class HeldUp:
    """A reader that waits until it may go on, as one that reads a long file."""

    limits: UploadLimits = NO_LIMITS
    block: int = 1
    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    contents: list[BinaryIO] = field(default_factory=list)

    def parts(self, task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        self.contents += contents
        self.begun.set()
        assert self.go_on.wait(PATIENCE)
        yield from ReadHere().parts(task, contents)

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()


def test_the_page_that_froze_a_process_is_a_page_without_copies(instance: Instance) -> None:
    browser = reading(instance, upload_processes(instance.settings))
    answer = browser.post("/market/files", files=[("files", ("page.html", HOSTILE))])
    assert answer.status_code == 200
    assert "Read 0 copies" in answer.text
    assert browser.get("/health").status_code == 200


def test_others_are_answered_while_an_upload_is_read(instance: Instance) -> None:
    reader = HeldUp()
    with reading(instance, reader) as browser:
        answers: list[int] = []
        upload = threading.Thread(
            target=lambda: answers.append(
                browser.post(
                    "/market/files", files=[("files", ("a.csv", HEAD + b"1,s,2,3,EUR\n"))]
                ).status_code
            )
        )
        upload.start()
        assert reader.begun.wait(PATIENCE)
        assert browser.get("/health").status_code == 200
        assert answers == []
        reader.go_on.set()
        upload.join(PATIENCE)
    assert answers == [200]


@pytest.mark.parametrize(("data", "status"), [(HEAD + b"1,s,2,3,EUR\n", 200), (b"nothing", 422)])
def test_an_upload_is_on_disk_in_no_folder_and_closed_afterwards(
    instance: Instance, data: bytes, status: int
) -> None:
    reader = HeldUp()
    reader.go_on.set()
    seen: list[str] = []
    plain = reader.parts

    def noting(task: UploadTask, contents: Sequence[BinaryIO]) -> Generator[FilePart[Any], None, None]:
        seen.extend(str(Path(f"/proc/self/fd/{content.fileno()}").readlink()) for content in contents)
        return plain(task, contents)

    reader.parts = noting  # type: ignore[method-assign]
    answer = reading(instance, reader).post("/market/files", files=[("files", ("a.csv", data))])
    assert answer.status_code == status
    (where,) = seen
    assert where.startswith("/")
    assert not Path(where).exists()
    assert [content.closed for content in reader.contents] == [True]


def test_an_upload_is_read_in_a_process_of_its_own_with_the_browser_s_limits(instance: Instance) -> None:
    small = instance.with_settings(upload_listings=3)
    browser = reading(small, upload_processes(small.settings))
    rows = b"".join(b"%d,s,2,3.00,EUR\n" % id for id in range(900, 910))
    answer = browser.post("/market/files", files=[("files", ("long.csv", HEAD + rows))])
    assert "only its first 3 copies were read" in answer.text
    assert listings.stored_by(instance.db, instance.owner) >= 3


def test_a_list_of_the_browser_s_size_is_read_in_a_process_too(instance: Instance) -> None:
    browser = reading(instance, upload_processes(instance.settings))
    files = {"collection": ("c.csv", b"release_id,Artist\n7,Somebody\n")}
    answer = browser.post("/profile/files", data={"user": "uploader"}, files=files)
    assert answer.status_code == 303
