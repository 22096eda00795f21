"""Discogs tokens of accounts, sealed."""

from __future__ import annotations

from sqlalchemy import delete, select

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store import schema
from discogs_assistant.store.database import Database
from discogs_assistant.store.statements import upsert
from discogs_assistant.store.vault import Vault


def save_token(db: Database, vault: Vault, owner: OwnerId, secret: str) -> None:
    """Keep the token, in place of an earlier one; one statement."""
    with db.write() as connection:
        connection.execute(upsert(connection, schema.token), {"owner": owner, "sealed": vault.seal(secret)})


def token(db: Database, vault: Vault, owner: OwnerId) -> str | None:
    """The token in the clear; `StorageError` where the key has changed. One statement."""
    with db.read() as connection:
        sealed = connection.scalar(select(schema.token.c.sealed).where(schema.token.c.owner == owner))
    return None if sealed is None else vault.unseal(sealed)


def forget_token(db: Database, owner: OwnerId) -> None:
    """Remove the token; one statement."""
    with db.write() as connection:
        connection.execute(delete(schema.token).where(schema.token.c.owner == owner))
