"""Compiled loops on disk, kept one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache


class SharedCache(FunctionCache):
    """numba's cache of a loop, for a folder into which several processes compile at once.

    By itself numba reads the index of a loop, takes the next free number for its file and writes the index
    back: two processes could take one number for two signatures, and each would later load the other's code.
    """

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for a signature; not where the folder cannot be written."""
        with contextlib.suppress(OSError), alone(Path(self.cache_path)):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No other process (or open lock) is in here with the same folder; where there are no locks, all are."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "compiling.lock").open("a") as lock:
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
