"""Results of runs, immutable, and the work that their steps hand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.store import schema
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import has_ended, visible
from discogs_assistant.store.schema import run, run_work
from discogs_assistant.store.statements import insert_into


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A finished answer as plain JSON."""

    id: int
    run_id: RunId
    kind: str
    document: dict[str, Any]
    made_at: datetime
    characters: int
    """Of the document's text."""


def save_result(
    db: Database, owner: OwnerId, run_id: RunId, kind: str, document: dict[str, Any], now: datetime
) -> int:
    """Store the run's result and return its id; a second one of the same run is dropped. One transaction.

    `NotFoundError` where the run is gone.
    """
    table = schema.result
    source = select(
        run.c.id,
        run.c.owner,
        run.c.user_name,
        literal(kind),
        literal(document, table.c.document.type),
        literal(now, table.c.made_at.type),
    ).where(visible(owner, run_id))
    columns = ["run_id", "owner", "user_name", "kind", "document", "made_at"]
    with db.write() as connection:
        insert = insert_into(connection, table).from_select(columns, source)
        connection.execute(insert.on_conflict_do_nothing(index_elements=["run_id"]))
        query = select(table.c.id).where(visible(owner, run_id, table))
        kept = connection.scalar(query)
    if kept is None:
        raise NotFoundError("The run that this result belongs to was deleted.", "Ask again.")
    return int(kept)


def result(db: Database, owner: OwnerId, run_id: RunId) -> StoredResult | None:
    """The answer of the owner's run, for the name that its collector has now; one statement."""
    table = schema.result
    columns = (table.c.id, table.c.run_id, table.c.user_name, table.c.kind, table.c.document, table.c.made_at)
    size = func.length(table.c.document).label("characters")
    query = select(*columns, size).where(visible(owner, run_id, table))
    with db.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    named = {"user": row.user_name} if "user" in row.document else {}
    document = {**row.document, **named}
    return StoredResult(row.id, RunId(row.run_id), row.kind, document, row.made_at, row.characters)


def latest_run(db: Database, owner: OwnerId, user: UserName, kind: str) -> RunId | None:
    """Which run gave the newest answer of a kind for a user; one statement."""
    table = schema.result
    which = (table.c.owner == owner) & (table.c.user_name == user) & (table.c.kind == kind)
    query = select(table.c.run_id).where(which).order_by(table.c.made_at.desc(), table.c.id.desc()).limit(1)
    with db.read() as connection:
        found = connection.scalar(query)
    return None if found is None else RunId(found)


def save_work(db: Database, run_id: RunId, name: str, document: Any) -> None:
    """Store plain JSON for the run's next steps, replacing an earlier one of that name. One transaction.

    Nothing is stored for a run that has ended.
    """
    source = select(run.c.id, literal(name), run.c.owner, literal(document, run_work.c.document.type)).where(
        run.c.id == run_id
    )
    with db.write() as connection:
        if has_ended(connection, run_id):
            return
        insert = insert_into(connection, run_work).from_select(
            ["run_id", "name", "owner", "document"], source
        )
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["run_id", "name"], set_={"document": insert.excluded.document}
            )
        )


def works(db: Database, run_id: RunId, beginning: str) -> list[Any]:
    """What steps handed on under names with this beginning; one statement."""
    named = run_work.c.name.startswith(beginning, autoescape=True)
    query = select(run_work.c.document).where(run_work.c.run_id == run_id, named).order_by(run_work.c.name)
    with db.read() as connection:
        return list(connection.scalars(query))


def work(db: Database, run_id: RunId, name: str) -> Any | None:
    """What an earlier step handed on; one statement."""
    query = select(run_work.c.document).where(run_work.c.run_id == run_id, run_work.c.name == name)
    with db.read() as connection:
        return connection.scalar(query)
