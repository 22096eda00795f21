"""Chunks parsed in other processes come back in order, as if parsed here; a lost process is reported."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import active_children

import pytest
from tests.sources.dumps.dump_texts import release

from discogs_assistant.errors import StorageError
from discogs_assistant.pipelines.catalogue.parsing import Done, parsed
from discogs_assistant.sources.dumps.cutting import Chunk


def some(count: int) -> Iterator[Chunk]:
    for number in range(count):
        # The earlier the larger, so that later ones are parsed first.
        records = [release(1000 * number + id).encode() for id in range(1, 300 // (number + 1) + 2)]
        records.append(b"<release/>")
        ends = [sum(map(len, records[: at + 1])) for at in range(len(records))]
        yield Chunk(number, "releases", b"".join(records), ends)


def plain(done: Iterator[Done]) -> list[Done]:
    return [replace(part, peak_kb=0) for part in done]


def test_other_processes_give_the_same_in_the_same_order() -> None:
    assert plain(parsed(some(9), 2)) == plain(parsed(some(9), 0))
    assert active_children() == []


def test_a_process_that_is_lost_is_reported_in_a_sentence() -> None:
    answers = parsed(some(50), 2)
    next(answers)
    children = active_children()
    assert children
    for process in children:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(StorageError, match="ended unexpectedly"):
        list(answers)
    assert active_children() == []
