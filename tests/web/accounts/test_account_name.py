"""A person's own name, however it is typed, and after it has changed at Discogs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.web.accounts.test_api_tokens import make
from tests.web.hosted import HostedApp, open_hosted_app

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import runs

COLLECTION = (
    "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added\r\n"
    "C 1,Ann,One,Blue,LP,,1990,11,Uncategorized,2024-01-01 10:00:00\r\n"
)


@pytest.fixture(scope="module")
def hosted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedApp]:
    """One instance for all tests of this file."""
    with open_hosted_app(tmp_path_factory.mktemp("hosted")) as opened:
        yield opened


def owner_of(hosted_app: HostedApp, name: str) -> OwnerId:
    return accounts.accounts_of(hosted_app.app.ctx.db, UserName(name))[0]


def test_a_program_and_a_form_may_write_their_person_s_name_in_any_case(hosted_app: HostedApp) -> None:
    name = hosted_app.names[0]
    browser = hosted_app.sign_in(name)
    asked = hosted_app.program(make(browser, "shelf")).post(f"/api/users/{name.upper()}/sync", json={})
    handed = browser.post(
        "/profile/files", data={"user": name.upper()}, files={"collection": ("c.csv", COLLECTION.encode())}
    )
    assert (asked.status_code, handed.status_code) == (202, 303)
    db, owner = hosted_app.app.ctx.db, owner_of(hosted_app, name)
    assert {run.user for run in runs.runs(db, owner, 9)} == {name}
    assert [state.user for state in profiles.profiles(db, owner)] == [name]
    page = browser.get("/", params={"user": name.upper()}).text
    assert f"<h1>{name}'s records</h1>" in page
    assert name.upper() not in page
    browser.post("/release/11/feedback", data={"user": name.upper(), "act": "love"})
    assert feedback.feedback(db, owner, UserName(name)).loved == {11}


def test_after_a_new_name_at_discogs_everything_is_there_at_the_next_sign_in(hosted_app: HostedApp) -> None:
    account = hosted_app.discogs.world.account(hosted_app.names[1])
    browser = hosted_app.sign_in(account.name)
    browser.post("/sign-in/consent", data={"consent": "yes"})
    files = {"collection": ("c.csv", COLLECTION.encode())}
    browser.post("/profile/files", data={"user": account.name}, files=files)
    browser.post("/release/11/feedback", data={"user": account.name, "act": "love"})
    account.name = "renamed-at-discogs"
    hosted_app.sign_in(account.name, browser)
    start = browser.get("/").text
    assert "renamed-at-discogs's records" in start
    assert "Nothing was read" not in browser.get("/profile").text
    db, owner, name = hosted_app.app.ctx.db, owner_of(hosted_app, account.name), UserName(account.name)
    assert feedback.feedback(db, owner, name).loved == {11}
    assert accounts.own_profiles(db, consenting=True) == [(owner, name)]
