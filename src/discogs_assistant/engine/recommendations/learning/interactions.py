"""Who has which item, as a sparse matrix of weights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")


def ascending(ids: Iterable[str]) -> tuple[str, ...]:
    """The different ids: by number where all are whole numbers as one writes them, else by code point."""
    distinct = set(ids)
    if all(map(_WHOLE.fullmatch, distinct)):
        return tuple(sorted(distinct, key=int))
    return tuple(sorted(distinct))


def seed_of(identifier: str) -> int:
    """A number for a generator's seed: the id itself where it is one, else from a digest of its text."""
    if _WHOLE.fullmatch(identifier):
        return int(identifier)
    return int.from_bytes(sha256(identifier.encode()).digest()[:8], "little")


Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Matrix: TypeAlias = Any
"""A `scipy.sparse.csr_array`, whose columns ascend in each row."""


@dataclass(frozen=True, slots=True)
class Interactions:
    """`weights`: (users, items), above 0 where a user has an item; `users` and `items` name its rows and
    columns, both ascending."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    weights: Matrix
    repeated: int = 0

    def of(self, user: int) -> tuple[Ints, Floats]:
        """The items of a user, ascending, and their weights."""
        part = slice(self.weights.indptr[user], self.weights.indptr[user + 1])
        return self.weights.indices[part].astype(np.int64), self.weights.data[part]

    def only(self, users: Sequence[int]) -> Interactions:
        """These users alone, in the order given; all items stay."""
        return Interactions(tuple(self.users[user] for user in users), self.items, self.weights[list(users)])

    def among(self, items: Sequence[int]) -> Interactions:
        """These items alone, ascending; all users stay."""
        return Interactions(
            self.users, tuple(self.items[item] for item in items), self.weights[:, list(items)]
        )


def interactions(
    user: Ints,
    users: Sequence[str],
    item: Ints,
    items: Sequence[str],
    weight: Floats,
    more: Iterable[str] = (),
) -> Interactions:
    """The matrix of rows (n,) whose `user` and `item` are places among the ids beside them.

    Of rows that repeat a user and an item the largest weight counts; `repeated` is how many did not.
    `more` names items that nobody has.
    """
    row_ids, column_ids = ascending(users), ascending((*items, *more))
    rows, columns = places(users, row_ids)[user], places(items, column_ids)[item]
    order = np.lexsort((weight, columns, rows))
    rows, columns, weight = rows[order], columns[order], weight[order]
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
    shape = (len(row_ids), len(column_ids))
    matrix = sparse.csr_array((weight[last], (rows[last], columns[last])), shape=shape)
    return Interactions(row_ids, column_ids, matrix, int(len(rows) - last.sum()))


def places(ids: Sequence[str], among: Sequence[str]) -> Ints:
    """(len(ids),) the place of each id in `among`, -1 where it is not there."""
    place = {identifier: at for at, identifier in enumerate(among)}
    return np.array([place.get(identifier, -1) for identifier in ids], dtype=np.int64)
