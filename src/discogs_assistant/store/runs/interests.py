"""What a run chose from, stored as long as the run: scored records and wants, or what makes records novel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, select

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import visible
from discogs_assistant.store.schema import run
from discogs_assistant.store.schema import run_interest as table
from discogs_assistant.store.statements import insert_into


def save_interest(db: Database, owner: OwnerId, run_id: RunId, document: dict[str, Any]) -> None:
    """Store plain JSON with the owner's run, replacing an earlier one; one statement."""
    source = select(run.c.id, run.c.owner, literal(document, table.c.document.type)).where(
        visible(owner, run_id)
    )
    with db.write() as connection:
        insert = insert_into(connection, table).from_select(["run_id", "owner", "document"], source)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=["run_id"], set_={"document": insert.excluded.document}
            )
        )


def interest(db: Database, owner: OwnerId, run_id: RunId) -> dict[str, Any] | None:
    """The JSON stored with the owner's run; one statement."""
    query = select(table.c.document).where(visible(owner, run_id, table))
    with db.read() as connection:
        return connection.scalar(query)
