"""Acting for people at Discogs: the Authorization header of each request, and the three steps of a sign-in.

OAuth 1.0a (RFC 5849) with PLAINTEXT signatures, as https://www.discogs.com/developers asks: the signature is
the secrets themselves, so it goes to the API's host alone, and by https.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from authlib.oauth1.rfc5849.client_auth import ClientAuth
from authlib.oauth1.rfc5849.signature import SIGNATURE_PLAINTEXT

from discogs_assistant.errors import BadInputError, NotSignedInError, TokenRefusedError, UpstreamError
from discogs_assistant.model.credentials import Credential, OAuthToken, PersonalToken
from discogs_assistant.model.profile import Identity
from discogs_assistant.sources.discogs.refusals import Subject
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_profile import read_identity

SIGN_IN_AGAIN = "Sign out here and sign in again with Discogs, as its owner."
BEGIN_AGAIN = "Begin again: go to the sign-in page."


class Signer(Protocol):
    """Signs requests; `how_to` says what a person does where Discogs refuses, unless it is what all do."""

    @property
    def how_to(self) -> str:
        """The next step, or nothing."""
        ...

    def header(self, method: str, url: str) -> str:
        """The Authorization header of one request."""
        ...


@dataclass(frozen=True, slots=True)
class Consumer:
    """This installation as Discogs knows it."""

    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonalSigner:
    """Signs by a personal token."""

    token: str = field(repr=False)
    how_to: str = ""

    def header(self, method: str, url: str) -> str:
        """The same for every request."""
        return f"Discogs token={self.token}"


@dataclass(frozen=True, slots=True)
class OAuthSigner:
    """Signs as the installation: for a person by their token, or for itself while they sign in."""

    consumer: Consumer
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    callback: str = ""
    verifier: str = field(default="", repr=False)
    how_to: str = SIGN_IN_AGAIN

    def header(self, method: str, url: str) -> str:
        """With a nonce and a time of its own for each request."""
        auth = ClientAuth(
            self.consumer.key,
            self.consumer.secret,
            token=self.token or None,
            token_secret=self.secret or None,
            redirect_uri=self.callback or None,
            verifier=self.verifier or None,
            signature_method=SIGNATURE_PLAINTEXT,
        )
        _, headers, _ = auth.sign(method, url, {}, b"")
        return str(headers["Authorization"])


def personal_signer(token: str) -> PersonalSigner:
    """Signs by a token that somebody typed; `BadInputError` for one that fits into no header."""
    return PersonalSigner(_checked(token))


def signer_of(credential: Credential | None, consumer: Consumer | None) -> Signer | None:
    """The signer for a credential; None without a credential or an installation that can use it."""
    match credential:
        case PersonalToken():
            return personal_signer(credential.text)
        case OAuthToken() if consumer is not None:
            return OAuthSigner(consumer, credential.token, credential.secret)
    return None


class SignInApi(Protocol):
    """The part of the API that a sign-in needs."""

    def get(self, path: str, subject: Subject) -> Any:
        """The JSON at `path`."""
        ...

    def form(self, method: str, path: str, subject: Subject) -> dict[str, str]:
        """The form-encoded answer."""
        ...


@dataclass(frozen=True, slots=True)
class DiscogsOAuth:
    """The sign-in of people; `api_of` gives the API for a signer."""

    consumer: Consumer
    site_url: str
    api_of: Callable[[Signer], SignInApi]

    def request_token(self, callback: str) -> OAuthToken:
        """What a person is sent to Discogs with; they come back to `callback`."""
        api = self.api_of(OAuthSigner(self.consumer, callback=callback))
        try:
            form = api.form("GET", "/oauth/request_token", Subject("this installation's key"))
        except TokenRefusedError as error:
            raise UpstreamError(
                "Discogs does not know this installation, so nobody can sign in.",
                "Its operator can check DISCOGS_CONSUMER_KEY and DISCOGS_CONSUMER_SECRET.",
            ) from error
        # RFC 5849, 2.1: without it the server goes by OAuth 1.0, whose callback anybody may change.
        if form.get("oauth_callback_confirmed") != "true":
            raise UpstreamError(
                "Discogs did not confirm the return address, so the sign-in did not start.",
                "Try again later.",
            )
        return _token_in(form)

    def authorize_address(self, request: OAuthToken) -> str:
        """Discogs' page that asks the person; only the public half of the request token is in it."""
        return f"{self.site_url}/oauth/authorize?{urlencode({'oauth_token': request.token})}"

    def access_token(self, request: OAuthToken, verifier: str) -> OAuthToken:
        """What acts for the person from now on; `NotSignedInError` where Discogs refuses the verifier."""
        signer = OAuthSigner(self.consumer, request.token, request.secret, verifier=verifier)
        try:
            return _token_in(self.api_of(signer).form("POST", "/oauth/access_token", Subject("the sign-in")))
        except TokenRefusedError as error:
            raise NotSignedInError("Discogs did not confirm this sign-in.", BEGIN_AGAIN) from error

    def identity(self, granted: OAuthToken) -> Identity:
        """Who signed in."""
        signer = OAuthSigner(self.consumer, granted.token, granted.secret)
        answer = self.api_of(signer).get("/oauth/identity", Subject("who signed in"))
        return read_identity(Fields(answer, ""))


def _token_in(form: dict[str, str]) -> OAuthToken:
    token, secret = form.get("oauth_token", ""), form.get("oauth_token_secret", "")
    if not token or not secret:
        raise UpstreamError("Discogs answered the sign-in in an unexpected way.", "Try again later.")
    return OAuthToken(token, secret)


def _checked(token: str) -> str:
    """A token that fits into a header; the error does not show it."""
    plain = token.strip()
    if not plain.isascii() or not plain.isprintable() or " " in plain or len(plain) > 200:
        raise BadInputError(
            "The token contains characters that Discogs tokens never have.",
            "Copy it again from https://www.discogs.com/settings/developers.",
            field="token",
        )
    return plain
