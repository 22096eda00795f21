"""Imports a dump into the catalogue; the current one is served until the new one is complete."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from discogs_assistant.errors import StorageError
from discogs_assistant.model.ports import Clock
from discogs_assistant.model.readable import size
from discogs_assistant.pipelines.catalogue.building import build
from discogs_assistant.pipelines.catalogue.progress import Peak, Say
from discogs_assistant.pipelines.catalogue.result import ImportReport, SkippedRecord, count_of
from discogs_assistant.sources.dumps.files import KINDS, DumpFile, find_dumps, month_of
from discogs_assistant.store.catalogue.dumps.import_lock import importing, report_progress
from discogs_assistant.store.catalogue.dumps.serving import (
    CatalogueFolder,
    ImportedKind,
    Serving,
    note,
    size_of,
)

FORMAT = 4
"""The format of the files in a kind's folder; a folder of another format is built again."""

# Bytes on disk for each packed byte that came in, with room to sort: measured by bench/catalogue.py.
_GROWTH = 3.0


def free_bytes(root: Path) -> int:
    """What the disk of this folder has left."""
    return shutil.disk_usage(root).free


def import_dumps(
    root: Path, paths: Sequence[Path], clock: Clock, say: Say, free: Callable[[Path], int] = free_bytes
) -> ImportReport:
    """Import the dumps at `paths` into the catalogue at `root`, as docs/cli.md says about `catalogue import`.

    Parts that were finished before a kill are not repeated. `say` is called with each sentence of progress.
    Raises `BadInputError` for files that cannot be read whole, `ConflictError` while another import runs,
    and `StorageError` for lack of disk space; each time the catalogue is unchanged.
    """
    began = time.perf_counter()
    dumps = find_dumps(paths)
    catalogue_folder = CatalogueFolder(root)
    with importing(root):
        say = _telling(root, say)
        _look_at_disk(root, dumps, free, say)
        before = catalogue_folder.serving()
        peak = Peak()
        new = {
            kind: _imported(catalogue_folder, kind, [dump for dump in dumps if dump.kind == kind], peak, say)
            for kind in KINDS
            if any(dump.kind == kind for dump in dumps)
        }
        serving = Serving(
            month_of(dumps),
            clock.now().isoformat(timespec="seconds"),
            (before.kinds if before else {}) | new,
        )
        catalogue_folder.serve(serving)
    abouts = [catalogue_folder.about(imported.folder) or {} for imported in new.values()]
    return ImportReport(
        month=serving.month,
        artists=count_of(serving, "artists"),
        labels=count_of(serving, "labels"),
        masters=count_of(serving, "masters"),
        releases=count_of(serving, "releases"),
        skipped=tuple(SkippedRecord(**record) for about in abouts for record in about.get("skipped", ())),
        bytes=serving.bytes,
        seconds=round(time.perf_counter() - began, 3),
        peak_mb=peak.megabytes(),
    )


def _telling(root: Path, say: Say) -> Say:
    """Says a sentence here, and lets other processes read it."""

    def both(sentence: str) -> None:
        say(sentence)
        report_progress(root, sentence)

    return both


def _imported(
    catalogue_folder: CatalogueFolder, kind: str, dumps: list[DumpFile], peak: Peak, say: Say
) -> ImportedKind:
    name = f"{kind}-{_fingerprint(dumps)}"
    about = catalogue_folder.about(name)
    if about is None:
        with catalogue_folder.building(name) as folder:
            about = build(folder, kind, dumps, peak, say)
            note(folder, about)
        skipped = len(about["skipped"])
        left_out = f" Left out: {_count(skipped, 'record')}." if skipped else ""
        say(f"Imported: {_count(about['count'], kind[:-1])}.{left_out}")
    else:
        say(f"Already imported: {_count(about['count'], kind[:-1])}.")
    return ImportedKind(name, about["count"], size_of(catalogue_folder.root / name), about["month"])


def _fingerprint(dumps: list[DumpFile]) -> str:
    """The same files give the same name, so that a second attempt finds what the first one finished."""
    seen = [(FORMAT, dump.name, dump.size, dump.changed_ns) for dump in dumps]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def _look_at_disk(root: Path, dumps: list[DumpFile], free_at: Callable[[Path], int], say: Say) -> None:
    packed = sum(dump.size if dump.name.endswith(".gz") else dump.size // 6 for dump in dumps)
    need, free = int(_GROWTH * packed), free_at(root)
    say(
        f"About {size(need)} of disk are needed, {size(free)} are free. "
        "The dumps are read in place; nothing is unpacked onto the disk."
    )
    if need > free:
        raise StorageError(
            f"About {size(need)} of disk are needed; {root} has {size(free)} left.",
            "Free some space, remove old dumps with `catalogue forget`, or set DATA_DIR to a larger disk.",
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"
