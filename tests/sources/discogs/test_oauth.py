"""The steps of a sign-in at Discogs, as far as its answers are believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from discogs_assistant.errors import UpstreamError
from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.sources.discogs.oauth import Consumer, DiscogsOAuth
from discogs_assistant.sources.discogs.refusals import Subject

GRANTED = {"oauth_token": "public", "oauth_token_secret": "secret"}
BACK = "https://crates.example.org/sign-in/back?state=s"


@dataclass
class FakeApi:
    """Answers each step with the same form."""

    answer: dict[str, str]

    def get(self, path: str, subject: Subject) -> Any:
        raise AssertionError(path)

    def form(self, method: str, path: str, subject: Subject) -> dict[str, str]:
        return self.answer


def discogs(**answer: str) -> DiscogsOAuth:
    return DiscogsOAuth(Consumer("key", "s3cret"), "https://www.test", lambda signer: FakeApi(answer))


@pytest.mark.parametrize("confirmed", [{}, {"oauth_callback_confirmed": "false"}])
def test_a_request_token_without_a_confirmed_callback_is_not_used(
    confirmed: dict[str, str],
) -> None:
    with pytest.raises(UpstreamError, match="did not confirm the return address"):
        discogs(**GRANTED, **confirmed).request_token(BACK)


def test_a_confirmed_request_token_is_used() -> None:
    found = discogs(**GRANTED, oauth_callback_confirmed="true").request_token(BACK)
    assert found == OAuthToken("public", "secret")


def test_an_access_token_needs_no_callback() -> None:
    granted = discogs(**GRANTED).access_token(OAuthToken("public", "secret"), "verifier")
    assert granted == OAuthToken("public", "secret")
