"""Making a collection or a wantlist what a sync has staged, and counting the difference."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Table, delete, func, literal, or_, select

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.store.statements import among, insert_into, written

Coverage = Literal["full", "increment", "keep"]
"""`full`: what was read is everything. `increment`: only what is new was read. `keep`: nothing was read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one list; `touched` counts the rows that changed in any way."""

    count: int
    newest: datetime | None
    added: int
    removed: int
    touched: int


@dataclass(frozen=True, slots=True)
class StagedList:
    """One list of one sync: its table, its staging table, and the column that tells rows apart."""

    owner: OwnerId
    user: UserName
    run_id: RunId
    kept: Table
    staged: Table
    key: str

    def put_away(self, connection: Connection, coverage: Coverage) -> Outcome:
        """Remove what left, add what came, rewrite what differs; inside the caller's transaction.

        Changes are counted by release: a copy that left while another of its release came is none.
        """
        before = self._copies(connection)
        touched = self._remove_missing(connection) if coverage == "full" else 0
        if coverage != "keep":
            touched += self._add_staged(connection)
        after = self._copies(connection)
        newest = connection.scalar(select(func.max(self.kept.c.added)).where(self._of_user))
        added, removed = (after - before).total(), (before - after).total()
        return Outcome(after.total(), newest, added, removed, touched)

    @property
    def _of_user(self) -> ColumnElement[bool]:
        return (self.kept.c.owner == self.owner) & (self.kept.c.user_name == self.user)

    @property
    def _of_run(self) -> ColumnElement[bool]:
        return (self.staged.c.owner == self.owner) & (self.staged.c.run_id == self.run_id)

    def _copies(self, connection: Connection) -> Counter[int]:
        release = self.kept.c.release_id
        query = select(release, func.count().label("copies")).where(self._of_user).group_by(release)
        return Counter({row.release_id: row.copies for row in connection.execute(query)})

    def _remove_missing(self, connection: Connection) -> int:
        # Compared here and not by NOT EXISTS: before Postgres knows how many rows a fresh staging table
        # has, it plans a nested loop, and 30,000 copies took two minutes.
        kept = set(connection.scalars(select(self.kept.c[self.key]).where(self._of_user)))
        kept.difference_update(connection.scalars(select(self.staged.c[self.key]).where(self._of_run)))
        if not kept:
            return 0
        gone = among(connection, self.kept.c[self.key], kept)
        return connection.execute(delete(self.kept).where(self._of_user, gone)).rowcount

    def _add_staged(self, connection: Connection) -> int:
        told = [column.name for column in self.staged.c if column.name not in {"owner", "run_id"}]
        source = select(
            literal(self.owner), literal(self.user), *(self.staged.c[name] for name in told)
        ).where(self._of_run)
        insert = insert_into(connection, self.kept).from_select(["owner", "user_name", *told], source)
        changes = {name: insert.excluded[name] for name in told if name != self.key}
        differs = or_(*(self.kept.c[name].is_distinct_from(new) for name, new in changes.items()))
        keys = [column.name for column in self.kept.primary_key]
        return written(
            connection, insert.on_conflict_do_update(index_elements=keys, set_=changes, where=differs)
        )
