"""The newest list for programs and for feed readers: by a token, and by a secret in the address."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import structlog
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.web.fakes import USER, Instance
from tests.web.people import ANONYMOUS, ANOTHER, OWNER, HostedInstance

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.store import schema
from discogs_assistant.web.recommendations import list_answers

ATOM = "{http://www.w3.org/2005/Atom}"
ALL = [3, *range(21, 41)]


def releases(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    links = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry/{ATOM}link")
    addresses = [urlsplit(link.get("href", "")).path for link in links if link.get("rel") == "alternate"]
    return [int(address.rpartition("/")[2]) for address in addresses]


def make(browser: TestClient, name: str = "reader") -> str:
    """The path of a new feed, as the page shows it this once."""
    page = browser.post("/settings/tokens", data={"name": name, "opens": "feed"})
    assert page.status_code == 201, page.text
    shown = re.search(r"<code>http://localhost(/feed/dsf_[\w-]{43}/recommendations\.atom)</code>", page.text)
    assert shown is not None
    return shown[1]


def secret_of(feed: str) -> str:
    return feed.split("/")[2]


@pytest.fixture
def nobody(hosted_instance: HostedInstance) -> TestClient:
    """A feed reader: it has no cookie and no token."""
    return hosted_instance.browser(ANONYMOUS)


def test_a_program_reads_both_files_with_its_token(hosted_instance: HostedInstance) -> None:
    program = hosted_instance.program(OWNER)
    assert releases(program.get(f"/api/users/{USER}/recommendations.atom")) == ALL
    answer = program.get(f"/api/users/{USER.upper()}/recommendations.csv?styles=House")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["release_id"]) for row in rows] == [id for id in ALL if id % 2 == 0]
    for file in ("recommendations.atom", "recommendations.csv"):
        assert hosted_instance.program(ANONYMOUS).get(f"/api/users/{USER}/{file}").status_code == 401
        assert program.get(f"/api/users/nobody/{file}").status_code == 404
        refused = program.get(f"/api/users/{USER}/{file}?year_from=soon")
        assert refused.status_code == 422
        assert "year_from" in refused.json()["fields"]


def test_the_old_addresses_go_on_with_the_cookie(hosted_instance: HostedInstance) -> None:
    browser, program = hosted_instance.browser(OWNER), hosted_instance.program(OWNER)
    assert releases(browser.get("/recommendations.atom")) == ALL
    assert browser.get("/recommendations.csv").status_code == 200
    assert program.get("/recommendations.atom").status_code == 303


def test_in_local_mode_the_api_has_them_too_and_no_secret_is_made(full_instance: Instance) -> None:
    assert releases(full_instance.program().get(f"/api/users/{USER}/recommendations.atom")) == ALL
    browser = full_instance.browser()
    assert browser.post("/settings/tokens", data={"name": "x", "opens": "feed"}).status_code == 409
    made_before = sessions.add_api_token(full_instance.ctx, full_instance.owner, "x", "feed")
    assert browser.get(f"/feed/{made_before}/recommendations.atom").status_code == 404


def test_a_reader_without_cookie_or_token_reads_the_feed(
    hosted_instance: HostedInstance, nobody: TestClient
) -> None:
    feed = make(hosted_instance.browser(OWNER))
    assert releases(nobody.get(feed)) == ALL
    assert releases(nobody.get(f"{feed}?styles=Dub")) == [id for id in ALL if id % 2]
    feedback.say(
        hosted_instance.instance.ctx.db,
        hosted_instance.owners[OWNER],
        USER,
        ReleaseId(21),
        "hide",
        hosted_instance.instance.ctx.clock.now(),
    )
    assert 21 not in releases(nobody.get(feed))
    assert nobody.get(f"{feed}?year_from=soon").status_code == 422
    assert nobody.get(f"{feed}?user=nobody").status_code == 404


def test_every_reader_gets_the_feed_of_its_owner(hosted_instance: HostedInstance) -> None:
    feed = make(hosted_instance.browser(OWNER))
    assert releases(hosted_instance.browser(ANOTHER).get(feed)) == ALL
    assert hosted_instance.browser(OWNER).get(make(hosted_instance.browser(ANOTHER))).status_code == 404


def test_a_secret_is_shown_once_and_kept_as_a_hash(hosted_instance: HostedInstance) -> None:
    browser = hosted_instance.browser(OWNER)
    secret = secret_of(make(browser))
    pages = [browser.get(path).text for path in ("/settings/tokens", "/settings", "/profile/export")]
    assert [page for page in pages if secret in page] == []
    assert "<td>the feed</td>" in pages[0]
    assert "<td>reader</td>" in pages[0]
    with hosted_instance.instance.db.read() as connection:
        assert sessions.hashed(secret) in connection.scalars(select(schema.api_token.c.id)).all()


def test_a_secret_opens_the_feed_and_nothing_else(
    hosted_instance: HostedInstance, nobody: TestClient
) -> None:
    secret = secret_of(make(hosted_instance.browser(OWNER)))
    nobody.headers["Authorization"] = f"Bearer {secret}"
    api = (f"/api/users/{USER}/recommendations.atom", f"/api/users/{USER}/taste", "/api/releases/21")
    assert {nobody.get(path).status_code for path in api} == {401}
    assert {nobody.get(path).status_code for path in ("/recommendations", "/profile/export")} == {303}
    assert nobody.post(f"/feed/{secret}/recommendations.atom", json={}).status_code == 405
    token = hosted_instance.program(OWNER).headers["Authorization"].removeprefix("Bearer ")
    assert nobody.get(f"/feed/{token}/recommendations.atom").status_code == 404
    as_feed = f"dsf_{token.removeprefix('dsa_')}"
    assert nobody.get(f"/feed/{as_feed}/recommendations.atom").status_code == 404


def test_a_withdrawn_secret_opens_nothing(hosted_instance: HostedInstance, nobody: TestClient) -> None:
    browser = hosted_instance.browser(OWNER)
    first, second = make(browser, "first"), make(browser, "second")
    hosted_instance.browser(ANOTHER).post("/settings/tokens/withdraw", data={"name": "first"})
    assert nobody.get(first).status_code == 200
    browser.post("/settings/tokens/withdraw", data={"name": "first"})
    gone = nobody.get(first)
    assert gone.status_code == 404
    assert "There is no feed at this address, or it was withdrawn." in gone.text
    assert nobody.get(second).status_code == 200
    browser.post("/profile/delete")
    assert nobody.get(second).status_code == 404


@pytest.mark.parametrize("secret", ["x", "dsf_", "dsf_" + "a" * 43, "dsf_" + "x" * 5000, "%00", "dsf_%f0"])
def test_a_made_up_secret_is_nobodys(nobody: TestClient, secret: str) -> None:
    assert nobody.get(f"/feed/{secret}/recommendations.atom").status_code == 404


def test_the_last_use_is_shown(hosted_instance: HostedInstance, nobody: TestClient) -> None:
    browser = hosted_instance.browser(OWNER)
    feed = make(browser)
    assert "<td>never</td>" in browser.get("/settings/tokens").text
    nobody.get(feed)
    assert "<td>never</td>" not in browser.get("/settings/tokens").text


def test_no_log_line_and_no_feed_tells_the_secret(
    hosted_instance: HostedInstance, nobody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = make(hosted_instance.browser(OWNER))
    assert secret_of(feed) not in nobody.get(feed).text
    with structlog.testing.capture_logs() as lines:
        monkeypatch.setattr(list_answers, "feed", _breaks)
        assert nobody.get(feed).status_code == 500
    assert [line["path"] for line in lines if line["event"] == "unexpected"] == [
        "/feed/{secret}/recommendations.atom"
    ]
    assert secret_of(feed) not in str([{**line, "exc_info": None} for line in lines])
    assert secret_of(feed) not in hosted_instance.program(ANONYMOUS).get("/metrics").text


def _breaks(*given: object) -> bytes:
    raise RuntimeError("broken")


def test_the_page_offers_what_a_reader_can_use(
    hosted_instance: HostedInstance, full_instance: Instance
) -> None:
    hosted, local = (
        hosted_instance.browser(OWNER).get("/recommendations").text,
        full_instance.browser().get("/recommendations"),
    )
    assert 'rel="alternate"' not in hosted
    assert 'href="/settings/tokens">an address of its own' in hosted
    assert 'rel="alternate"' in local.text
    assert "address of its own" not in local.text


@pytest.mark.parametrize(("hosted", "command"), [(True, False), (False, True)])
def test_what_programs_can_do_is_shown(
    hosted_instance: HostedInstance, full_instance: Instance, hosted: bool, command: bool
) -> None:
    page = (hosted_instance.browser(OWNER) if hosted else full_instance.browser()).get("/about").text
    assert "The API does not cover loving, hiding" in page
    assert "All that the pages do" not in page
    assert ("<code>discogs-assistant</code>" in page) is command
