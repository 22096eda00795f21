"""Tallies on disk: counts of any number of ids in a temporary database, which holds nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

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

_metadata = MetaData()
_counts = Table(
    "counts",
    _metadata,
    Column("tally", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)


@contextmanager
def tallies_on_disk() -> Iterator[Callable[[], DiskTally]]:
    """Makes tallies whose counts are on disk; they are removed at the end of the block.

    SQLite removes a database without a name from its folder as soon as it has opened it, so that nothing is
    left of it however the process ends.
    """
    engine = create_engine("sqlite://", creator=_unnamed, poolclass=StaticPool)
    made = 0

    def make() -> DiskTally:
        nonlocal made
        made += 1
        return DiskTally(connection, made)

    try:
        with engine.connect() as connection:
            _metadata.create_all(connection)
            yield make
    finally:
        engine.dispose()


class DiskTally:
    """A `Tally` of one such database."""

    def __init__(self, connection: Connection, tally: int) -> None:
        self._connection = connection
        self._tally = tally

    def add(self, numbers: Sequence[int]) -> list[int]:
        """Count each number; for each how often it had been added before, those of this call included."""
        found = self._found(numbers)
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
        """As `add`, if only the number of different values matters."""
        listed = _listed(numbers)
        rows = select(literal(self._tally), listed.c.value, literal(1))
        ignoring = insert(_counts).prefix_with("OR IGNORE")
        self._connection.execute(ignoring.from_select(["tally", "number", "count"], rows))

    def known(self, numbers: Iterable[int]) -> set[int]:
        """Those of the numbers that were added."""
        return set(self._found(numbers))

    def __len__(self) -> int:
        mine = select(func.count()).select_from(_counts).where(_counts.c.tally == self._tally)
        return self._connection.execute(mine).scalar_one()

    def _found(self, numbers: Iterable[int]) -> dict[int, int]:
        listed = _listed(numbers)
        query = select(_counts.c.number, _counts.c.count).where(
            _counts.c.tally == self._tally, _counts.c.number.in_(select(listed.c.value))
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}


def _listed(numbers: Iterable[int]) -> FromClause:
    return func.json_each(json.dumps([int(number) for number in numbers])).table_valued("value")


def _unnamed() -> Any:
    connection = sqlite3.connect("", check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection
