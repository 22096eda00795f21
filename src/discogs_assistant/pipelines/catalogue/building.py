"""Builds the files of one kind of a dump: records, columns, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from discogs_assistant.errors import BadInputError
from discogs_assistant.pipelines.catalogue.parsing import PROCESSES, Done, parsed
from discogs_assistant.pipelines.catalogue.progress import Peak, Progress, Say
from discogs_assistant.sources.dumps.cutting import Chunk, chunks
from discogs_assistant.sources.dumps.files import DumpFile, month_of
from discogs_assistant.sources.dumps.parsing import Skipped
from discogs_assistant.sources.dumps.reading import opened
from discogs_assistant.store.catalogue.dumps.columns import ColumnWriter
from discogs_assistant.store.catalogue.dumps.documents import DocumentWriter
from discogs_assistant.store.catalogue.dumps.feature_writer import write_features
from discogs_assistant.store.catalogue.dumps.other_name_writer import write_other_names
from discogs_assistant.store.catalogue.dumps.posting_writer import write_postings
from discogs_assistant.store.catalogue.dumps.search_index import write_search_index

# Bytes of dumps that are parsed sooner than other processes would have started.
_FEW = 4_000_000

_DERIVED: dict[str, Sequence[tuple[str, Callable[[Path], None]]]] = {
    "artists": (("Under which names artists also go …", write_other_names),),
    "releases": (
        ("Who is on which release …", write_postings),
        ("What each work is made of …", write_features),
        ("The search index …", write_search_index),
    ),
}


def build(folder: Path, kind: str, dumps: Sequence[DumpFile], peak: Peak, say: Say) -> dict[str, Any]:
    """Fill an empty folder with a kind; its count, month and skipped records, which are noted of it.

    `BadInputError` where a file cannot be read whole or none of its records can.
    """
    few = sum(dump.size for dump in dumps) < _FEW
    with _Filling(folder, kind) as filling:
        for done in parsed(_chunks(dumps, say), 0 if few else PROCESSES):
            filling.add(done)
            peak.of_worker(done.number, done.peak_kb)
    if not filling.count:
        raise BadInputError(
            f"{', '.join(str(dump.path) for dump in dumps)}: no {kind[:-1]} can be read in it."
        )
    for words, derive in _DERIVED.get(kind, ()):
        say(words)
        derive(folder)
    skipped = [asdict(record) for record in filling.skipped]
    return {"count": filling.count, "month": month_of(dumps), "skipped": skipped}


class _Filling:
    """Writes records in both forms, each number once; closed well only where the block ends well."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._entity = kind[:-1]
        self._documents, self._columns = DocumentWriter(folder), ColumnWriter(folder, kind)
        self._seen = _Seen()
        self.skipped: list[Skipped] = []
        self.count = 0

    def __enter__(self) -> _Filling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if problem is not None:
            self._columns.abandon()
            return
        self._documents.close()
        self._columns.close()

    def add(self, done: Done) -> None:
        """The records of a chunk; those whose number came before are skipped."""
        fresh = self._seen.fresh(done.ids)
        self._documents.add(*_kept(done, fresh))
        self._columns.add(done.columns, None if all(fresh) else fresh)
        self.skipped += done.skipped
        self.skipped += [
            Skipped(self._entity, id, "This number appeared before; the first record counts.")
            for id, new in zip(done.ids, fresh, strict=True)
            if not new
        ]
        self.count += sum(fresh)


def _kept(done: Done, fresh: list[bool]) -> tuple[Iterable[int], Iterable[bytes]]:
    if all(fresh):
        return done.ids, done.documents
    kept = [place for place, new in enumerate(fresh) if new]
    return [done.ids[place] for place in kept], [done.documents[place] for place in kept]


def _chunks(dumps: Sequence[DumpFile], say: Say) -> Iterator[Chunk]:
    """The chunks of all files of one kind, numbered through; a file's checksum is looked at at its end."""
    progress = Progress(sum(dump.size for dump in dumps), dumps[0].kind, say)
    number = 0
    for dump in dumps:
        reading = opened(dump.path)
        for chunk in chunks(dump.path, dump.kind, progress.watching(reading)):
            chunk.number = number
            number += 1
            yield chunk
        reading.check(dump.checksum)


class _Seen:
    """Which numbers came already: a byte of memory for each possible number."""

    def __init__(self) -> None:
        self._seen = np.zeros(1 << 20, dtype=np.bool_)

    def fresh(self, ids: list[int]) -> list[bool]:
        """For each, whether it is its first time."""
        largest = max(ids, default=0)
        if largest >= len(self._seen):
            grown = np.zeros(max(largest + 1, 2 * len(self._seen)), dtype=np.bool_)
            grown[: len(self._seen)] = self._seen
            self._seen = grown
        numbers = np.array(ids, dtype=np.int64)
        first = np.zeros(len(ids), dtype=np.bool_)
        first[np.unique(numbers, return_index=True)[1]] = True
        fresh = first & ~self._seen[numbers]
        self._seen[numbers] = True
        found: list[bool] = fresh.tolist()
        return found
