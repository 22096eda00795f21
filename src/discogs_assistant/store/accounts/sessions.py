"""Sessions: which browsers are signed in, for whom, and until when. Only the hash of an id is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.store.accounts.accounts import preferences_of
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import account, api_token, session, sign_in

NOTED_EVERY = timedelta(minutes=5)
"""A use is noted when the last one was so long ago: each request would wait for a write otherwise."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts: at most `length`, and `idle` after its last use (noted to five minutes)."""

    length: timedelta
    idle: timedelta


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request showed: a session or a token, by its hash."""

    kind: Literal["session", "token"]
    id: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The owner of a session or a program's token; `name` is the account's, see schema_people.

    `credential` proves it; None in local mode, where there is no sign-in.
    """

    owner: OwnerId
    name: str
    chosen: Preferences
    note_use: bool
    credential: Credential | None = None


def open_session(db: Database, id: bytes, owner: OwnerId, now: datetime, lasts: Lifetime) -> None:
    """Begin a session; one statement."""
    row = {"id": id, "owner": owner, "created_at": now, "used_at": now, "expires_at": now + lasts.length}
    with db.write() as connection:
        connection.execute(session.insert().values(row))


def signed_in(db: Database, id: bytes, now: datetime, lasts: Lifetime) -> SignedIn | None:
    """The owner of a session; None if it is unknown or has ended. One statement."""
    query = select(account, session.c.used_at).join(session, session.c.owner == account.c.owner)
    with db.read() as connection:
        row = connection.execute(query.where(session.c.id == id, _lives(now, lasts))).mappings().first()
    if row is None:
        return None
    late = now - row["used_at"] >= min(NOTED_EVERY, lasts.idle / 4)
    return SignedIn(OwnerId(row["owner"]), row["name"], preferences_of(row), late, Credential("session", id))


def living(db: Database, ids: Collection[bytes], now: datetime, lasts: Lifetime) -> set[bytes]:
    """Those of these sessions that have not ended; one statement."""
    with db.read() as connection:
        query = select(session.c.id).where(session.c.id.in_(ids), _lives(now, lasts))
        return set(connection.execute(query).scalars())


def _lives(now: datetime, lasts: Lifetime) -> ColumnElement[bool]:
    # The setting of the length may have been shortened since the session began.
    young = session.c.created_at > now - lasts.length
    return (session.c.expires_at > now) & (session.c.used_at > now - lasts.idle) & young


def owner_of(db: Database, id: bytes) -> OwnerId | None:
    """The owner of this session, or None once it has ended; one statement."""
    with db.read() as connection:
        owner = connection.scalar(select(session.c.owner).where(session.c.id == id))
    return None if owner is None else OwnerId(owner)


def note_use(db: Database, id: bytes, now: datetime) -> None:
    """The session was used now; one statement."""
    with db.write() as connection:
        connection.execute(update(session).where(session.c.id == id).values(used_at=now))


def count_sessions(db: Database, owner: OwnerId, now: datetime, lasts: Lifetime) -> int:
    """In how many browsers an account is signed in; one statement."""
    lives = (session.c.expires_at > now) & (session.c.used_at > now - lasts.idle)
    with db.read() as connection:
        query = select(func.count()).select_from(session).where(session.c.owner == owner, lives)
        return connection.execute(query).scalar_one()


def end_session(db: Database, id: bytes) -> None:
    """Sign one browser out; one statement."""
    with db.write() as connection:
        connection.execute(delete(session).where(session.c.id == id))


def end_sessions(db: Database, owner: OwnerId) -> int:
    """Sign an account out everywhere; how many browsers. One statement."""
    with db.write() as connection:
        return connection.execute(delete(session).where(session.c.owner == owner)).rowcount


def forget_ended(db: Database, now: datetime, lasts: Lifetime) -> None:
    """Remove sessions that have ended by themselves; one statement."""
    ended = or_(session.c.expires_at <= now, session.c.used_at <= now - lasts.idle)
    with db.write() as connection:
        connection.execute(delete(session).where(ended))


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions, attempts to sign in, programs' tokens and consents there were."""

    sessions: int
    sign_ins: int
    tokens: int
    consents: int


def end_after_restore(db: Database) -> Ended:
    """End all sessions and attempts, withdraw all tokens and consents; everyone who signs in is asked again.

    A restored copy may contain ones that ended after it was made. One transaction.
    """
    agreed = update(account).where(account.c.consent)
    with db.write() as connection:
        ended = Ended(
            sessions=connection.execute(delete(session)).rowcount,
            sign_ins=connection.execute(delete(sign_in)).rowcount,
            tokens=connection.execute(delete(api_token)).rowcount,
            consents=connection.execute(agreed.values(consent=False)).rowcount,
        )
        connection.execute(update(account).values(ask_again=True, shipping_consent=None))
    return ended
