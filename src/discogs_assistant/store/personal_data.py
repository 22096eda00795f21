"""A person's right to their data: all of it handed out, all of it removed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, delete, select, union

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.release_documents import HANDED_IN, NAMED
from discogs_assistant.store.schema import (
    collection_item,
    handed_in_release,
    metadata,
    release,
    release_words,
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
    """Remove every personal row and the account itself; one transaction."""
    with db.write() as connection:
        for table in reversed(personal_tables()):
            connection.execute(delete(table).where(table.c.owner == owner))
        _forget_shared_rows(connection)


def personal_tables() -> list[Table]:
    """The tables whose rows have an owner, those first that others refer to."""
    return [table for table in metadata.sorted_tables if "owner" in table.c]


def _forget_shared_rows(connection: Connection) -> None:
    """Remove what older versions kept of people's files among what all may see; nobody reads it any more."""
    connection.execute(delete(release).where(release.c.fullness == HANDED_IN))
    connection.execute(delete(release_words).where(release_words.c.told == HANDED_IN))


def _releases(connection: Connection, owner: OwnerId) -> list[Any]:
    """Those that the person has, as Discogs told, else as their own files named them."""
    had = union(
        *(select(table.c.release_id).where(table.c.owner == owner) for table in (collection_item, want))
    )
    told, own = release, handed_in_release
    known = [
        select(own.c.release_id, own.c.document).where(own.c.owner == owner, own.c.release_id.in_(had)),
        select(told.c.id, told.c.document).where(told.c.fullness >= NAMED, told.c.id.in_(had)),
    ]
    documents = {id: document for query in known for id, document in connection.execute(query)}
    return [documents[id] for id in sorted(documents)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _SEALED if isinstance(value, bytes) else value
