"""Marks of the workers on this machine: locked files, so that a killed process is known to be gone at once.

A lease alone would let its runs wait until it has run out. Workers of other machines have other folders; for
them the lease is all there is.
"""

from __future__ import annotations

import fcntl
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from discogs_assistant.config import Settings

_SUFFIX = ".worker"


@dataclass
class WorkerMarks:
    """The marks in a folder of the installation."""

    folder: Path
    _own: IO[str] | None = field(default=None, init=False)

    def hold(self, executor_id: str) -> None:
        """Mark this process as a worker for as long as it lives; not where the folder cannot be written."""
        unready = self._path(executor_id).with_suffix(".new")
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own = unready.open("w", encoding="ascii")
            fcntl.flock(self._own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Locked before it has its name: nobody ever sees it unlocked while we live.
            unready.rename(self._path(executor_id))

    def drop(self, executor_id: str) -> None:
        """Take the mark away."""
        if self._own is not None:
            self._path(executor_id).unlink(missing_ok=True)
            self._own.close()
            self._own = None

    def gone(self) -> set[str]:
        """Workers of this machine that ended without taking their mark away."""
        return {path.stem for path in self.folder.glob(f"*{_SUFFIX}") if _is_free(path)}

    def forget(self, executor_id: str) -> None:
        """Remove the mark of a worker that is gone."""
        self._path(executor_id).unlink(missing_ok=True)

    def _path(self, executor_id: str) -> Path:
        return self.folder / f"{executor_id}{_SUFFIX}"


def marks_of(settings: Settings) -> WorkerMarks:
    """The marks of an installation's workers on this machine."""
    return WorkerMarks(settings.data_dir / "workers")


def _is_free(path: Path) -> bool:
    with suppress(FileNotFoundError), path.open("r", encoding="ascii") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    return False
