"""Attempts to sign in: who was sent to Discogs, and from which browser. One request completes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, or_, select, update

from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import sign_in


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hashes of what the address and the browser's cookie hold, and what Discogs gave for the attempt.

    `claimed_at` is when a request took it to carry it through; `session` the hash of the one that it opened,
    None until then; `asks` whether consent is asked for.
    """

    state: bytes
    browser: bytes
    request: OAuthToken = field(repr=False)
    next_page: str
    claimed_at: datetime | None = None
    session: bytes | None = None
    asks: bool = False


def keep(db: Database, vault: Vault, attempt: Attempt, now: datetime) -> None:
    """Remember an attempt; one statement."""
    row = {
        "state": attempt.state,
        "browser": attempt.browser,
        "request_token": attempt.request.token,
        "sealed": vault.seal(attempt.request.secret),
        "next_page": attempt.next_page,
        "created_at": now,
    }
    with db.write() as connection:
        connection.execute(sign_in.insert().values(row))


def find(db: Database, vault: Vault, state: bytes, browser: bytes, since: datetime) -> Attempt | None:
    """The attempt that this browser started since then; None if there is none. One statement."""
    return _found(db, vault, _which(state, browser), since)


def opened_session(
    db: Database, vault: Vault, state: bytes, session: bytes, since: datetime
) -> Attempt | None:
    """The attempt started since then that opened this session; None if there is none. One statement."""
    return _found(db, vault, (sign_in.c.state == state, sign_in.c.session == session), since)


def claim(db: Database, state: bytes, browser: bytes, now: datetime, stale: datetime) -> bool:
    """Claim this browser's attempt to complete it; False if another request has claimed it since `stale`.

    One statement.
    """
    free = or_(sign_in.c.claimed_at.is_(None), sign_in.c.claimed_at <= stale)
    taken = update(sign_in).where(*_which(state, browser), sign_in.c.session.is_(None), free)
    with db.write() as connection:
        return connection.execute(taken.values(claimed_at=now)).rowcount > 0


def release(db: Database, state: bytes, browser: bytes) -> None:
    """Let another request carry a claimed attempt through; one statement."""
    with db.write() as connection:
        connection.execute(update(sign_in).where(*_which(state, browser)).values(claimed_at=None))


def complete(db: Database, state: bytes, browser: bytes, session: bytes, *, asks: bool) -> None:
    """Store which session a claimed attempt opened; one statement."""
    opened = update(sign_in).where(*_which(state, browser)).values(session=session, asks=asks)
    with db.write() as connection:
        connection.execute(opened)


def end(db: Database, state: bytes, browser: bytes) -> None:
    """Remove this browser's attempt; one statement."""
    with db.write() as connection:
        connection.execute(delete(sign_in).where(*_which(state, browser)))


def forget_old(db: Database, before: datetime) -> None:
    """Remove attempts started before then; one statement."""
    with db.write() as connection:
        connection.execute(delete(sign_in).where(sign_in.c.created_at <= before))


def _which(state: bytes, browser: bytes) -> tuple[ColumnElement[bool], ...]:
    return sign_in.c.state == state, sign_in.c.browser == browser


def _found(
    db: Database, vault: Vault, which: tuple[ColumnElement[bool], ...], since: datetime
) -> Attempt | None:
    with db.read() as connection:
        row = connection.execute(select(sign_in).where(*which)).first()
    return None if row is None or row.created_at <= since else _attempt(vault, row)


def _attempt(vault: Vault, row: Row[Any]) -> Attempt:
    request = OAuthToken(row.request_token, vault.unseal(row.sealed))
    return Attempt(row.state, row.browser, request, row.next_page, row.claimed_at, row.session, row.asks)
