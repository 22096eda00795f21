"""Counts of Discogs' answers by status to all processes, by minute, kept for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from discogs_assistant.model.ports import Clock
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import api_answer
from discogs_assistant.store.statements import insert_into

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many answers of a status a source address got, signed in or not; 0 stands for no answer."""

    source: str
    signed_in: bool
    status: int
    count: int


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """The counts of one source address."""

    db: Database
    source: str
    clock: Clock

    def note(self, signed_in: bool, status: int) -> None:
        """Count one answer; one statement."""
        row = {"minute": _minute(self.clock.now()), "source": self.source, "signed_in": signed_in}
        with self.db.write() as connection:
            insert = insert_into(connection, api_answer).values({**row, "status": status, "count": 1})
            keys = [column.name for column in api_answer.primary_key]
            more = {"count": api_answer.c.count + 1}
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=more))


def answers(db: Database, since: datetime) -> list[AnswerCount]:
    """The counts of the minutes since then, by source, kind and status; one statement."""
    table = api_answer
    what = (table.c.source, table.c.signed_in, table.c.status)
    query = select(*what, func.sum(table.c.count)).where(table.c.minute >= _minute(since))
    with db.read() as connection:
        rows = connection.execute(query.group_by(*what).order_by(*what))
        return [AnswerCount(source, signed_in, status, int(n)) for source, signed_in, status, n in rows]


def forget_old(db: Database, now: datetime) -> None:
    """Remove what is older than a day; one statement."""
    with db.write() as connection:
        connection.execute(delete(api_answer).where(api_answer.c.minute < _minute(now - _KEPT)))


def _minute(moment: datetime) -> int:
    """Whole minutes since 1970."""
    return int(moment.timestamp() // 60)
