"""Sessions of browsers and tokens of programs: random bytes, stored as hashes, ended by their person."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping

import structlog

from discogs_assistant.config import Settings
from discogs_assistant.errors import ConflictError, InvalidFieldsError, StorageError
from discogs_assistant.model.ids import OwnerId, printable
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import api_tokens, sessions
from discogs_assistant.store.accounts.api_tokens import Opens
from discogs_assistant.store.accounts.sessions import Credential, Ended, Lifetime, SignedIn
from discogs_assistant.store.database import Database

PREFIXES: Mapping[Opens, str] = {"api": "dsa_", "feed": "dsf_"}
"""What a program's token and a feed's secret begin with, so that searches for leaked secrets find them."""
MOST_TOKENS = 20
_NAME_LIMIT = 60
_LONGEST = 200


def new_secret() -> str:
    """43 URL-safe characters holding 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """The stored hash of a secret of 256 random bits, which needs no slower hash against guessing."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def lifetime(settings: Settings) -> Lifetime:
    """How long sessions last by the settings."""
    return Lifetime(settings.session_length, settings.session_idle)


def open_session(ctx: Context, owner: OwnerId) -> str:
    """Begin a session; the secret that its browser shows from now on."""
    secret = new_secret()
    sessions.open_session(ctx.db, hashed(secret), owner, ctx.clock.now(), lifetime(ctx.settings))
    return secret


def of_session(ctx: Context, secret: str) -> SignedIn | None:
    """The account of a session's secret; its use is recorded now and then."""
    if not 0 < len(secret) <= _LONGEST:
        return None
    id, now = hashed(secret), ctx.clock.now()
    found = sessions.signed_in(ctx.db, id, now, lifetime(ctx.settings))
    if found and found.note_use:
        _note(lambda: sessions.note_use(ctx.db, id, now))
    return found


def of_bearer(ctx: Context, secret: str, opens: Opens = "api") -> SignedIn | None:
    """Whose program shows this token, or whose feed is read by this secret; its use is noted now and then."""
    if not secret.startswith(PREFIXES[opens]) or len(secret) > _LONGEST:
        return None
    id, now = hashed(secret), ctx.clock.now()
    found = api_tokens.bearer(ctx.db, id, opens, now)
    if found and found.note_use:
        _note(lambda: api_tokens.note_use(ctx.db, id, now))
    return found


def living(ctx: Context, credentials: Collection[Credential]) -> dict[Credential, bool]:
    """Which of these sessions and tokens still open something."""
    shown = {credential.id for credential in credentials if credential.kind == "session"}
    alive = sessions.living(ctx.db, shown, ctx.clock.now(), lifetime(ctx.settings)) if shown else set()
    tokens = {credential.id for credential in credentials if credential.kind == "token"}
    alive |= api_tokens.living(ctx.db, tokens) if tokens else set()
    return {credential: credential.id in alive for credential in credentials}


def end_session(ctx: Context, secret: str) -> None:
    """Sign one browser out."""
    sessions.end_session(ctx.db, hashed(secret))


def end_everywhere(db: Database, owner: OwnerId) -> int:
    """Sign a person out in all browsers; returns how many. Programs' tokens are withdrawn by name instead."""
    return sessions.end_sessions(db, owner)


def end_after_restore(ctx: Context) -> Ended:
    """End all sessions, tokens and consents: everybody signs in and agrees again.

    `ConflictError` in local mode, which has no sign-in.
    """
    if not ctx.settings.hosted:
        raise ConflictError(
            "There is no sign-in here, so there are no sessions to end.", "Start the program."
        )
    return sessions.end_after_restore(ctx.db)


def add_api_token(ctx: Context, owner: OwnerId, name: str, opens: Opens = "api") -> str:
    """Make a token for a program, or a feed's secret; it is shown only this once and stored as a hash."""
    plain = " ".join(name.split())
    if not plain or len(plain) > _NAME_LIMIT or not plain.isprintable():
        raise InvalidFieldsError({"name": f"Give it a name of 1 to {_NAME_LIMIT} characters."})
    if api_tokens.count_tokens(ctx.db, owner) >= MOST_TOKENS:
        raise ConflictError(f"You have {MOST_TOKENS} tokens already.", "Withdraw one first.")
    secret = PREFIXES[opens] + new_secret()
    if not api_tokens.add_token(ctx.db, hashed(secret), owner, plain, ctx.clock.now(), opens):
        raise InvalidFieldsError({"name": f"You have one called “{printable(plain)}” already."})
    return secret


def withdraw_api_token(db: Database, owner: OwnerId, name: str) -> bool:
    """Let a token open nothing any more."""
    return api_tokens.withdraw_token(db, owner, name)


def _note(write: Callable[[], None]) -> None:
    try:
        write()
    except StorageError as error:
        # A full disk must not sign anybody out; the next use is recorded instead.
        structlog.get_logger().warning("a use was not recorded", reason=error.sentence)
