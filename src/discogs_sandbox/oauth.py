"""OAuth 1.0a of the made-up Discogs: whom its one application may act for, by PLAINTEXT signatures alone.

RFC 5849: each token works for what it was made for, once where it is a request token, and not for ever.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from discogs_sandbox.world.entities import Account

REQUEST_TOKEN, ACCESS_TOKEN = "/oauth/request_token", "/oauth/access_token"
AUTHORIZE = "/oauth/authorize"
APP_KEY, APP_SECRET = "sandbox-key", "sandbox-secret"
PENDING_SECONDS = 600.0
_DRIFT_SECONDS = 300.0
_PARAMETER = re.compile(r'([a-z_]+)="([^"]*)"')


class OAuthError(Exception):
    """Why a signed request is refused."""


@dataclass(slots=True)
class Pending:
    """A request token: who asked, and what the person has said so far."""

    token: str
    secret: str
    callback: str
    since: float
    account: Account | None = None
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request whose signature holds: for a person, for a request token, or for the application alone."""

    account: Account | None
    pending: Pending | None
    callback: str = ""


@dataclass
class OAuth:
    """What was given out; `now` in epoch seconds."""

    now: Callable[[], float]
    _pending: dict[str, Pending] = field(default_factory=dict)
    _granted: dict[str, tuple[str, Account]] = field(default_factory=dict)
    _nonces: dict[str, float] = field(default_factory=dict)

    def signed(self, path: str, header: str) -> Signed:
        """Who signed a request for `path` by its Authorization header, or `OAuthError`."""
        given = {key: unquote(value) for key, value in _PARAMETER.findall(header)}
        if given.get("oauth_consumer_key") != APP_KEY:
            raise OAuthError("Invalid consumer.")
        if given.get("oauth_signature_method") != "PLAINTEXT" or given.get("oauth_version", "1.0") != "1.0":
            raise OAuthError("Invalid signature method.")
        secret, signed = self._expected(path, given)
        if not hmac.compare_digest(given.get("oauth_signature", "").encode(), _signature(secret).encode()):
            raise OAuthError("Invalid signature.")
        self._check_freshness(given)
        return signed

    def begin(self, callback: str) -> Pending:
        """A request token, which waits for a person."""
        self._forget_old()
        pending = Pending(secrets.token_hex(20), secrets.token_hex(20), callback, self.now())
        self._pending[pending.token] = pending
        return pending

    def pending(self, token: str) -> Pending | None:
        """The request token, while it lives and nobody has answered for it."""
        self._forget_old()
        found = self._pending.get(token)
        return found if found and not found.verifier else None

    def allow(self, pending: Pending, account: Account) -> str:
        """The person agrees; the verifier that the application needs."""
        pending.account, pending.verifier = account, secrets.token_hex(5)
        return pending.verifier

    def deny(self, pending: Pending) -> None:
        """The person does not agree: the request token is worth nothing any more."""
        self._pending.pop(pending.token, None)

    def grant(self, pending: Pending) -> tuple[str, str]:
        """Token and secret to act for the person who agreed; the request token is used up."""
        assert pending.account is not None
        self._pending.pop(pending.token, None)
        token, secret = secrets.token_hex(20), secrets.token_hex(20)
        self._granted[token] = (secret, pending.account)
        return token, secret

    def withdraw(self, account: Account) -> None:
        """The person takes all that was granted back."""
        self._granted = {token: kept for token, kept in self._granted.items() if kept[1] is not account}

    def _expected(self, path: str, given: dict[str, str]) -> tuple[str, Signed]:
        """The token's secret that the signature must end in, and who asks."""
        token = given.get("oauth_token", "")
        if path == REQUEST_TOKEN:
            callback = given.get("oauth_callback", "")
            if token or not callback.startswith(("http://", "https://")):
                raise OAuthError("Invalid request.")
            return "", Signed(None, None, callback)
        if path == ACCESS_TOKEN:
            return self._expected_of_pending(token, given.get("oauth_verifier", ""))
        if token not in self._granted:
            raise OAuthError("Invalid token.")
        secret, account = self._granted[token]
        return secret, Signed(account, None)

    def _expected_of_pending(self, token: str, verifier: str) -> tuple[str, Signed]:
        self._forget_old()
        pending = self._pending.get(token)
        if pending is None or not pending.verifier:
            raise OAuthError("Invalid request token.")
        if not hmac.compare_digest(pending.verifier.encode(), verifier.encode()):
            raise OAuthError("Invalid verifier.")
        return pending.secret, Signed(None, pending)

    def _check_freshness(self, given: dict[str, str]) -> None:
        stamp, nonce = given.get("oauth_timestamp", ""), given.get("oauth_nonce", "")
        if not nonce or not stamp.isdecimal() or abs(int(stamp[:15]) - self.now()) > _DRIFT_SECONDS:
            raise OAuthError("Invalid timestamp or nonce.")
        self._nonces = {one: at for one, at in self._nonces.items() if at > self.now() - 2 * _DRIFT_SECONDS}
        if nonce in self._nonces:
            raise OAuthError("This nonce was used before.")
        self._nonces[nonce] = self.now()

    def _forget_old(self) -> None:
        oldest = self.now() - PENDING_SECONDS
        self._pending = {token: one for token, one in self._pending.items() if one.since > oldest}


def _signature(token_secret: str) -> str:
    return f"{quote(APP_SECRET, safe='~')}&{quote(token_secret, safe='~')}"
