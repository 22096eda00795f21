"""Tallies of any number of ids: the first in memory, the others in a temporary database."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.pool import StaticPool

from discogs_assistant.model.tally import MemoryTally, Tally

_metadata = MetaData()
_counts = Table(
    "counts",
    _metadata,
    Column("tally", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)


_AT_ONCE = 20_000
IN_MEMORY = 340_000
"""As many numbers of a tally are in memory, in 25 MB, before the first goes to the disk, at 6 µs each.

A dictionary of a few thousand more is twice as large.
"""


class DiskTallies:
    """A temporary database for the tallies that are made with it; use it in a `with` block.

    SQLite removes a database without a name from its folder as soon as it has opened it, so that nothing is
    left of it however the process ends.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._made = 0

    def __enter__(self) -> DiskTallies:
        self._engine = create_engine("sqlite://", creator=_unnamed, poolclass=StaticPool)
        self._connection = self._engine.connect()
        _metadata.create_all(self._connection)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()

    def tally(self) -> Tally:
        """An empty tally."""
        return _DiskTally(self._numbers(), self._in_memory)

    def distinct(self) -> Distinct:
        """A count of different numbers, of none so far."""
        return Distinct(self._numbers(), 2 * self._in_memory)

    def _numbers(self) -> _Numbers:
        self._made += 1
        return _Numbers(self._connection, self._made)


class _DiskTally:
    """A `Tally` whose first numbers are in memory, and the others on disk."""

    def __init__(self, beyond: _Numbers, in_memory: int) -> None:
        self._first, self._beyond, self._in_memory = MemoryTally(), beyond, in_memory

    def add(self, numbers: Sequence[int]) -> list[int]:
        """Count each number; for each how often it had been added before, those of this call included."""
        if len(self._first) < self._in_memory:
            return self._first.add(numbers)
        first = self._first.known(numbers)
        in_memory = iter(self._first.add([number for number in numbers if number in first]))
        on_disk = iter(self._beyond.add([number for number in numbers if number not in first]))
        return [next(in_memory if number in first else on_disk) for number in numbers]

    def known(self, numbers: Iterable[int]) -> set[int]:
        """Those of the numbers that were added."""
        asked = set(numbers)
        first = self._first.known(asked)
        return (
            first if len(self._first) < self._in_memory else first | self._beyond.found(asked - first).keys()
        )

    def __len__(self) -> int:
        return len(self._first) + len(self._beyond)


class Distinct:
    """How many different numbers were noted; those noted last are in memory, where they take little of it."""

    def __init__(self, beyond: _Numbers, in_memory: int) -> None:
        self._last, self._beyond, self._in_memory = array("q"), beyond, in_memory

    def note(self, numbers: Iterable[int]) -> None:
        """Count those that were not noted before."""
        self._last.extend(numbers)
        if len(self._last) >= self._in_memory:
            self._to_disk()

    def __len__(self) -> int:
        if len(self._beyond):
            self._to_disk()
            return len(self._beyond)
        numbers = self._sorted()
        return int(np.count_nonzero(np.diff(numbers))) + (len(numbers) > 0)

    def _to_disk(self) -> None:
        numbers = self._sorted()
        for at in range(0, len(numbers), _AT_ONCE):
            self._beyond.note(numbers[at : at + _AT_ONCE].tolist())
        self._last = array("q")

    def _sorted(self) -> NDArray[np.int64]:
        """Without objects, which would take eight times the memory."""
        return np.sort(np.array(self._last, np.int64))


class _Numbers:
    """The numbers of one tally on disk, with their counts."""

    def __init__(self, connection: Connection, tally: int) -> None:
        self._connection = connection
        self._tally = tally

    def add(self, numbers: Sequence[int]) -> list[int]:
        """As that of a `Tally`."""
        found = self.found(numbers)
        if not found and len(set(numbers)) == len(numbers):
            self.note(numbers)
            return [0] * len(numbers)
        counts = Counter(found)
        before = []
        for number in numbers:
            before.append(counts[number])
            counts[number] += 1
        rows = [{"tally": self._tally, "number": number, "count": count} for number, count in counts.items()]
        self._connection.execute(insert(_counts).prefix_with("OR REPLACE"), rows)
        return before

    def note(self, numbers: Iterable[int]) -> None:
        """Add those that are not there."""
        listed = _listed(numbers)
        rows = select(literal(self._tally), listed.c.value, literal(1))
        ignoring = insert(_counts).prefix_with("OR IGNORE")
        self._connection.execute(ignoring.from_select(["tally", "number", "count"], rows))

    def found(self, numbers: Iterable[int]) -> dict[int, int]:
        """Those of the numbers that are there, with their counts."""
        listed = _listed(numbers)
        query = select(_counts.c.number, _counts.c.count).where(
            _counts.c.tally == self._tally, _counts.c.number.in_(select(listed.c.value))
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def __len__(self) -> int:
        mine = select(func.count()).select_from(_counts).where(_counts.c.tally == self._tally)
        return self._connection.execute(mine).scalar_one()


def _listed(numbers: Iterable[int]) -> FromClause:
    return func.json_each(json.dumps([int(number) for number in numbers])).table_valued("value")


def _unnamed() -> Any:
    connection = sqlite3.connect("", check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection
