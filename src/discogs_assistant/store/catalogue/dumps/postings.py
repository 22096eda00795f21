"""Credits: the releases of each master, artist and label, packed as sorted numbers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.store.catalogue.dumps.documents import LARGEST, at_once, marks, read_only

FILE = "postings.db"

Numbers = NDArray[np.int32]


class Part(IntEnum):
    """What an artist has to do with a release."""

    MAIN = 0
    PRODUCER = 1
    REMIXER = 2
    CREDIT = 3
    TRACK = 4
    """Named on a track, as the artists of a compilation are."""


class Of(IntEnum):
    """Whose releases they are."""

    MASTER = 0
    LABEL = 1
    ARTIST = 2


class Postings:
    """Reads a finished file."""

    def __init__(self, folder: Path) -> None:
        self._connection = read_only(folder / FILE)

    def of(self, whose: Of, key: int) -> dict[int, Numbers]:
        """The release numbers, ascending, by part."""
        if key > LARGEST:
            return {}
        rows = self._connection.execute(
            "SELECT part, releases FROM posting WHERE whose = ? AND key = ?", (whose, key)
        )
        return {part: np.frombuffer(releases, dtype=np.int32) for part, releases in rows}

    def of_all(self, whose: Of, keys: Sequence[int]) -> dict[int, Numbers]:
        """The release numbers, ascending, of each key that has some in its first part."""
        found: dict[int, Numbers] = {}
        for some in at_once([key for key in keys if key <= LARGEST]):
            query = (
                f"SELECT key, releases FROM posting WHERE whose = ? AND part = 0 AND key IN ({marks(some)})"  # noqa: S608
            )
            rows = self._connection.execute(query, (whose, *some))
            found |= {key: np.frombuffer(releases, dtype=np.int32) for key, releases in rows}
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
