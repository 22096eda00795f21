"""What the catalogue's works are made of, as arrays that the recommender reads: items × features."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ITEMS, STARTS, NUMBERS, TABLE = "items.i8", "starts.i8", "features.i4", "features.parquet"


@dataclass(frozen=True, slots=True)
class FeatureArrays:
    """`numbers[starts[n] : starts[n + 1]]` are the features of `items[n]`, ascending; mapped from disk.

    `items` (n,) ascending: a master's number, or a release's negated where it has no master; `starts`
    (n + 1,). Features that only one item has are left out.
    """

    items: NDArray[np.int64]
    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    folder: Path

    def of(self, item: int) -> NDArray[np.int32]:
        """The features of one item; empty if it is unknown."""
        place = int(np.searchsorted(self.items, item))
        if place == len(self.items) or self.items[place] != item:
            return np.zeros(0, dtype=np.int32)
        return self.numbers[self.starts[place] : self.starts[place + 1]]

    def table(self) -> Any:
        """An Arrow table, a row for each number in order: kind, id or None, word or None, number of items.

        Kinds: artist, label, producer, remixer, credit (these five with an id); genre, style, country,
        format, decade (these with a word).
        """
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / TABLE)


def feature_arrays(folder: Path) -> FeatureArrays:
    """Those of a finished folder of releases."""
    return FeatureArrays(
        _mapped(folder / ITEMS, np.dtype(np.int64)),
        _mapped(folder / STARTS, np.dtype(np.int64)),
        _mapped(folder / NUMBERS, np.dtype(np.int32)),
        folder,
    )


def _mapped(path: Path, dtype: np.dtype[Any]) -> NDArray[Any]:
    """An empty file cannot be mapped."""
    return np.memmap(path, dtype=dtype, mode="r") if path.stat().st_size else np.zeros(0, dtype=dtype)
