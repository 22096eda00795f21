"""A person's right to their data: all of it handed out, all of it removed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, delete, select, union

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.release_documents import HANDED_IN
from discogs_assistant.store.schema import (
    collection_item,
    event,
    metadata,
    release,
    release_words,
    staged_item,
    staged_want,
    want,
)

_SEALED = "kept sealed or as a hash, never handed out"


def export_account(db: Database, owner: OwnerId) -> dict[str, Any]:
    """Every personal row by its table's name, and the titles of the records; plain JSON, one transaction.

    That there is a token is told, the token is not.
    """
    with db.read() as connection:
        exported: dict[str, Any] = {
            table.name: [
                {name: _plain(value) for name, value in row.items()}
                for row in connection.execute(select(table).where(table.c.owner == owner)).mappings()
            ]
            for table in personal_tables()
        }
        exported["releases"] = _releases(connection, owner)
    return exported


def delete_account(db: Database, owner: OwnerId) -> None:
    """Remove every personal row and the account itself, and records that only its files named.

    One transaction.
    """
    with db.write() as connection:
        for table in reversed(personal_tables()):
            connection.execute(delete(table).where(table.c.owner == owner))
        _forget_named_by_nobody(connection)


def personal_tables() -> list[Table]:
    """The tables whose rows have an owner, those first that others refer to."""
    return [table for table in metadata.sorted_tables if "owner" in table.c]


def _forget_named_by_nobody(connection: Connection) -> None:
    """Remove releases that a handed-in file alone named and that nobody has any more."""
    had = union(
        *(select(table.c.release_id) for table in (collection_item, want, staged_item, staged_want, event))
    )
    for table, id, rank in (
        (release, release.c.id, release.c.fullness),
        (release_words, release_words.c.release_id, release_words.c.told),
    ):
        connection.execute(delete(table).where(rank == HANDED_IN, id.not_in(had)))


def _releases(connection: Connection, owner: OwnerId) -> list[Any]:
    owned = select(collection_item.c.release_id).where(collection_item.c.owner == owner)
    wanted = select(want.c.release_id).where(want.c.owner == owner)
    query = select(release.c.document).where(release.c.id.in_(owned.union(wanted))).order_by(release.c.id)
    return list(connection.scalars(query))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _SEALED if isinstance(value, bytes) else value
