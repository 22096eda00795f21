"""Attempts to sign in: who was sent to Discogs, and from which browser. Each can be taken up once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete

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


def take_up(db: Database, vault: Vault, state: bytes, browser: bytes, since: datetime) -> Attempt | None:
    """The attempt begun since then by this browser, which is over by that; None where there is none.

    One statement.
    """
    which = (sign_in.c.state == state) & (sign_in.c.browser == browser)
    with db.write() as connection:
        row = connection.execute(delete(sign_in).where(which).returning(*sign_in.c)).first()
    if row is None or row.created_at <= since:
        return None
    request = OAuthToken(row.request_token, vault.unseal(row.sealed))
    return Attempt(row.state, row.browser, request, row.next_page)


def forget_old(db: Database, before: datetime) -> None:
    """Remove attempts begun before then; one statement."""
    with db.write() as connection:
        connection.execute(delete(sign_in).where(sign_in.c.created_at <= before))
