"""What every request passes before it is answered: the User-Agent, the token, the rate limit, and faults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from discogs_sandbox.faults import TOO_MANY_REQUESTS, Fault, Faults, error_response, faulty_answer
from discogs_sandbox.oauth import APP_KEY, APP_SECRET, AUTHORIZE, OAuth, OAuthError, SignedRequest
from discogs_sandbox.rate_limit import Decision, SlidingWindow
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World, token_of

ADMIN = "/_sandbox/"
SITE_PATHS = ("/sell/", "/shop/", "/fr/", "/images/", AUTHORIZE)
_LOOPBACK = {"127.0.0.1", "::1", "testclient"}
_PAIR = re.compile(r'(\w+)="?([^",\s]+)"?')
_BAD_TOKEN = "Invalid consumer token. Please register an app before making requests."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a user by token or signature, an application by key and secret, or nobody."""

    account: Account | None
    signed_in: bool
    signed: SignedRequest | None = None


class AccessMiddleware:
    """Refuses what Discogs refuses; the routes find the visitor in `request.state.visitor`."""

    def __init__(
        self, app: ASGIApp, world: World, rate: SlidingWindow, faults: Faults | None, oauth: OAuth
    ) -> None:
        self._app = app
        self._oauth = oauth
        self._world = world
        self._rate = rate
        self._faults = faults
        self._tokens = {token_of(name): account for name, account in world.accounts.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on to the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        address = (scope.get("client") or ("unknown", 0))[0]
        if path.startswith(ADMIN):
            refusal = None if address in _LOOPBACK else error_response(403, "Only from this machine.")
            await (refusal or self._app)(scope, receive, send)
        elif not Headers(scope=scope).get("user-agent", "").strip():
            sentence = "You must set a User-Agent that identifies your application."
            await error_response(403, sentence)(scope, receive, send)
        elif path.startswith(SITE_PATHS):
            await self._app(scope, receive, send)
        else:
            await self._api(scope, receive, send, address)

    async def _api(self, scope: Scope, receive: Receive, send: Send, address: str) -> None:
        visitor = self._visitor(scope)
        decision = self._rate.hit(address, signed_in=visitor is not None and visitor.signed_in)
        send_with_rate = _with_headers(send, decision)
        if not decision.allowed:
            await error_response(429, TOO_MANY_REQUESTS)(scope, receive, send_with_rate)
        elif visitor is None:
            await error_response(401, _BAD_TOKEN)(scope, receive, send_with_rate)
        else:
            scope.setdefault("state", {})["visitor"] = visitor
            fault = self._fault(scope)
            answer = self._app if fault is None else faulty_answer(fault)
            await answer(scope, receive, send_with_rate)

    def _fault(self, scope: Scope) -> Fault | None:
        if self._faults is None:
            return None
        query = scope["query_string"].decode("latin-1")
        return self._faults.draw(f"{scope['method']} {scope['path']}?{query}")

    def _visitor(self, scope: Scope) -> Visitor | None:
        """Who asks; None where a token or key is wrong, or stands where Discogs does not look for it."""
        header = Headers(scope=scope).get("authorization", "")
        if header:
            scheme, _, rest = header.partition(" ")
            if scheme == "OAuth":
                return self._signer(scope["path"], rest)
            return self._token_holder(dict(_PAIR.findall(rest))) if scheme == "Discogs" else None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return self._token_holder({key: values[0] for key, values in query.items()}, needed=False)

    def _signer(self, path: str, header: str) -> Visitor | None:
        try:
            signed = self._oauth.verify(path, header)
        except OAuthError:
            return None
        gone = signed.account is not None and signed.account.name in self._world.vanished
        return None if gone else Visitor(signed.account, signed_in=True, signed=signed)

    def _token_holder(self, credentials: dict[str, str], *, needed: bool = True) -> Visitor | None:
        if "token" in credentials:
            account = self._tokens.get(credentials["token"])
            gone = account is None or account.name in self._world.vanished
            return None if gone else Visitor(account, signed_in=True)
        if "key" in credentials and "secret" in credentials:
            right = credentials["key"] == APP_KEY and credentials["secret"] == APP_SECRET
            return Visitor(None, signed_in=True) if right else None
        return None if needed else Visitor(None, signed_in=False)


def _with_headers(send: Send, decision: Decision) -> Send:
    extra = [(key.lower().encode(), value.encode()) for key, value in decision.headers.items()]
    extra.append((b"x-discogs-media-type", b"discogs.v2"))

    async def send_with_rate(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return send_with_rate
