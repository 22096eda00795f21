"""The guard: which requests are allowed, and which headers every response has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from discogs_assistant.config import Settings
from discogs_assistant.errors import AssistantError, BusyError
from discogs_assistant.web.error_pages import failure_response, unexpected_response
from discogs_assistant.web.middleware.bodies import BodyLimits, media

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
BUSY = "busy"
"""In the server's state of a request that came over one connection too many."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104
_IMAGES = "https://i.discogs.com https://img.discogs.com"
_DISCOGS = frozenset({"api.discogs.com", "www.discogs.com"})


class RefusedError(AssistantError):
    """A request from an address or a page that is not ours."""

    http_status = 403
    code = "refused"


class MisdirectedError(RefusedError):
    """A request for a host that is not ours, for example a foreign name that points at this machine."""

    http_status = 421


@dataclass(frozen=True, slots=True)
class Policy:
    """What the guard allows: host names, bodies, origins of pictures."""

    hosts: frozenset[str]
    bodies: BodyLimits
    picture_origins: tuple[str, ...] = ()
    public_origin: str = ""
    form_targets: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """Loopback and the hosts that the settings name; pictures from Discogs, or from a stand-in for it."""
        host = settings.host.strip("[]").lower()
        named = set() if host in _WILDCARDS else {f"[{host}]" if ":" in host else host}
        public = settings.public_url if settings.hosted else ""
        named |= {_name_of(urlsplit(public).netloc)} if public else set()
        addresses = (settings.discogs_site_url, settings.discogs_api_url)
        stand_ins = set(map(_stand_in, addresses)) - {""}
        # The button that signs in is led on to Discogs, which `form-action` counts as its target.
        site = urlsplit(settings.discogs_site_url)
        targets = (f"{site.scheme}://{site.netloc}",) if settings.hosted else ()
        return cls(LOOPBACK | named, BodyLimits.of(settings), tuple(sorted(stand_ins)), public, targets)

    @property
    def content_security(self) -> str:
        """The Content-Security-Policy of every answer."""
        pictures = " ".join(("'self'", _IMAGES, *self.picture_origins))
        forms = " ".join(("'self'", *self.form_targets))
        return (
            f"default-src 'none'; style-src 'self'; script-src 'self'; img-src {pictures}; "
            f"connect-src 'self'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
        )

    def check(self, scope: Scope, headers: Headers) -> None:
        """Raise `RefusedError` for a foreign host, or a change asked for by a foreign page."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or _name_of(host) not in self.hosts:
            raise MisdirectedError(
                "This address is not served here.", "Open the address that was printed at the start."
            )
        if scope["method"] not in _SAFE and not self._is_ours(scope, headers, host):
            raise RefusedError(
                "This request came from another page and was refused.",
                "Open the page here and send it again.",
            )

    def _is_ours(self, scope: Scope, headers: Headers, host: str) -> bool:
        site = headers.get("sec-fetch-site")
        if site not in (None, "same-origin", "none"):
            return False
        origin = headers.get("origin")
        # With Referrer-Policy: no-referrer a browser sends "Origin: null" for our own forms too (Fetch, 3.2):
        # there Sec-Fetch-Site, which no page can forge, decides.
        if origin == "null":
            return site == "same-origin"
        if origin is not None:
            # Behind a proxy that ends TLS, the scheme here differs from the browser's.
            return origin.lower() in {f"{scope['scheme']}://{host.lower()}", self.public_origin}
        return site == "same-origin" or not _is_form(scope, headers)


class Guard:
    """ASGI middleware that keeps the policy and never lets an exception out.

    `takes_files` says which requests are for a route that reads uploaded files.
    """

    def __init__(self, app: ASGIApp, policy: Policy, takes_files: Callable[[Scope], bool]) -> None:
        self._app = app
        self._policy = policy
        self._takes_files = takes_files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the request, pass it on, add the headers; an unexpected error becomes a page."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._app(scope, self._admitted(scope, receive), send_guarded)
        except ClientDisconnect:
            # The client has disconnected, and nothing went wrong here.
            return
        except Exception as error:
            if started:
                raise
            answer = failure_response if isinstance(error, AssistantError) else unexpected_response
            await answer(scope, error)(scope, receive, send_guarded)

    def _admitted(self, scope: Scope, receive: Receive) -> Receive:
        """The body of a request that may come in, which its headers alone decide."""
        if scope.get("state", {}).get(BUSY):
            raise BusyError(
                "Too many people are connected here at the moment.", "Try again in a few seconds."
            )
        headers = Headers(scope=scope)
        self._policy.check(scope, headers)
        return self._policy.bodies.bounded(receive, headers, takes_files=self._takes_files(scope))

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["Content-Security-Policy"] = self._policy.content_security
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if self._policy.public_origin.startswith("https://"):
            headers["Strict-Transport-Security"] = "max-age=31536000"
        headers.setdefault("Cache-Control", "private, no-store")


def _name_of(host: str) -> str:
    name, _, port = host.rpartition(":")
    if not name or not port.isdecimal():
        name = host
    return name.lower()


def _is_form(scope: Scope, headers: Headers) -> bool:
    # A form of a foreign page can send only these three media types, not a program's JSON.
    kind = media(headers)
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}:
        return True
    return not kind and scope["method"] == "POST" and headers.get("content-length", "0") != "0"


def _stand_in(address: str) -> str:
    parts = urlsplit(address)
    return "" if parts.hostname in _DISCOGS or not parts.hostname else f"{parts.scheme}://{parts.netloc}"
