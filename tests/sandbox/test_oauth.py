"""Signing in by OAuth is as strict as at the real Discogs, or stricter."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import FixedClock, open_app, visit

from discogs_sandbox.oauth import APP_KEY, APP_SECRET
from discogs_sandbox.world.world import World

CALLBACK = "http://127.0.0.1:1/back?state=s"


@dataclass
class Program:
    """An application that signs its requests itself; `changed` replaces fields that it sends."""

    visitor: TestClient
    clock: FixedClock
    nonce: int = 0

    def header(self, token_secret: str = "", /, **changed: str | None) -> dict[str, str]:
        self.nonce += 1
        fields: dict[str, str | None] = {
            "oauth_consumer_key": APP_KEY,
            "oauth_nonce": f"n{self.nonce}",
            "oauth_signature": f"{APP_SECRET}&{token_secret}",
            "oauth_signature_method": "PLAINTEXT",
            "oauth_timestamp": str(int(self.clock.now())),
            **changed,
        }
        parts = [f'{key}="{quote(value, safe="")}"' for key, value in fields.items() if value is not None]
        return {"Authorization": f"OAuth {', '.join(parts)}"}

    def request(self, **changed: str | None) -> tuple[int, dict[str, str]]:
        header = self.header(**{"oauth_callback": CALLBACK, **changed})
        answer = self.visitor.get("/oauth/request_token", headers=header)
        return answer.status_code, dict(parse_qsl(answer.text))

    def allowed(self, user: str) -> tuple[dict[str, str], str]:
        """A request token for which that user agreed, and the verifier."""
        request = self.request()[1]
        sent = {"oauth_token": request["oauth_token"], "user": user, "answer": "allow"}
        back = self.visitor.post("/oauth/authorize", data=sent, follow_redirects=False).headers["location"]
        return request, parse_qs(urlsplit(back).query)["oauth_verifier"][0]

    def access(
        self, request: dict[str, str], verifier: str, **changed: str | None
    ) -> tuple[int, dict[str, str]]:
        header = self.header(
            request["oauth_token_secret"],
            **{"oauth_token": request["oauth_token"], "oauth_verifier": verifier, **changed},
        )
        answer = self.visitor.post("/oauth/access_token", headers=header)
        return answer.status_code, dict(parse_qsl(answer.text))


@pytest.fixture
def program(world: World) -> Program:
    clock = FixedClock()
    return Program(visit(open_app(world, now=clock.now)), clock)


def test_three_requests_let_an_application_act_for_a_user(program: Program, world: World) -> None:
    granted = program.access(*program.allowed(world.demo_user))[1]
    header = program.header(granted["oauth_token_secret"], oauth_token=granted["oauth_token"])
    assert program.visitor.get("/oauth/identity", headers=header).json()["username"] == world.demo_user


@pytest.mark.parametrize(
    "changed",
    [
        {"oauth_consumer_key": "another"},
        {"oauth_signature": "another&"},
        {"oauth_signature": APP_SECRET},
        {"oauth_signature_method": "HMAC-SHA1"},
        {"oauth_nonce": None},
        {"oauth_timestamp": None},
        {"oauth_timestamp": "1"},
        {"oauth_timestamp": "soon"},
        {"oauth_callback": None},
        {"oauth_callback": "javascript:alert(1)"},
    ],
)
def test_a_request_with_a_wrong_signature_is_refused(
    program: Program, changed: dict[str, str | None]
) -> None:
    assert program.request(**changed)[0] == 401


def test_a_nonce_works_once(program: Program) -> None:
    assert [program.request(oauth_nonce="same")[0] for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    "changed",
    [{"oauth_verifier": "wrong"}, {"oauth_verifier": None}, {"oauth_signature": f"{APP_SECRET}&wrong"}],
)
def test_an_access_token_needs_the_verifier_and_the_secret(
    program: Program, world: World, changed: dict[str, str | None]
) -> None:
    request, verifier = program.allowed(world.demo_user)
    assert program.access(request, verifier, **changed)[0] == 401


def test_no_access_token_before_the_person_agreed(program: Program) -> None:
    assert program.access(program.request()[1], "")[0] == 401


def test_a_request_token_works_once(program: Program, world: World) -> None:
    allowed = program.allowed(world.demo_user)
    assert [program.access(*allowed)[0] for _ in range(2)] == [200, 401]


def test_a_request_token_expires(program: Program, world: World) -> None:
    allowed = program.allowed(world.demo_user)
    program.clock.sleep(601)
    assert program.access(*allowed)[0] == 401


def test_a_denial_is_sent_back_and_ends_the_request_token(program: Program, world: World) -> None:
    request = program.request()[1]
    sent = {"oauth_token": request["oauth_token"], "user": world.demo_user, "answer": "deny"}
    answer = program.visitor.post("/oauth/authorize", data=sent, follow_redirects=False)
    assert answer.headers["location"] == f"{CALLBACK}&denied={request['oauth_token']}"
    assert program.visitor.post("/oauth/authorize", data=sent, follow_redirects=False).status_code == 404


def test_an_unknown_user_is_asked_again(program: Program) -> None:
    request = program.request()[1]
    sent = {"oauth_token": request["oauth_token"], "user": "nobody <b>", "answer": "allow"}
    answer = program.visitor.post("/oauth/authorize", data=sent, follow_redirects=False)
    assert answer.status_code == 422
    assert "<b>" not in answer.text


def test_an_unknown_access_token_is_refused(program: Program) -> None:
    header = program.header("x", oauth_token="made-up")
    assert program.visitor.get("/oauth/identity", headers=header).status_code == 401
