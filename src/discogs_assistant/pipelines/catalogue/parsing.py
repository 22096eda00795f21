"""Parses the chunks of a dump in processes of their own, and gives them back in the dump's order."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from discogs_assistant.errors import StorageError
from discogs_assistant.sources.dumps.cutting import Chunk
from discogs_assistant.sources.dumps.parsing import Skipped, parse
from discogs_assistant.store.catalogue.dumps.columns import columns
from discogs_assistant.store.catalogue.dumps.documents import Packer

PROCESSES = 2
"""More than two would wait for the one that unpacks and writes."""


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk's records in the two stored forms, and the process's peak memory so far."""

    number: int
    ids: list[int]
    documents: list[bytes]
    columns: bytes
    skipped: list[Skipped]
    peak_kb: int = 0


def parsed(chunks: Iterable[Chunk], processes: int) -> Iterator[Done]:
    """Each chunk's records, in the order of the chunks; with no processes they are parsed in this one.

    The processes end when this one does, even where it is killed: their pipe closes.
    """
    if not processes:
        yield from map(_done, chunks)
        return
    workers = [_start() for _ in range(processes)]
    try:
        yield from _in_order(iter(chunks), [connection for _, connection in workers])
    finally:
        for process, connection in workers:
            connection.close()
            process.terminate()
            process.join()


def work(connection: Connection) -> None:
    """Answer chunks until no more come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    # Documents hold no cycles; looking for some among 1,300 releases at a time took a third of the parsing.
    gc.disable()
    while True:
        try:
            done = _done(connection.recv())
            peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            connection.send(replace(done, peak_kb=peak_kb))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _start() -> tuple[Any, Connection]:
    # Spawned: a forked process would share the open files of this one, its lock among them.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _in_order(chunks: Iterator[Chunk], connections: list[Connection]) -> Iterator[Done]:
    idle, busy = list(connections), set[Connection]()
    finished: dict[int, Done] = {}
    turn, more = 0, True
    while more or busy or finished:
        while idle and more and len(finished) < 2 * len(connections):
            chunk = next(chunks, None)
            more = chunk is not None
            if chunk is not None:
                connection = idle.pop()
                with _lost():
                    connection.send(chunk)
                busy.add(connection)
        for ready in wait(list(busy)) if busy else ():
            assert isinstance(ready, Connection)
            done = _answer(ready)
            finished[done.number] = done
            busy.remove(ready)
            idle.append(ready)
        while turn in finished:
            yield finished.pop(turn)
            turn += 1


def _answer(connection: Connection) -> Done:
    with _lost():
        answer = connection.recv()
    assert isinstance(answer, Done)
    return answer


@contextmanager
def _lost() -> Iterator[None]:
    try:
        yield
    except (EOFError, BrokenPipeError, ConnectionResetError) as problem:
        raise StorageError(
            "A process that parses the dump ended unexpectedly, perhaps out of memory.",
            "Free some memory and import again.",
        ) from problem


def _done(chunk: Chunk) -> Done:
    found = parse(chunk)
    packer = Packer()
    return Done(
        number=chunk.number,
        ids=found.ids,
        documents=[packer.packed(document) for document in found.documents],
        columns=columns(chunk.kind, found.documents),
        skipped=found.skipped,
    )
