"""Signing in with Discogs: to its page and back, by the same browser, once, and not too often."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from discogs_assistant.errors import (
    AssistantError,
    ConflictError,
    NotSignedInError,
    RateLimitedError,
    UnreachableError,
)
from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.accounts.sessions import (
    end_session,
    hashed,
    lifetime,
    new_secret,
    open_session,
)
from discogs_assistant.pipelines.accounts.sign_in_limits import count_sign_in
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.sources.discogs.oauth import BEGIN_AGAIN, DiscogsOAuth
from discogs_assistant.store.accounts import accounts, allowances, discogs_tokens, sessions, sign_ins
from discogs_assistant.store.accounts.sign_ins import Attempt
from discogs_assistant.store.database import Database

BACK = "/sign-in/back"
LASTS = timedelta(minutes=10)
_CLAIM_LASTS = timedelta(minutes=1)
"""A request that carries a sign-in through takes less; one that took longer was killed. For as long, others
with the same answer get what it brought."""
_RELOAD = "Load this page again in a minute: what you allowed at Discogs still counts."


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """Where to send the browser, and the secret that binds the attempt to it."""

    address: str
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    """Somebody is signed in; `session` is the secret that their browser shows from now on.

    `ask` if they are to be asked for their consent: new people, and everybody after a copy was restored.
    """

    ask: bool
    next_page: str
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A browser that comes back from Discogs: what its address and its cookies hold."""

    state: str
    browser: str = field(repr=False)
    request_token: str
    verifier: str = field(repr=False)
    old_session: str = field(repr=False)


def count_attempt(ctx: Context, address: str) -> None:
    """Count an attempt from a network address; `TooOftenError` where it has to wait.

    It comes before `begin`: who tried too often is answered before anything that they sent is read.
    """
    _oauth(ctx)
    count_sign_in(ctx, address)


def begin(ctx: Context, next_page: str) -> StartedSignIn:
    """Begin an attempt that was counted."""
    oauth, now = _oauth(ctx), ctx.clock.now()
    forget_ended_sign_ins(ctx)
    state, browser = new_secret(), new_secret()
    request = oauth.request_token(f"{ctx.settings.public_url}{BACK}?state={state}")
    attempt = Attempt(hashed(state), hashed(browser), request, next_page)
    sign_ins.keep(ctx.db, ctx.vault, attempt, now)
    return StartedSignIn(oauth.authorize_address(request), browser)


def finish(ctx: Context, answer: Answer) -> Finished | None:
    """Come back from Discogs: `NotSignedInError` unless this browser started it shortly before, once.

    The session is a new one; the browser's old one ends. If Discogs gave no answer, coming back works again.
    A browser that loads the page twice drops its first request, so each request of the same minute gets a
    session, although Discogs is asked once. None while another request asks it.
    """
    attempt, now = _begun(ctx, answer.state, answer.browser), ctx.clock.now()
    if attempt.session is not None:
        return _share(ctx, attempt, attempt.session, now - _CLAIM_LASTS)
    expected, shown = attempt.request.token.encode(), answer.request_token.encode("utf-8", "replace")
    if not hmac.compare_digest(expected, shown):
        _end(ctx.db, attempt)
        raise _not_this_attempt()
    if not sign_ins.claim(ctx.db, attempt.state, attempt.browser, now, now - _CLAIM_LASTS):
        return None
    finished = _carry_through(ctx, attempt, answer.verifier)
    if answer.old_session:
        end_session(ctx, answer.old_session)
    return finished


def still_under_way() -> UnreachableError:
    """The error for a sign-in that another request has not finished."""
    return UnreachableError("Discogs has not confirmed this sign-in yet.", _RELOAD)


def give_up(ctx: Context, *, state: str, browser: str) -> None:
    """The person said no at Discogs: the attempt is over; `NotSignedInError` unless this browser began it."""
    _end(ctx.db, _begun(ctx, state, browser))


def finished_before(ctx: Context, *, state: str, session: str) -> Finished | None:
    """What this browser's session came from, where it is this attempt; None for any other."""
    since = ctx.clock.now() - LASTS
    attempt = sign_ins.opened_session(ctx.db, ctx.vault, hashed(state), hashed(session), since)
    return None if attempt is None else Finished(attempt.asks, attempt.next_page, session)


def _carry_through(ctx: Context, attempt: Attempt, verifier: str) -> Finished:
    """Sign in whom Discogs names: its answer ends the attempt, whatever it is."""
    granted = _granted(ctx, attempt, verifier)
    try:
        owner, ask = _admit(ctx, granted)
    except AssistantError:
        _end(ctx.db, attempt)
        raise
    session = open_session(ctx, owner)
    sign_ins.complete(ctx.db, attempt.state, attempt.browser, hashed(session), asks=ask)
    return Finished(ask, attempt.next_page, session)


def _granted(ctx: Context, attempt: Attempt, verifier: str) -> OAuthToken:
    try:
        return _oauth(ctx).access_token(attempt.request, verifier)
    except (UnreachableError, RateLimitedError) as error:
        sign_ins.release(ctx.db, attempt.state, attempt.browser)
        raise UnreachableError(error.sentence, _RELOAD) from error
    except AssistantError:
        _end(ctx.db, attempt)
        raise


def _admit(ctx: Context, granted: OAuthToken) -> tuple[OwnerId, bool]:
    """The account of the person who signed in, and whether to ask for consent."""
    who = _oauth(ctx).identity(granted)
    owner, new = accounts.sign_in(ctx.db, who.id, who.name, ctx.clock.now())
    token = OAuthToken(granted.token, granted.secret, who.name)
    discogs_tokens.save_token(ctx.db, ctx.vault, owner, token)
    structlog.get_logger().info("signed in", owner=owner, new=new)
    return owner, new or accounts.asks_again(ctx.db, owner)


def _share(ctx: Context, attempt: Attempt, opened: bytes, since: datetime) -> Finished:
    """What another request of this browser brought since then, unless its person has signed out."""
    recent = attempt.claimed_at is not None and attempt.claimed_at > since
    owner = sessions.owner_of(ctx.db, opened) if recent else None
    if owner is None:
        raise _not_this_attempt()
    return Finished(attempt.asks, attempt.next_page, open_session(ctx, owner))


def _begun(ctx: Context, state: str, browser: str) -> Attempt:
    since = ctx.clock.now() - LASTS
    attempt = sign_ins.find(ctx.db, ctx.vault, hashed(state), hashed(browser), since)
    if attempt is None:
        raise _not_this_attempt()
    return attempt


def _end(db: Database, attempt: Attempt) -> None:
    sign_ins.end(db, attempt.state, attempt.browser)


def _not_this_attempt() -> NotSignedInError:
    return NotSignedInError(
        "This sign-in was not started in this browser, has ended, or took longer than ten minutes.",
        BEGIN_AGAIN,
    )


def forget_ended_sign_ins(ctx: Context) -> None:
    """Remove attempts and sessions that are over, and counts, some by address, that no longer matter."""
    now = ctx.clock.now()
    sign_ins.forget_old(ctx.db, now - LASTS)
    sessions.forget_ended(ctx.db, now, lifetime(ctx.settings))
    allowances.forget_spent(ctx.db, now)


def _oauth(ctx: Context) -> DiscogsOAuth:
    if ctx.sources.oauth is None:
        raise ConflictError("There is no sign-in here: these pages are for one person.", "Go to the start.")
    return ctx.sources.oauth
