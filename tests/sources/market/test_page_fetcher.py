"""The page fetcher: off by default, within the budget, and at once at an end where it is blocked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import offered
from tests.sources.discogs.fakes import FakeBudget, FakeClock, Script
from tests.sources.market.sell_pages import BOT_CHECK, Copy, page, row_2026

from discogs_assistant.errors import (
    AssistantError,
    BadInputError,
    BlockedError,
    NotFoundError,
    UnexpectedAnswerError,
    UnreachableError,
)
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.sources.http import open_http
from discogs_assistant.sources.market.page_fetcher import PageFetcher
from discogs_assistant.sources.market.saved_pages import read_sell_page
from discogs_sandbox.app import Sandbox, build_app
from discogs_sandbox.world.world import World

SITE = "https://site.test"
SEVEN = ReleaseId(7)
Handler = Callable[[httpx2.Request], httpx2.Response]


def fetcher(handler: Handler, budget: FakeBudget | None = None, *, enabled: bool = True) -> PageFetcher:
    clock = FakeClock()
    http = open_http(SITE, clock, transport=httpx2.MockTransport(handler))
    agent = "DiscogsAssistant/1.0"
    return PageFetcher(SITE, http, budget or FakeBudget(), clock, user_agent=agent, enabled=enabled)


def shown(text: str, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={"Content-Type": "text/html"} | headers, content=text.encode())


def copies(numbers: Sequence[int], total: int) -> httpx2.Response:
    counts = f"{numbers[0]} – {numbers[-1]} of {total}"
    return shown(page([row_2026(Copy(listing=100 + number)) for number in numbers], counts=counts))


def test_it_is_off_unless_turned_on_and_then_asks_nothing() -> None:
    script = Script([copies([1], 1)])
    with pytest.raises(BadInputError, match="terms forbid") as caught:
        fetcher(script, enabled=False).copies(SEVEN)
    assert caught.value.field == "page_fetching"
    assert script.requests == []


def test_pages_are_read_to_the_lists_end_within_the_budget_and_without_a_token() -> None:
    script = Script([copies([1, 2], 3), copies([3, 3], 3)])
    budget = FakeBudget(waits=[2.5])
    batch = fetcher(script, budget).copies(SEVEN)
    assert [listing.id for listing in batch.listings] == [101, 102, 103]
    assert batch.problems == ()
    assert [str(request.url) for request in script.requests] == [
        f"{SITE}/sell/release/7?limit=250&sort=price%2Casc&page={number}" for number in (1, 2)
    ]
    assert budget.reserved == [False, False]
    assert all("Authorization" not in request.headers for request in script.requests)
    assert all(request.headers["User-Agent"] == "DiscogsAssistant/1.0" for request in script.requests)


def test_the_number_of_pages_is_bounded_and_the_bound_is_reported() -> None:
    script = Script([copies([1, 2], 90), copies([3, 4], 90), copies([5, 6], 90)])
    batch = fetcher(script).copies(SEVEN, most_pages=2)
    assert len(script.requests) == 2
    assert batch.problems == ("Release 7 has more copies than 2 pages show.",)


@pytest.mark.parametrize(
    "answer",
    [
        shown(BOT_CHECK, 403),
        shown(BOT_CHECK, 503),
        shown(BOT_CHECK, 200),
        shown("", 403, **{"cf-mitigated": "challenge"}),
        shown("<h1>Access denied</h1>", 403),
        shown("no", 401),
    ],
)
def test_a_challenge_is_blocked_and_never_tried_again(answer: httpx2.Response) -> None:
    script = Script([answer])
    with pytest.raises(BlockedError, match="blocked"):
        fetcher(script).copies(SEVEN)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error", "requests"),
    [
        (shown("gone", 404), NotFoundError, 1),
        (shown("", 302, Location="https://elsewhere.test/"), UnreachableError, 1),
        (shown("<p>Welcome"), UnexpectedAnswerError, 1),
        (shown("oops", 500), UnreachableError, 8),
        (httpx2.ConnectError("no"), UnreachableError, 2),
    ],
)
def test_other_refusals_have_their_error(
    answer: httpx2.Response | Exception, error: type[AssistantError], requests: int
) -> None:
    script = Script([answer])
    with pytest.raises(error):
        fetcher(script).copies(SEVEN)
    assert len(script.requests) == requests


def test_what_passes_by_itself_is_waited_for() -> None:
    limited = shown("", 429, **{"Retry-After": "7"})
    budget = FakeBudget()
    script = Script([shown("oops", 502), limited, copies([1], 1)])
    assert len(fetcher(script, budget).copies(SEVEN).listings) == 1
    assert budget.pauses == [7.0]


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(3, releases=120, users=12, sellers=30, listings=900)


def answering(app: Sandbox) -> Handler:
    asked = TestClient(app, base_url=SITE)

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent = asked.get(str(request.url), headers=dict(request.headers))
        return httpx2.Response(sent.status_code, headers=sent.headers, content=sent.content)

    return answer


@pytest.mark.parametrize("layout", ["2020", "2026"])
def test_the_sandboxs_pages_of_both_ages_give_every_copy(world: World, layout: str) -> None:
    reader = fetcher(answering(build_app(world, rate=10_000, anonymous_rate=10_000, layout=layout)))
    chosen = [release for release in world.releases if release not in world.challenged][:25]
    assert len(chosen) == 25
    read = 0
    for release in chosen:
        expected = {copy.id: copy for copy in world.for_sale(release)}
        batch = reader.copies(ReleaseId(release))
        assert batch.problems == ()
        assert {
            listing.id: (*offered(listing), listing.seller, listing.allow_offers)
            for listing in batch.listings
        } == {
            copy.id: (copy.price, copy.media, copy.sleeve, copy.seller, copy.offers)
            for copy in expected.values()
        }
        read += len(expected)
    assert read > 50


@pytest.mark.parametrize("layout", ["2020", "2026"])
def test_the_sandboxs_french_wants_are_read_as_the_english_ones(world: World, layout: str) -> None:
    ask = answering(build_app(world, rate=10_000, anonymous_rate=10_000, layout=layout))
    now = FakeClock().now()
    english, french = (
        read_sell_page(ask(httpx2.Request("GET", f"{SITE}{path}/sell/mywants?limit=250")).content, as_of=now)
        for path in ("", "/fr")
    )
    assert len(english.listings) > 5
    for listing, other in zip(english.listings, french.listings, strict=True):
        assert replace(listing, shipping_text=None) == replace(other, shipping_text=None)
    assert english.sellers == french.sellers


def test_the_sandboxs_challenge_is_blocked(world: World) -> None:
    reader = fetcher(answering(build_app(world, challenge=True)))
    with pytest.raises(BlockedError):
        reader.copies(ReleaseId(next(iter(world.releases))))
