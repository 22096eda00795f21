"""One import at a time, and how far it is, for other processes to read."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from discogs_assistant.errors import ConflictError, StorageError
from discogs_assistant.store.catalogue.dumps.serving import BUILDING

_LOCK = "import.lock"
_PROGRESS, _NEXT_PROGRESS = "import.progress", "import.progress.new"

# A process that checks whether an import is under way holds the lock for an instant.
_ATTEMPTS = 5
_INSTANT = 0.05


@contextmanager
def importing(root: Path) -> Iterator[None]:
    """Only one import at a time; the system lets go of it when the process ends, however it ends.

    `ConflictError` while another is under way, `StorageError` where the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / _LOCK).open("a")
    except OSError as problem:
        raise StorageError(
            f"The folder {root} cannot be written ({problem.strerror}).", "Set DATA_DIR to another."
        ) from problem
    with lock:
        if not _held(lock):
            raise ConflictError("Another import into this catalogue is running.", "Wait until it has ended.")
        for left in root.glob(f"{BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            yield
        except (OSError, sqlite3.Error) as problem:
            reason = (isinstance(problem, OSError) and problem.strerror) or problem
            raise StorageError(
                f"The catalogue at {root} cannot be written ({reason}). It has not changed.",
                "Free some space or correct the folder's rights, then import again.",
            ) from problem
        finally:
            for name in (_PROGRESS, _NEXT_PROGRESS):
                (root / name).unlink(missing_ok=True)


def report_progress(root: Path, sentence: str) -> None:
    """Let `under_way` answer with this sentence from now on."""
    beside = root / _NEXT_PROGRESS
    beside.write_text(sentence, encoding="utf-8")
    beside.replace(root / _PROGRESS)


def under_way(root: Path) -> str | None:
    """The progress of the running import; None if none is running."""
    try:
        with (root / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return _progress(root)
    return None


def _progress(root: Path) -> str | None:
    try:
        return (root / _PROGRESS).read_text(encoding="utf-8") or None
    except FileNotFoundError:
        return None


def _held(lock: IO[str]) -> bool:
    for attempt in range(_ATTEMPTS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_INSTANT)
        else:
            return True
    return False
