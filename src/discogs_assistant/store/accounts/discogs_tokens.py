"""Discogs tokens of accounts, sealed: what a person pasted, or what Discogs gave at their sign-in."""

from __future__ import annotations

import json

from sqlalchemy import delete, select

from discogs_assistant.errors import StorageError
from discogs_assistant.model.credentials import Credential, OAuthToken, PersonalToken
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store import schema
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.statements import upsert

_PERSONAL, _OAUTH = "personal", "oauth"


def save_token(db: Database, vault: Vault, owner: OwnerId, credential: Credential) -> None:
    """Store the token, replacing an earlier one; one statement."""
    if isinstance(credential, OAuthToken):
        kind, plain = _OAUTH, json.dumps([credential.token, credential.secret])
    else:
        kind, plain = _PERSONAL, credential.text
    row = {"owner": owner, "sealed": vault.seal(plain), "kind": kind, "user_name": credential.user}
    with db.write() as connection:
        connection.execute(upsert(connection, schema.token), row)


def token(db: Database, vault: Vault, owner: OwnerId) -> Credential | None:
    """The token in the clear; `StorageError` where the key has changed. One statement."""
    with db.read() as connection:
        row = connection.execute(select(schema.token).where(schema.token.c.owner == owner)).first()
    if row is None:
        return None
    user = None if row.user_name is None else UserName(row.user_name)
    plain = vault.unseal(row.sealed)
    if row.kind == _PERSONAL:
        return PersonalToken(plain, user)
    if row.kind == _OAUTH:
        key, secret = json.loads(plain)
        return OAuthToken(key, secret, user)
    raise StorageError("This version does not know the format of the stored token.", "Update the program.")


def user_of(db: Database, owner: OwnerId) -> UserName | None:
    """The owner of the account's token, as Discogs reported; None without a token or a noted owner.

    One statement.
    """
    with db.read() as connection:
        name = connection.scalar(select(schema.token.c.user_name).where(schema.token.c.owner == owner))
    return None if name is None else UserName(name)


def token_kind(db: Database, owner: OwnerId) -> tuple[str, str | None] | None:
    """The kind and owner of the account's token, without opening it; None if there is none.

    One statement.
    """
    query = select(schema.token.c.kind, schema.token.c.user_name).where(schema.token.c.owner == owner)
    with db.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else (row.kind, row.user_name)


def forget_token(db: Database, owner: OwnerId) -> None:
    """Remove the token; one statement."""
    with db.write() as connection:
        connection.execute(delete(schema.token).where(schema.token.c.owner == owner))
