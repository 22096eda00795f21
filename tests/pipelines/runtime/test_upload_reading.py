"""Uploads are read in a process of their own: what goes wrong there costs its own upload only."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.workers import until
from tests.sources.market.sell_pages import Copy, page, row_2026
from tests.store.fakes import NOW
from tests.uploads import task_of, uploaded

from discogs_assistant.errors import BadInputError, BusyError
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.model.profile import ListPart
from discogs_assistant.model.upload import FilePart, UploadLimits
from discogs_assistant.pipelines.runtime.uploads.child import Ended
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadProcesses, UploadReader
from discogs_assistant.sources.files.uploads import Kind

LIMITS = UploadLimits(listings=2_000, items=1_500, unpacked=10_000_000)
HEAD = b"listing_id,seller,release_id,price,currency\n"
HERE = ReadHere(LIMITS)


def processes(**changes: Any) -> UploadProcesses:
    usual: dict[str, Any] = {"limits": LIMITS, "seconds": 60.0, "memory": 400_000_000, "processes": 2}
    return UploadProcesses(**(usual | changes))


def rows(first: int, number: int) -> bytes:
    return b"".join(b"%d,seller_%d,%d,5.00,EUR\n" % (id, id % 7, id) for id in range(first, first + number))


def read(reader: UploadReader, *files: tuple[str, bytes], kind: Kind = "market") -> list[FilePart[Any]]:
    with uploaded(*files) as made:
        task = task_of(*((kind, one.name) for one in made), as_of=NOW)
        with closing(reader.parts(task, [one.content for one in made])) as parts:
            return list(parts)


def listings(parts: list[FilePart[Any]], file: int) -> list[int]:
    batches = [part.part for part in parts if part.file == file and isinstance(part.part, MarketBatch)]
    return [int(listing.id) for batch in batches for listing in batch.listings]


def problems(parts: list[FilePart[Any]]) -> list[str]:
    found = [part.part for part in parts if isinstance(part.part, MarketBatch | ListPart)]
    return [sentence for part in found for sentence in part.problems]


def errors(parts: list[FilePart[Any]]) -> dict[int, str]:
    return {part.file: str(part.error) for part in parts if part.error is not None}


@pytest.fixture(scope="module", params=[HERE, processes()], ids=["here", "in a process"])
def reader(request: pytest.FixtureRequest) -> UploadReader:
    return request.param  # type: ignore[no-any-return]


def test_each_file_comes_in_batches_with_its_place(reader: UploadReader) -> None:
    whole = page([row_2026(Copy(listing=9_999, price="$12.00"))]).encode()
    parts = read(reader, ("a.csv", HEAD + rows(1, 1_500)), ("b.html", whole))
    assert [part.file for part in parts] == [0, 0, 0, 1]
    assert (listings(parts, 0), listings(parts, 1)) == (list(range(1, 1_501)), [9_999])
    assert problems(parts) == []


def test_a_file_that_cannot_be_used_costs_only_itself(reader: UploadReader) -> None:
    parts = read(reader, ("bad.csv", b"x,y\n1,2\n"), ("good.csv", HEAD + rows(5, 1)))
    assert listings(parts, 1) == [5]
    assert list(errors(parts)) == [0]
    assert errors(parts)[0].startswith("bad.csv")


def test_both_readers_give_the_same_of_a_list_with_everything_in_it() -> None:
    table = (
        b"Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
        b"Collection Media Condition,Collection Sleeve Condition,Collection Notes\n"
        b'C 1,"A (2), B",T,"L, M","2xLP, Album",4,1979,7,Jazz,2024-01-02 10:11:12,Mint (M),Generic,mine\n'
        b"C 2,B,,L,CD,many,,7,,,,,\n"
    )
    here, there = (read(reader, ("c.csv", table), kind="collection") for reader in (HERE, processes()))
    assert here == there
    assert sum(len(part.part.items) for part in here if part.part is not None) == 2
    assert len(problems(here)) == 1


@pytest.mark.parametrize(("kind", "limit"), [("market", 2_000), ("collection", 1_500), ("wantlist", 1_500)])
def test_what_exceeds_the_limit_is_left_out_with_a_sentence(
    reader: UploadReader, kind: Kind, limit: int
) -> None:
    whole = (
        HEAD + rows(1, 3_000)
        if kind == "market"
        else b"release_id\n" + b"".join(b"%d\n" % id for id in range(1, 3_001))
    )
    parts = read(reader, ("long.csv", whole), kind=kind)
    read_of_it = sum(
        len(part.part.listings if kind == "market" else part.part.items) for part in parts if part.part
    )
    assert read_of_it == limit
    assert f"first {limit:,}" in problems(parts)[-1]
    assert "long.csv" in problems(parts)[-1]


def test_without_limits_everything_is_read() -> None:
    assert len(listings(read(ReadHere(), ("long.csv", HEAD + rows(1, 3_000))), 0)) == 3_000


def test_a_listing_that_is_in_two_files_of_a_zip_counts_once_and_a_doubled_row_is_named(
    reader: UploadReader,
) -> None:
    from tests.sources.market.test_archives import zipped

    data = zipped(("a.csv", HEAD + rows(1, 2) + rows(1, 1)), ("b.csv", HEAD + rows(2, 2)))
    parts = read(reader, ("z.zip", data))
    assert listings(parts, 0) == [1, 2, 3]
    assert problems(parts) == ["z.zip/a.csv, line 4, column listing_id: listing 1 is in the file already."]


def test_a_file_that_takes_too_long_is_named_and_so_are_those_after_it() -> None:
    slow = ("slow.csv", HEAD + rows(1, 2_000) * 40)
    parts = read(processes(seconds=0.02), slow, ("next.csv", HEAD + rows(1, 1)))
    assert "slow.csv was not read to its end: it takes more than 0 seconds." in errors(parts)[0]
    assert "next.csv was not read" in errors(parts)[1]


def test_a_name_cannot_write_into_the_sentence_of_a_file_that_was_not_read() -> None:
    names = ("slow\n\x1b[31m.csv", "next\u202e.csv")
    parts = read(processes(seconds=0.02), *((name, HEAD + rows(1, 2_000) * 40) for name in names))
    assert len(parts) == 2
    assert errors(parts)
    assert all(sentence.isprintable() for sentence in errors(parts).values())


def test_a_file_that_needs_too_much_memory_is_named_and_the_next_one_is_read() -> None:
    wide = (b'"' + b"a" * 130_000 + b'",') * 30
    hungry = ("hungry.csv", (wide + b"\n") * 12)
    parts = read(processes(memory=30_000_000), hungry, ("next.csv", HEAD + rows(1, 1)))
    assert "hungry.csv" in errors(parts)[0]
    assert "memory" in errors(parts)[0]
    assert listings(parts, 1) == [1]


def test_a_process_that_is_killed_costs_its_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    popen = subprocess.Popen

    def killed_at_once(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = popen(*arguments, **options)
        if not started:
            process.send_signal(signal.SIGKILL)
        started.append(process.pid)
        return process

    monkeypatch.setattr(
        "discogs_assistant.pipelines.runtime.uploads.reading.subprocess.Popen", killed_at_once
    )
    parts = read(processes(), ("a.csv", HEAD + rows(1, 1)), ("b.csv", HEAD + rows(2, 1)))
    assert "a.csv was not read to its end" in errors(parts)[0]
    assert listings(parts, 1) == [2]
    assert len(started) == 2


def test_more_uploads_than_there_are_places_wait_and_then_are_asked_to_come_back() -> None:
    reader = processes(processes=1, patience=0.0)
    with uploaded(("a.csv", HEAD + rows(1, 1_500))) as (file,):
        task = task_of(("market", "a.csv"), as_of=NOW)
        with closing(reader.parts(task, [file.content])) as parts:
            next(parts)
            with pytest.raises(BusyError, match="many other files"):
                read(reader, ("b.csv", HEAD + rows(1, 1)))
    assert listings(read(reader, ("b.csv", HEAD + rows(1, 1))), 0) == [1], "the place is free again"


def test_who_waits_for_a_place_gets_it_when_it_is_free() -> None:
    reader = processes(processes=1)
    answers: list[list[int]] = []
    with uploaded(("a.csv", HEAD + rows(1, 1_500))) as (file,):
        task = task_of(("market", "a.csv"), as_of=NOW)
        with closing(reader.parts(task, [file.content])) as parts:
            next(parts)
            other = threading.Thread(
                target=lambda: answers.append(listings(read(reader, ("b.csv", HEAD + rows(3, 1))), 0))
            )
            other.start()
    other.join(60)
    assert answers == [[3]]


def test_the_process_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCOGS_ASSISTANT_SECRET_KEY", "the key of everything, 32 letters")
    seen: list[dict[str, str]] = []
    popen = subprocess.Popen

    def watched(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        seen.append(options["env"])
        return popen(*arguments, **options)

    monkeypatch.setattr("discogs_assistant.pipelines.runtime.uploads.reading.subprocess.Popen", watched)
    read(processes(), ("a.csv", HEAD + rows(1, 1)))
    (environment,) = seen
    assert "PATH" in environment
    assert not [name for name in environment if name.startswith("DISCOGS")]


def test_the_reading_process_needs_neither_database_nor_settings() -> None:
    code = (
        "import sys\nimport discogs_assistant.pipelines.runtime.uploads.child\n"
        "print(sorted({'sqlalchemy', 'pydantic', 'fastapi', 'dbos', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_last_word_of_a_process_is_its_memory() -> None:
    said: list[Ended] = []
    read(processes(ended=said.append), ("a.csv", HEAD + rows(1, 1)))
    assert [report.peak_kb > 10_000 for report in said] == [True]


@pytest.fixture
def abandoned(tmp_path: Path) -> Iterator[Callable[[], int]]:
    """A process that reads a file and is killed while its child does; the child's number, once it runs."""
    noted = tmp_path / "child"
    code = (
        "import sys, pathlib, subprocess\n"
        "from tests.pipelines.runtime.test_upload_reading import HEAD, NOW, processes, rows, uploaded, "
        "task_of\n"
        "popen = subprocess.Popen\n"
        "def noted(*a, **b):\n"
        "    process = popen(*a, **b)\n"
        "    pathlib.Path(sys.argv[1]).write_text(str(process.pid))\n"
        "    return process\n"
        "subprocess.Popen = noted\n"
        "with uploaded(('a.csv', HEAD + rows(1, 2000))) as (file,):\n"
        "    parts = processes().parts(task_of(('market', 'a.csv'), as_of=NOW), [file.content])\n"
        "    next(parts)\n"
        "    print('reading', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(noted)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def kill() -> int:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"reading\n"
        parent.kill()
        parent.wait()
        return int(noted.read_text())

    yield kill
    parent.kill()
    parent.wait()
    for pipe in (parent.stdin, parent.stdout):
        assert pipe is not None
        pipe.close()


def test_the_child_ends_with_the_process_that_started_it(abandoned: Callable[[], int]) -> None:
    child = abandoned()
    until(lambda: not Path(f"/proc/{child}").exists() or _is_zombie(child))


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except FileNotFoundError:
        return True


def test_an_error_nobody_foresaw_is_logged_and_said(capfd: pytest.CaptureFixture[str]) -> None:
    task_of_no_kind: Any = "nonsense"
    with uploaded(("a.csv", HEAD)) as (file,):
        task = task_of((task_of_no_kind, "a.csv"), as_of=NOW)
        with closing(processes().parts(task, [file.content])) as found:
            (part,) = list(found)
    assert isinstance(part.error, BadInputError)
    assert "this program failed" in str(part.error)
    assert "KeyError" in "".join(capfd.readouterr())


def test_garbage_is_looked_for_as_usual_after_a_file_was_read_here() -> None:
    usual = gc.get_threshold()
    assert len(listings(read(HERE, ("a.csv", HEAD + rows(1, 1))), 0)) == 1
    assert gc.get_threshold() == usual
