"""Making a collection or a wantlist what a sync has staged, and counting the difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Table,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.store.statements import insert_into, written

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
    """One list of one sync: its table, its staging table, and the column that identifies rows."""

    owner: OwnerId
    user: UserName
    run_id: RunId
    kept: Table
    staged: Table
    key: str

    def apply(self, connection: Connection, coverage: Coverage) -> Outcome:
        """Remove what left, add what came, rewrite what differs; inside the caller's transaction.

        Changes are counted by release: a copy that left while another of its release came is none.
        """
        added, removed = (0, 0) if coverage == "keep" else self._changes(connection, coverage)
        touched = self._remove_missing(connection) if coverage == "full" else 0
        if coverage != "keep":
            touched += self._add_staged(connection)
        now = select(func.count(), func.max(self.kept.c.added)).where(self._of_user)
        count, newest = connection.execute(now).one()
        return Outcome(count, newest, added, removed, touched)

    @property
    def _of_user(self) -> ColumnElement[bool]:
        return (self.kept.c.owner == self.owner) & (self.kept.c.user_name == self.user)

    @property
    def _of_run(self) -> ColumnElement[bool]:
        return (self.staged.c.owner == self.owner) & (self.staged.c.run_id == self.run_id)

    def _changes(self, connection: Connection, coverage: Coverage) -> tuple[int, int]:
        """How many copies come and go: by release, the staged ones less those they stand in place of."""
        replaced = self._of_user
        if coverage == "increment":
            replaced &= self.kept.c[self.key].in_(select(self.staged.c[self.key]).where(self._of_run))
        single = literal_column("1", Integer).label("copies")
        staged = select(self.staged.c.release_id, single).where(self._of_run)
        gone = select(self.kept.c.release_id, -single).where(replaced)
        both = union_all(staged, gone).subquery()
        more = func.sum(both.c.copies).label("more")
        changes = select(more).group_by(both.c.release_id).having(more != 0).subquery()
        added = func.coalesce(func.sum(changes.c.more).filter(changes.c.more > 0), 0)
        removed = func.coalesce(func.sum(-changes.c.more).filter(changes.c.more < 0), 0)
        row = connection.execute(select(added, removed)).one()
        return int(row[0]), int(row[1])

    def _remove_missing(self, connection: Connection) -> int:
        # EXCEPT, since for NOT EXISTS Postgres plans a nested loop before it knows how many rows a fresh
        # staging table has: 30,000 copies took two minutes.
        key = self.kept.c[self.key]
        missing = (
            select(key).where(self._of_user).except_(select(self.staged.c[self.key]).where(self._of_run))
        )
        return connection.execute(delete(self.kept).where(self._of_user, key.in_(missing))).rowcount

    def _add_staged(self, connection: Connection) -> int:
        columns = [column.name for column in self.staged.c if column.name not in {"owner", "run_id"}]
        source = select(
            literal(self.owner), literal(self.user), *(self.staged.c[name] for name in columns)
        ).where(self._of_run)
        insert = insert_into(connection, self.kept).from_select(["owner", "user_name", *columns], source)
        changes = {name: insert.excluded[name] for name in columns if name != self.key}
        differs = or_(*(self.kept.c[name].is_distinct_from(new) for name, new in changes.items()))
        keys = [column.name for column in self.kept.primary_key]
        return written(
            connection, insert.on_conflict_do_update(index_elements=keys, set_=changes, where=differs)
        )
