"""The two cookies: of a session, and of a browser that was sent to Discogs to sign in."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from discogs_assistant.config import Settings

_SESSION, _BROWSER = "session", "sign-in"
BROWSER_LASTS = timedelta(minutes=10)


def session_of(request: HTTPConnection, settings: Settings) -> str:
    """The session's secret that the browser shows, or nothing."""
    return request.cookies.get(_name(_SESSION, settings), "")


def keep_session(answer: Response, secret: str, settings: Settings) -> None:
    """Let the browser show the session's secret from now on."""
    _set(answer, _SESSION, secret, settings.session_length, settings)


def drop_session(answer: Response, settings: Settings) -> None:
    """Let the browser forget it."""
    _set(answer, _SESSION, "", timedelta(0), settings)


def browser_of(request: HTTPConnection, settings: Settings) -> str:
    """What binds an attempt to sign in to this browser, or nothing."""
    return request.cookies.get(_name(_BROWSER, settings), "")


def keep_browser(answer: Response, secret: str, settings: Settings) -> None:
    """Bind an attempt to sign in to this browser for the minutes that it lasts."""
    _set(answer, _BROWSER, secret, BROWSER_LASTS, settings)


def drop_browser(answer: Response, settings: Settings) -> None:
    """Let the browser forget the attempt."""
    _set(answer, _BROWSER, "", timedelta(0), settings)


def _name(name: str, settings: Settings) -> str:
    # With the prefix no subdomain and no page without TLS can plant a cookie of ours (RFC 6265bis, 4.1.3.2).
    return f"__Host-{name}" if settings.secure else name


def _set(answer: Response, name: str, value: str, lasts: timedelta, settings: Settings) -> None:
    # Lax and not Strict: the way back from Discogs begins at another site, and so does a link in a message.
    answer.set_cookie(
        _name(name, settings),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
