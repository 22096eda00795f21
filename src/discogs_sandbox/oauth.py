"""OAuth 1.0a with PLAINTEXT signatures: the tokens of the one application that the sandbox knows.

RFC 5849: a request token works once and for a limited time; an access token until its user revokes it.
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
REQUEST_TOKEN_SECONDS = 600.0
_DRIFT_SECONDS = 300.0
_PARAMETER = re.compile(r'([a-z_]+)="([^"]*)"')


class OAuthError(Exception):
    """Why a signed request is refused."""


@dataclass(slots=True)
class RequestToken:
    """A request to act for somebody; `account` and `verifier` are set once that person agreed."""

    token: str
    secret: str
    callback: str
    issued_at: float
    account: Account | None = None
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request with a valid signature: for a person, for a request token, or for the application alone."""

    account: Account | None
    request_token: RequestToken | None
    callback: str = ""


@dataclass
class OAuth:
    """The tokens that were issued; `now` in epoch seconds."""

    now: Callable[[], float]
    _request_tokens: dict[str, RequestToken] = field(default_factory=dict)
    _access_tokens: dict[str, tuple[str, Account]] = field(default_factory=dict)
    _nonces: dict[str, float] = field(default_factory=dict)

    def verify(self, path: str, header: str) -> SignedRequest:
        """Who signed a request for `path` by its Authorization header, or `OAuthError`."""
        parameters = {key: unquote(value) for key, value in _PARAMETER.findall(header)}
        if parameters.get("oauth_consumer_key") != APP_KEY:
            raise OAuthError("Invalid consumer.")
        method, version = parameters.get("oauth_signature_method"), parameters.get("oauth_version", "1.0")
        if method != "PLAINTEXT" or version != "1.0":
            raise OAuthError("Invalid signature method.")
        secret, signed = self._expected(path, parameters)
        signature = parameters.get("oauth_signature", "")
        if not hmac.compare_digest(signature.encode(), _signature(secret).encode()):
            raise OAuthError("Invalid signature.")
        self._check_freshness(parameters)
        return signed

    def issue_request_token(self, callback: str) -> RequestToken:
        """A new request token, for a person to answer."""
        self._drop_expired()
        issued = RequestToken(secrets.token_hex(20), secrets.token_hex(20), callback, self.now())
        self._request_tokens[issued.token] = issued
        return issued

    def open_request_token(self, token: str) -> RequestToken | None:
        """The request token, while it is valid and nobody has answered it."""
        self._drop_expired()
        found = self._request_tokens.get(token)
        return found if found and not found.verifier else None

    def allow(self, request_token: RequestToken, account: Account) -> str:
        """The person agrees; the verifier that the application needs."""
        request_token.account, request_token.verifier = account, secrets.token_hex(5)
        return request_token.verifier

    def deny(self, request_token: RequestToken) -> None:
        """The person does not agree: the request token is no longer valid."""
        self._request_tokens.pop(request_token.token, None)

    def issue_access_token(self, request_token: RequestToken) -> tuple[str, str]:
        """Token and secret to act for the person who agreed; the request token is used up."""
        assert request_token.account is not None
        self._request_tokens.pop(request_token.token, None)
        token, secret = secrets.token_hex(20), secrets.token_hex(20)
        self._access_tokens[token] = (secret, request_token.account)
        return token, secret

    def revoke(self, account: Account) -> None:
        """The person takes back every access token."""
        valid = {token: pair for token, pair in self._access_tokens.items() if pair[1] is not account}
        self._access_tokens = valid

    def _expected(self, path: str, parameters: dict[str, str]) -> tuple[str, SignedRequest]:
        """The token's secret that the signature must end in, and who asks."""
        token = parameters.get("oauth_token", "")
        if path == REQUEST_TOKEN:
            callback = parameters.get("oauth_callback", "")
            if token or not callback.startswith(("http://", "https://")):
                raise OAuthError("Invalid request.")
            return "", SignedRequest(None, None, callback)
        if path == ACCESS_TOKEN:
            return self._expected_of_request_token(token, parameters.get("oauth_verifier", ""))
        if token not in self._access_tokens:
            raise OAuthError("Invalid token.")
        secret, account = self._access_tokens[token]
        return secret, SignedRequest(account, None)

    def _expected_of_request_token(self, token: str, verifier: str) -> tuple[str, SignedRequest]:
        self._drop_expired()
        request_token = self._request_tokens.get(token)
        if request_token is None or not request_token.verifier:
            raise OAuthError("Invalid request token.")
        if not hmac.compare_digest(request_token.verifier.encode(), verifier.encode()):
            raise OAuthError("Invalid verifier.")
        return request_token.secret, SignedRequest(None, request_token)

    def _check_freshness(self, parameters: dict[str, str]) -> None:
        timestamp, nonce = parameters.get("oauth_timestamp", ""), parameters.get("oauth_nonce", "")
        drift = abs(int(timestamp[:15]) - self.now()) if timestamp.isdecimal() else _DRIFT_SECONDS + 1
        if not nonce or drift > _DRIFT_SECONDS:
            raise OAuthError("Invalid timestamp or nonce.")
        oldest = self.now() - 2 * _DRIFT_SECONDS
        self._nonces = {used: at for used, at in self._nonces.items() if at > oldest}
        if nonce in self._nonces:
            raise OAuthError("This nonce was used before.")
        self._nonces[nonce] = self.now()

    def _drop_expired(self) -> None:
        oldest = self.now() - REQUEST_TOKEN_SECONDS
        tokens = self._request_tokens.values()
        self._request_tokens = {issued.token: issued for issued in tokens if issued.issued_at > oldest}


def _signature(token_secret: str) -> str:
    return f"{quote(APP_SECRET, safe='~')}&{quote(token_secret, safe='~')}"
