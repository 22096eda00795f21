"""Putting releases on a wantlist and taking them off: what is sent, sent again, and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest
from tests.sources.discogs.fakes import Bench, FakeBudget, FakeClock, Script, ok, said

from discogs_assistant.errors import (
    AssistantError,
    BlockedError,
    NoConnectionError,
    NotFoundError,
    PrivateError,
    SignInNeededError,
    TokenRefusedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import open_http
from discogs_sandbox.app import build_app
from discogs_sandbox.faults import Faults
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of

ANA, FIVE = UserName("ana"), ReleaseId(5)
WANT = {
    "id": 5,
    "rating": 0,
    "notes": "",
    "date_added": "2026-11-24T04:00:00-08:00",
    "basic_information": {"id": 5, "title": "Blue Room", "master_id": 0, "year": 1974},
}
LOST = httpx2.ReadError("reset")
Change = Callable[[DiscogsClient], object]
CHANGES: list[Change] = [lambda client: client.want(ANA, FIVE), lambda client: client.unwant(ANA, FIVE)]


def test_a_want_is_put_where_discogs_documents_it_with_the_token_and_no_body() -> None:
    script = Script([said(201, WANT)])
    want = Bench(script, token="secret").client.want(UserName("a b"), FIVE)
    (sent,) = script.requests
    assert (sent.method, sent.url.raw_path) == ("PUT", b"/users/a%20b/wants/5")
    assert sent.headers["Authorization"] == "Discogs token=secret"
    assert (sent.headers["Content-Length"], sent.content) == ("0", b"")
    assert (want.release_id, want.release.title) == (5, "Blue Room")
    assert want.added is not None
    assert want.added.isoformat() == "2026-11-24T12:00:00+00:00"


def test_an_answer_that_tells_no_date_is_a_want_without_one() -> None:
    undated = {key: value for key, value in WANT.items() if key != "date_added"}
    want = Bench(Script([said(201, undated)]), token="secret").client.want(ANA, FIVE)
    assert (want.release_id, want.added) == (5, None)


def test_a_want_is_taken_off_by_delete() -> None:
    script = Script([httpx2.Response(204)])
    Bench(script, token="secret").client.unwant(ANA, FIVE)
    assert [(sent.method, sent.url.path) for sent in script.requests] == [("DELETE", "/users/ana/wants/5")]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_taken_from_the_allowance(change: Change) -> None:
    bench = Bench(Script([LOST, said(201, WANT)]), token="secret")
    change(bench.client)
    assert bench.budget.reserved == [True, True]


def test_a_delete_with_a_lost_answer_still_succeeds() -> None:
    script = Script([LOST, said(404)])
    Bench(script, token="secret").client.unwant(ANA, FIVE)
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ([said(404)], NotFoundError, "Discogs does not know release 5."),
        ([said(401)], TokenRefusedError, "Discogs does not accept the token."),
        ([said(403)], PrivateError, "Discogs does not let this token change the wantlist of “ana”."),
        ([said(502)], UnreachableError, "a fault of its own"),
        ([httpx2.ConnectError("refused")], NoConnectionError, "cannot be reached"),
        ([said(201, {"id": 5})], UnexpectedAnswerError, "basic_information"),
        ([said(302, headers={"Location": "https://evil.test/"})], UnreachableError, "to another address"),
        (
            [httpx2.Response(403, headers={"Content-Type": "text/html"}, content=b"<html>Just a moment")],
            BlockedError,
            "bot check",
        ),
    ],
)
def test_a_failed_put_is_reported(
    answers: list[httpx2.Response | Exception], error: type[AssistantError], words: str
) -> None:
    with pytest.raises(error, match=words):
        Bench(Script(answers), token="secret").client.want(ANA, FIVE)


def test_a_request_without_a_token_reports_no_private_list() -> None:
    with pytest.raises(SignInNeededError, match="not allow changes to the wantlist of “ana” without a token"):
        Bench(Script([said(401)])).client.want(ANA, FIVE)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_never_leads_to_another_address(name: str) -> None:
    script = Script([ok(WANT)])
    for change in (DiscogsClient.want, DiscogsClient.unwant):
        with pytest.raises(AssistantError, match="user name"):
            change(Bench(script, token="secret").client, UserName(name), FIVE)
    assert script.requests == []


@pytest.fixture(scope="module")
def flaky() -> Iterator[SandboxServer]:
    """A made-up Discogs where every second request fails in one way or another."""
    app = build_app(World.generate(5, releases=60, users=4, sellers=2), rate=10**6, flaky=Faults(2, 0.5))
    with SandboxServer(app) as server:
        yield server


def test_on_bad_days_each_release_is_wanted_once_and_taken_off_again(flaky: SandboxServer) -> None:
    world, name = flaky.world, UserName(flaky.world.demo_user)
    clock = FakeClock()
    api = DiscogsApi(
        open_http(flaky.url, SystemClock()),
        FakeBudget(),
        clock,
        api_url=flaky.url,
        user_agent="DiscogsAssistant/1.0",
        token=token_of(name),
        jitter=lambda: 0.5,
    )
    client, before = DiscogsClient(api), {want.release for want in world.account(name).wants}
    new = [ReleaseId(id) for id in world.releases if id not in before][:12]
    for release in new:
        assert client.want(name, release).release_id == release
    wanted = [want.release for want in world.account(name).wants]
    assert sorted(wanted) == sorted({*before, *new})
    for release in new:
        client.unwant(name, release)
    assert {want.release for want in world.account(name).wants} == before
    assert flaky.app.faults is not None
    assert flaky.app.faults.counts.total() > 5
