"""Signing in with Discogs: to its page and back, by the same browser, once, and not too often."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from discogs_assistant.errors import (
    AssistantError,
    ConflictError,
    NotSignedInError,
    RateLimitedError,
    UnreachableError,
)
from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.sessions import end_session, hashed, lifetime, new_secret, open_session
from discogs_assistant.pipelines.sign_in_limits import count_sign_in
from discogs_assistant.sources.oauth import BEGIN_AGAIN, DiscogsOAuth
from discogs_assistant.store import accounts, allowances, sessions, sign_ins, tokens
from discogs_assistant.store.sign_ins import Attempt

BACK = "/sign-in/back"
LASTS = timedelta(minutes=10)
_RELOAD = "Load this page again in a minute: what you allowed at Discogs still counts."


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and the secret that binds the attempt to it."""

    address: str
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    """Who signed in; `session` is the secret that their browser shows from now on.

    `ask` where they are to be asked for their consent: who is new, and all after a copy was put back.
    """

    user: UserName
    ask: bool
    next_page: str
    session: str = field(repr=False)


def begin(ctx: Context, address: str, next_page: str) -> Begun:
    """Begin an attempt from a network address; `TooOftenError` where it has to wait."""
    oauth, now = _oauth(ctx), ctx.clock.now()
    count_sign_in(ctx, address)
    _forget_old(ctx)
    state, browser = new_secret(), new_secret()
    request = oauth.request_token(f"{ctx.settings.public_url}{BACK}?state={state}")
    attempt = Attempt(hashed(state), hashed(browser), request, next_page)
    sign_ins.keep(ctx.db, ctx.vault, attempt, now)
    return Begun(oauth.authorize_address(request), browser)


def finish(
    ctx: Context, *, state: str, browser: str, request_token: str, verifier: str, old_session: str
) -> Finished:
    """Come back from Discogs: `NotSignedInError` unless this browser began it, lately, and not twice.

    The session is a new one; the browser's old one ends. Where Discogs gave no answer, coming back counts
    again.
    """
    attempt = _begun(ctx, state, browser)
    if not hmac.compare_digest(attempt.request.token.encode(), request_token.encode("utf-8", "replace")):
        _use_up(ctx, attempt)
        raise _not_this_attempt()
    granted = _granted(ctx, attempt, verifier)
    user, ask, session = _admit(ctx, granted)
    if old_session:
        end_session(ctx, old_session)
    return Finished(user, ask, attempt.next_page, session)


def give_up(ctx: Context, *, state: str, browser: str) -> None:
    """The person said no at Discogs: the attempt is over."""
    _use_up(ctx, _begun(ctx, state, browser))


def _granted(ctx: Context, attempt: Attempt, verifier: str) -> OAuthToken:
    """What Discogs grants: its answer uses the attempt up, whatever it is."""
    try:
        granted = _oauth(ctx).access_token(attempt.request, verifier)
    except (UnreachableError, RateLimitedError) as error:
        raise UnreachableError(error.sentence, _RELOAD) from error
    except AssistantError:
        _use_up(ctx, attempt)
        raise
    _use_up(ctx, attempt)
    return granted


def _admit(ctx: Context, granted: OAuthToken) -> tuple[UserName, bool, str]:
    who = _oauth(ctx).identity(granted)
    owner, new = accounts.sign_in(ctx.db, who.id, who.name, ctx.clock.now())
    kept = OAuthToken(granted.token, granted.secret, who.name)
    tokens.save_token(ctx.db, ctx.vault, owner, kept)
    structlog.get_logger().info("signed in", owner=owner, new=new)
    return who.name, new or accounts.asks_again(ctx.db, owner), open_session(ctx, owner)


def _begun(ctx: Context, state: str, browser: str) -> Attempt:
    since = ctx.clock.now() - LASTS
    attempt = sign_ins.find(ctx.db, ctx.vault, hashed(state), hashed(browser), since)
    if attempt is None:
        raise _not_this_attempt()
    return attempt


def _use_up(ctx: Context, attempt: Attempt) -> None:
    """End the attempt, whose answer counts once: of two that come at a time the second is none."""
    if not sign_ins.use_up(ctx.db, attempt.state, attempt.browser):
        raise _not_this_attempt()


def _not_this_attempt() -> NotSignedInError:
    return NotSignedInError(
        "This sign-in was not begun in this browser, is over, or took longer than ten minutes.", BEGIN_AGAIN
    )


def _forget_old(ctx: Context) -> None:
    now = ctx.clock.now()
    sign_ins.forget_old(ctx.db, now - LASTS)
    sessions.forget_ended(ctx.db, now, lifetime(ctx))
    allowances.forget_spent(ctx.db, now)


def _oauth(ctx: Context) -> DiscogsOAuth:
    if ctx.oauth is None:
        raise ConflictError("Nobody signs in here: these pages are for one person.", "Go to the start.")
    return ctx.oauth
