"""Attempts to sign in: who was sent to Discogs, and from which browser. Each can be used up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import sign_in
from discogs_assistant.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Attempt:
    """Hashes of what the address and the browser's cookie hold, and what Discogs gave for the attempt."""

    state: bytes
    browser: bytes
    request: OAuthToken = field(repr=False)
    next_page: str


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
    """The attempt begun since then by this browser; None where there is none. One statement."""
    with db.read() as connection:
        row = connection.execute(select(sign_in).where(*_which(state, browser))).first()
    if row is None or row.created_at <= since:
        return None
    request = OAuthToken(row.request_token, vault.unseal(row.sealed))
    return Attempt(row.state, row.browser, request, row.next_page)


def use_up(db: Database, state: bytes, browser: bytes) -> bool:
    """End this browser's attempt; False where it is over already. One statement."""
    with db.write() as connection:
        return connection.execute(delete(sign_in).where(*_which(state, browser))).rowcount > 0


def forget_old(db: Database, before: datetime) -> None:
    """Remove attempts begun before then; one statement."""
    with db.write() as connection:
        connection.execute(delete(sign_in).where(sign_in.c.created_at <= before))


def _which(state: bytes, browser: bytes) -> tuple[ColumnElement[bool], ...]:
    return sign_in.c.state == state, sign_in.c.browser == browser
