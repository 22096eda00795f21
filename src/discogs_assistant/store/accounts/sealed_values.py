"""Every sealed value of the database, sealed anew when the key changes."""

from __future__ import annotations

from sqlalchemy import Column, Table, select, update

from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import metadata


def sealed_tables() -> list[Table]:
    """The tables that hold sealed values, all in a column called `sealed`."""
    return [table for table in metadata.sorted_tables if "sealed" in table.c]


def seal_anew(db: Database, vault: Vault) -> int:
    """Seal every value with the vault's newest key; how many were not yet. A transaction for each.

    It may be done again at any time, and beside running processes that know both keys: a value that was
    replaced meanwhile is left as it is. `StorageError` for one that no key opens.
    """
    return sum(_seal_table(db, vault, table) for table in sealed_tables())


def _seal_table(db: Database, vault: Vault, table: Table) -> int:
    keys: list[Column[object]] = list(table.primary_key.columns)
    with db.read() as connection:
        rows = connection.execute(select(*keys, table.c.sealed)).all()
    changed = 0
    for *key, sealed in rows:
        anew = vault.seal_anew(sealed)
        if anew is not None:
            same = [column == value for column, value in zip(keys, key, strict=True)]
            change = update(table).where(*same, table.c.sealed == sealed).values(sealed=anew)
            with db.write() as connection:
                changed += connection.execute(change).rowcount
    return changed
