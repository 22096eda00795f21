"""What stands before every answer: the User-Agent, the token, the rate, and bad days."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from discogs_sandbox.faults import Fault, Faults
from discogs_sandbox.oauth import APP_KEY, APP_SECRET, AUTHORIZE, OAuth, OAuthError, Signed
from discogs_sandbox.rate_limit import RateWindow, Verdict
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World, token_of

ADMIN = "/_sandbox/"
SITE_PATHS = ("/sell/", "/fr/", "/images/", AUTHORIZE)
_LOOPBACK = {"127.0.0.1", "::1", "testclient"}
_PAIR = re.compile(r'(\w+)="?([^",\s]+)"?')
_BAD_TOKEN = "Invalid consumer token. Please register an app before making requests."  # noqa: S105

CLOUDFLARE_PAGE = (
    "<!DOCTYPE html><html><head><title>{status}: Web server is returning an unknown error</title></head>"
    "<body><h1>Error {status}</h1><p>Cloudflare Ray ID: 0000sandbox</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a user by token or signature, an application by key and secret, or nobody."""

    account: Account | None
    signed_in: bool
    signed: Signed | None = None


class Gate:
    """ASGI middleware; `visitor` of the request's state tells the routes who asks."""

    def __init__(
        self, app: ASGIApp, world: World, rate: RateWindow, faults: Faults | None, oauth: OAuth
    ) -> None:
        self._app = app
        self._oauth = oauth
        self._world = world
        self._rate = rate
        self._faults = faults
        self._tokens = {token_of(name): account for name, account in world.accounts.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        address = (scope.get("client") or ("unknown", 0))[0]
        if path.startswith(ADMIN):
            refusal = None if address in _LOOPBACK else _message(403, "Only from this machine.")
            await (refusal or self._app)(scope, receive, send)
        elif not Headers(scope=scope).get("user-agent", "").strip():
            sentence = "You must set a User-Agent that identifies your application."
            await _message(403, sentence)(scope, receive, send)
        elif path.startswith(SITE_PATHS):
            await self._app(scope, receive, send)
        else:
            await self._api(scope, receive, send, address)

    async def _api(self, scope: Scope, receive: Receive, send: Send, address: str) -> None:
        visitor = self._visitor(scope)
        verdict = self._rate.take(address, signed_in=visitor is not None and visitor.signed_in)
        counted = _with_headers(send, verdict)
        if not verdict.allowed:
            await self._too_many(verdict)(scope, receive, counted)
        elif visitor is None:
            await _message(401, _BAD_TOKEN)(scope, receive, counted)
        else:
            scope.setdefault("state", {})["visitor"] = visitor
            fault = self._fault(scope)
            answer = self._app if fault is None else _spoilt(fault)
            await answer(scope, receive, counted)

    def _fault(self, scope: Scope) -> Fault | None:
        if self._faults is None:
            return None
        return self._faults.strike(
            f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        )

    def _too_many(self, verdict: Verdict) -> Response:
        """`Retry-After` only every second time, as Discogs sends it only sometimes."""
        sentence = "You are making requests too quickly."
        told = self._rate.log.over_window % 2 == 1
        return _message(429, sentence, {"Retry-After": str(math.ceil(verdict.wait))} if told else {})

    def _visitor(self, scope: Scope) -> Visitor | None:
        """Who asks; None where a token or key is wrong, or stands where Discogs does not look for it."""
        header = Headers(scope=scope).get("authorization", "")
        if header:
            scheme, _, rest = header.partition(" ")
            if scheme == "OAuth":
                return self._signer(scope["path"], rest)
            return self._named(dict(_PAIR.findall(rest))) if scheme == "Discogs" else None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return self._named({key: values[0] for key, values in query.items()}, needed=False)

    def _signer(self, path: str, header: str) -> Visitor | None:
        try:
            signed = self._oauth.signed(path, header)
        except OAuthError:
            return None
        gone = signed.account is not None and signed.account.name in self._world.vanished
        return None if gone else Visitor(signed.account, signed_in=True, signed=signed)

    def _named(self, given: dict[str, str], *, needed: bool = True) -> Visitor | None:
        if "token" in given:
            account = self._tokens.get(given["token"])
            gone = account is None or account.name in self._world.vanished
            return None if gone else Visitor(account, signed_in=True)
        if "key" in given and "secret" in given:
            right = given["key"] == APP_KEY and given["secret"] == APP_SECRET
            return Visitor(None, signed_in=True) if right else None
        return None if needed else Visitor(None, signed_in=False)


def _message(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": sentence}, status, headers)


def _with_headers(send: Send, verdict: Verdict) -> Send:
    extra = [(key.lower().encode(), value.encode()) for key, value in verdict.headers.items()]
    extra.append((b"x-discogs-media-type", b"discogs.v2"))

    async def counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return counted


def _spoilt(fault: Fault) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    match fault:
        case Fault.SERVER_ERROR:
            return _message(500, "An internal server error occurred. (Malformed query?)")
        case Fault.CLOUDFLARE:
            return HTMLResponse(CLOUDFLARE_PAGE.format(status=520), 520)
        case Fault.TOO_MANY:
            return _message(429, "You are making requests too quickly.", {"Retry-After": "1"})
        case Fault.TOO_MANY_SILENT:
            return _message(429, "You are making requests too quickly.")
        case Fault.RESET:
            return _reset
        case Fault.CUT:
            return _cut


async def _reset(scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connection before an answer; where the server's connection is out of reach, in its middle."""
    connection: Any = getattr(receive, "__self__", None)
    transport = getattr(connection, "transport", None)
    if transport is None:
        await _cut(scope, receive, send)
    else:
        transport.abort()


async def _cut(scope: Scope, receive: Receive, send: Send) -> None:
    """Promise an answer and stop in its middle: the server closes the connection."""
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", b"application/json"),
        (b"content-length", b"4096"),
    ]
    start: MutableMapping[str, Any] = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b'{"pagination": {"page": 1, "pa', "more_body": True})
