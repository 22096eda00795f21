"""A person's programs: by tokens that are shown once, open the API alone, and can be withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.web.hosted import HostedApp, open_hosted_app

from discogs_assistant.pipelines.accounts.sessions import MOST_TOKENS
from discogs_assistant.store import schema


@pytest.fixture(scope="module")
def hosted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedApp]:
    """One instance for all tests of this file."""
    with open_hosted_app(tmp_path_factory.mktemp("hosted")) as opened:
        yield opened


def make(browser: TestClient, name: str) -> str:
    """A new token, as the page shows it this once."""
    page = browser.post("/settings/tokens", data={"name": name})
    assert page.status_code == 201, page.text
    shown = re.search(r"<code>(dsa_[\w-]{43})</code>", page.text)
    assert shown is not None
    return shown[1]


def answers(hosted_app: HostedApp, token: str, path: str = "/api/releases/1") -> int:
    return hosted_app.program(token).get(path).status_code


def test_a_token_is_shown_once_and_kept_as_a_hash(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[0])
    token = make(browser, "shelf")
    pages = [browser.get(path).text for path in ("/settings/tokens", "/settings", "/profile/export")]
    assert [page for page in pages if token in page] == []
    with hosted_app.app.ctx.db.read() as connection:
        ids = connection.scalars(select(schema.api_token.c.id)).all()
    assert token.encode() not in ids
    assert answers(hosted_app, token) == 404


def test_a_token_opens_no_page_and_never_falls_back_on_the_cookie(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[1])
    token = make(browser, "shelf")
    for path in ("/settings", "/settings/tokens", "/profile/export", "/profile/delete"):
        assert hosted_app.program(token).get(path).status_code == 303
    assert hosted_app.program(token).post("/settings/tokens", json={"name": "more"}).status_code == 303
    wrong = {"Authorization": "Bearer dsa_nobody"}
    assert browser.get("/api/releases/1", headers=wrong).status_code == 401
    assert browser.get("/settings", headers=wrong).status_code == 303


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer x", "Bearer dsa_" + "x" * 9000]
)
def test_what_is_no_token_of_ours_is_reported(hosted_app: HostedApp, header: str) -> None:
    answer = hosted_app.program("").get("/api/releases/1", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"] == "This token is not known, or not for this address."


def test_the_last_use_is_shown(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[2])
    token = make(browser, "shelf")
    assert "<td>never</td>" in browser.get("/settings/tokens").text
    answers(hosted_app, token)
    hosted_app.clock.sleep(3600)
    page = browser.get("/settings/tokens").text
    assert "<td>never</td>" not in page
    assert page.count("<td>an hour ago</td>") == 2


def test_a_withdrawn_token_opens_nothing_and_the_others_go_on(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[3])
    first, second = make(browser, "first"), make(browser, "second")
    browser.post("/settings/tokens/withdraw", data={"name": "first"})
    assert (answers(hosted_app, first), answers(hosted_app, second)) == (401, 404)


def test_nobody_withdraws_the_token_of_another(hosted_app: HostedApp) -> None:
    token = make(hosted_app.sign_in(hosted_app.names[4]), "mine")
    hosted_app.sign_in(hosted_app.names[5]).post("/settings/tokens/withdraw", data={"name": "mine"})
    assert answers(hosted_app, token) == 404


def test_a_name_is_needed_and_taken_once(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[6])
    make(browser, "shelf <b>")
    for name, said in (
        ("", "Give it a name"),
        ("shelf <b>", "You have one called"),
        ("x" * 61, "Give it"),
    ):
        page = browser.post("/settings/tokens", data={"name": name})
        assert page.status_code == 422
        assert said in page.text
        assert "<b>" not in page.text.replace("<b>Read", "")


def test_one_person_has_no_more_than_so_many(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[7])
    for number in range(MOST_TOKENS):
        make(browser, str(number))
    assert browser.post("/settings/tokens", data={"name": "more"}).status_code == 409


def test_a_token_goes_on_after_its_person_signed_out(hosted_app: HostedApp) -> None:
    browser = hosted_app.sign_in(hosted_app.names[8])
    token = make(browser, "shelf")
    browser.post("/sign-out/everywhere")
    assert answers(hosted_app, token) == 404
