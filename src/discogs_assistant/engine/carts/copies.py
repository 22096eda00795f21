"""The copies for sale as columns: what both cart engines read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.shipping.tariffs import ParcelSize

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Copies:
    """n copies of m sellers; `sellers` (m,) by code point, every other column (n,), in any order of rows.

    `price` in minor units of the budget's currency; `worth` in minor units of the currency of the seller's
    shipping policy (the price itself where there is none); `score` in millionths, `grams` a copy, `quantity`
    how many of it there are; `media` and `sleeve` as the model's grades or `UNGRADED`. Copies of one `group`
    exclude each other in a cart; those of one release share a group.
    """

    sellers: tuple[str, ...]
    listing: Ints
    seller: Ints
    release: Ints
    group: Ints
    price: Ints
    worth: Ints
    score: Ints
    grams: Ints
    quantity: Ints
    media: Ints
    sleeve: Ints

    def __len__(self) -> int:
        return len(self.listing)

    def parcel(self, rows: Sequence[int]) -> ParcelSize:
        """The size of a parcel of one of each of these copies of a seller."""
        grams, worth = (sum(column[list(rows)].tolist()) for column in (self.grams, self.worth))
        return ParcelSize(len(rows), grams, worth)

    def take(self, rows: Ints | Mask) -> Copies:
        """The same sellers with the copies in `rows` alone."""
        columns = {
            column.name: getattr(self, column.name)[rows]
            for column in fields(self)
            if column.name != "sellers"
        }
        return replace(self, **columns)
