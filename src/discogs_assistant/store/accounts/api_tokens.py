"""Tokens with which a person's programs call the API or read the feed. Only hashes are stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, select, update

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.accounts.accounts import preferences_of
from discogs_assistant.store.accounts.sessions import NOTED_EVERY, Credential, SignedIn
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import account, api_token
from discogs_assistant.store.statements import insert_new, written

Opens = Literal["api", "feed"]
"""All of the JSON API, or nothing but the feed of recommendations."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a person sees of a token."""

    name: str
    created_at: datetime
    used_at: datetime | None
    opens: Opens


def add_token(
    db: Database, id: bytes, owner: OwnerId, name: str, now: datetime, opens: Opens = "api"
) -> bool:
    """Store a token; False if the person has one with that name. One statement."""
    row = {"id": id, "owner": owner, "name": name, "created_at": now, "used_at": None, "opens": opens}
    with db.write() as connection:
        return bool(written(connection, insert_new(connection, api_token).values(row)))


def tokens_of(db: Database, owner: OwnerId) -> list[ApiToken]:
    """A person's tokens, oldest first; one statement."""
    columns = (api_token.c.name, api_token.c.created_at, api_token.c.used_at, api_token.c.opens)
    query = select(*columns).where(api_token.c.owner == owner)
    with db.read() as connection:
        rows = connection.execute(query.order_by(api_token.c.created_at, api_token.c.name))
        return [ApiToken(row.name, row.created_at, row.used_at, row.opens) for row in rows]


def count_tokens(db: Database, owner: OwnerId) -> int:
    """How many tokens a person has; one statement."""
    with db.read() as connection:
        query = select(func.count()).select_from(api_token).where(api_token.c.owner == owner)
        return connection.execute(query).scalar_one()


def bearer(db: Database, id: bytes, opens: Opens, now: datetime) -> SignedIn | None:
    """The owner of a token; None if it is unknown or for something else. One statement."""
    query = select(account, api_token.c.used_at).join(api_token, api_token.c.owner == account.c.owner)
    with db.read() as connection:
        mine = (api_token.c.id == id) & (api_token.c.opens == opens)
        row = connection.execute(query.where(mine)).mappings().first()
    if row is None:
        return None
    late = row["used_at"] is None or now - row["used_at"] >= NOTED_EVERY
    return SignedIn(OwnerId(row["owner"]), row["name"], preferences_of(row), late, Credential("token", id))


def living(db: Database, ids: Collection[bytes]) -> set[bytes]:
    """Those of these tokens that open something; one statement."""
    with db.read() as connection:
        query = select(api_token.c.id).where(api_token.c.id.in_(ids))
        return set(connection.execute(query).scalars())


def note_use(db: Database, id: bytes, now: datetime) -> None:
    """The token was used now; one statement."""
    with db.write() as connection:
        connection.execute(update(api_token).where(api_token.c.id == id).values(used_at=now))


def withdraw_token(db: Database, owner: OwnerId, name: str) -> bool:
    """Revoke a token; False if there was none with that name. One statement."""
    mine = (api_token.c.owner == owner) & (api_token.c.name == name)
    with db.write() as connection:
        return bool(connection.execute(delete(api_token).where(mine)).rowcount)
