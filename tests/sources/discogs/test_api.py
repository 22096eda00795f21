"""How Discogs is asked: headers, rate, patience, and the errors that come out of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.discogs.fakes import Bench, FakeBudget, FakeClock, Script, ok, page_of, said

from discogs_assistant.errors import (
    AssistantError,
    BadInputError,
    BlockedError,
    CancelledError,
    NoConnectionError,
    NotFoundError,
    PrivateError,
    RateLimitedError,
    SignInNeededError,
    TokenRefusedError,
    UnexpectedAnswerError,
    UnreachableError,
    UpstreamError,
)
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.sources.discogs.client import SearchQuery
from discogs_assistant.sources.retries import LONGEST_PAUSE, delay, retry_after

USER = {"username": "ana", "id": 7}
ANA = UserName("ana")
CHALLENGE = httpx2.Response(403, headers={"Content-Type": "text/html"}, content=b"<html>Just a moment...")


def test_each_request_names_the_program_and_the_version() -> None:
    script = Script([ok(USER)])
    Bench(script).client.user(ANA)
    headers = script.requests[0].headers
    assert headers["User-Agent"] == "DiscogsAssistant/1.0"
    assert headers["Accept"] == "application/vnd.discogs.v2.discogs+json"
    assert "Authorization" not in headers


def test_a_token_is_sent_as_discogs_wants_it() -> None:
    script = Script([ok(USER)])
    bench = Bench(script, token="secret")
    bench.client.user(ANA)
    assert script.requests[0].headers["Authorization"] == "Discogs token=secret"
    assert bench.budget.reserved == [True]


def test_a_redirect_to_another_host_is_not_followed() -> None:
    script = Script([said(302, headers={"Location": "https://evil.test/users/ana"})])
    with pytest.raises(UnreachableError, match="to another address"):
        Bench(script, token="secret").client.user(ANA)
    assert [request.url.host for request in script.requests] == ["api.test"]


def test_page_addresses_are_built_and_never_taken_from_the_answer() -> None:
    document = page_of("wants", [], items=300, pages=3)
    document["pagination"]["urls"] = {"next": "https://evil.test/next"}
    script = Script([ok(document)])
    client = Bench(script).client
    client.wants_page(ANA, 1)
    client.wants_page(ANA, 2)
    assert str(script.requests[1].url) == (
        "https://api.test/users/ana/wants?page=2&sort=added&sort_order=asc&per_page=100"
    )


def test_cookies_are_not_kept_between_accounts() -> None:
    script = Script([ok(USER, {"Set-Cookie": "session=1; Path=/"})])
    client = Bench(script).client
    client.user(ANA)
    client.user(ANA)
    assert "Cookie" not in script.requests[1].headers


@pytest.mark.parametrize("token", ["a b", "a\nb", "é", "x" * 300])
def test_a_token_that_fits_no_header_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(BadInputError) as caught:
        Bench(Script([ok(USER)]), token=token).client.user(ANA)
    assert token not in str(caught.value)


@pytest.mark.parametrize(("name", "path"), [("a/b", "a%2Fb"), ("é%", "%C3%A9%25"), ("a?b#c", "a%3Fb%23c")])
def test_a_name_stays_one_segment_of_the_path(name: str, path: str) -> None:
    script = Script([ok(USER)])
    Bench(script).client.user(UserName(name))
    assert script.requests[0].url.raw_path == f"/users/{path}".encode()


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_change_the_path_is_refused(name: str) -> None:
    with pytest.raises(BadInputError):
        Bench(Script([ok(USER)])).client.user(UserName(name))


def test_a_wait_for_the_rate_is_reported_until_it_is_over() -> None:
    reported: list[tuple[str, float]] = []
    bench = Bench(Script([ok(USER)]), on_wait=lambda what, s: reported.append((what, s)))
    bench.budget.waits = [12.0]
    bench.client.user(ANA)
    assert reported == [("Discogs", 12.0), ("Discogs", 7.0), ("Discogs", 2.0), ("Discogs", 0.0)]
    assert sum(bench.clock.slept) == 12.0


def test_a_short_wait_is_not_reported() -> None:
    reported: list[float] = []
    bench = Bench(Script([ok(USER)]), on_wait=lambda what, s: reported.append(s))
    bench.budget.waits = [0.9]
    bench.client.user(ANA)
    assert reported == []
    assert bench.clock.slept == [0.9]


def test_a_cancelled_run_ends_a_wait() -> None:
    def cancel(what: str, seconds: float) -> None:
        raise CancelledError("Cancelled.")

    bench = Bench(script := Script([ok(USER)]), on_wait=cancel)
    bench.budget.waits = [500.0]
    with pytest.raises(CancelledError):
        bench.client.user(ANA)
    assert script.requests == []


def test_what_the_answers_say_of_the_rate_reaches_the_budget() -> None:
    headers = {"X-Discogs-Ratelimit": "60", "X-Discogs-Ratelimit-Remaining": "41"}
    bench = Bench(Script([said(500, headers=headers), ok(USER)]))
    bench.client.user(ANA)
    assert bench.budget.observed == [(False, 60, 41), (False, None, None)]


@pytest.mark.parametrize("hostile", ["", "x", "-1", "1e9", "٣", "9" * 40])
def test_a_rate_header_that_is_no_count_is_none(hostile: str) -> None:
    bench = Bench(Script([ok(USER)]))
    bench.handler = lambda request: httpx2.Response(
        200, headers=[(b"X-Discogs-Ratelimit", hostile.encode())], content=b'{"username": "ana"}'
    )
    bench.client.user(ANA)
    assert bench.budget.observed == [(False, None, None)]


@pytest.mark.parametrize(("header", "pause"), [("17", 17.0), (None, 60.0), ("soon", 60.0), ("-5", 60.0)])
def test_a_429_pauses_everybody_as_long_as_its_header_says_or_else_a_window(
    header: str | None, pause: float
) -> None:
    refused = said(429, headers={"Retry-After": header} if header else {})
    bench = Bench(Script([refused, ok(USER)]))
    assert bench.client.user(ANA).id == 7
    assert bench.budget.pauses == [pause]
    assert sum(bench.clock.slept) == pause


def test_a_date_to_retry_after_is_a_pause_until_then() -> None:
    clock = FakeClock()
    date = format_datetime(clock.now().replace(minute=1), usegmt=True)
    assert retry_after(date, clock.now(), 5.0) == 60.0


@given(st.text(max_size=40))
def test_whatever_retry_after_holds_the_pause_is_a_positive_number(header: str) -> None:
    seconds = retry_after(header, FakeClock().now(), 60.0)
    assert 0 < seconds < float("inf")


def test_a_429_for_ever_ends_in_an_error_that_knows_how_long() -> None:
    bench = Bench(script := Script([said(429, headers={"Retry-After": "3"})]))
    with pytest.raises(RateLimitedError) as caught:
        bench.client.user(ANA)
    assert caught.value.retry_after == 3.0
    assert len(script.requests) == 6
    assert caught.value.next_step


def test_no_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    bench = Bench(script := Script([said(429, headers={"Retry-After": "86400"})]))
    with pytest.raises(RateLimitedError) as caught:
        bench.client.user(ANA)
    assert len(script.requests) == 1
    assert caught.value.retry_after == 86400.0
    assert bench.budget.pauses == [LONGEST_PAUSE]


PASSING = {
    "a server's fault": said(500),
    "Cloudflare's page about a fault": httpx2.Response(
        520, headers={"Content-Type": "text/html"}, content=b"<!DOCTYPE html><h1>Error 520</h1>"
    ),
    "a reset": httpx2.ReadError("reset"),
    "no answer at all": httpx2.RemoteProtocolError("closed"),
    "a timeout": httpx2.ReadTimeout("slow"),
    "no connection": httpx2.ConnectError("refused"),
    "a bot check": CHALLENGE,
    "half of an answer": httpx2.Response(200, content=b'{"pagination": {"pa'),
    "a number that is none": httpx2.Response(200, content=b'{"id": NaN}'),
    "bad compression": httpx2.DecodingError("gzip"),
    "a pause": said(429, headers={"Retry-After": "1"}),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING.keys())
def test_what_may_pass_is_asked_again(answer: httpx2.Response | Exception) -> None:
    assert Bench(Script([answer, ok(USER)])).client.user(ANA).id == 7


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING.keys())
def test_what_does_not_pass_ends_bounded_in_a_typed_error(answer: httpx2.Response | Exception) -> None:
    bench = Bench(script := Script([answer]))
    with pytest.raises(UpstreamError) as caught:
        bench.client.user(ANA)
    kinds = {UnreachableError, NoConnectionError, BlockedError, RateLimitedError, UnexpectedAnswerError}
    assert type(caught.value) in kinds
    assert caught.value.next_step
    assert 2 <= len(script.requests) <= 8
    assert sum(bench.clock.slept) < 60


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx2.ConnectError("refused"), NoConnectionError),
        (httpx2.ConnectTimeout("silent"), NoConnectionError),
        (httpx2.ReadTimeout("slow"), UnreachableError),
        (said(500), UnreachableError),
    ],
)
def test_a_failed_connection_differs_from_a_connection_without_an_answer(
    failure: httpx2.Response | Exception, kind: type[UnreachableError]
) -> None:
    with pytest.raises(UnreachableError) as caught:
        Bench(Script([failure])).client.user(ANA)
    assert type(caught.value) is kind


def test_a_try_that_sent_nothing_is_not_counted_twice() -> None:
    refused = httpx2.ConnectError("refused")
    bench = Bench(Script([refused, ok(USER)]))
    bench.client.user(ANA)
    assert len(bench.budget.reserved) == 1
    bench = Bench(Script([refused, said(500), ok(USER)]))
    bench.client.user(ANA)
    assert len(bench.budget.reserved) == 2


def test_a_mix_of_faults_ends_after_ten_requests() -> None:
    script = Script([said(500), said(429, headers={"Retry-After": "1"})] * 6)
    with pytest.raises(UpstreamError):
        Bench(script).client.user(ANA)
    assert len(script.requests) == 10


def test_delays_double_with_jitter_up_to_a_limit() -> None:
    assert [delay(n, 0.5) for n in range(1, 9)] == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert delay(3, 0.0) < delay(3, 0.9)


def test_a_longer_delay_before_a_retry_is_reported() -> None:
    reported: list[float] = []
    bench = Bench(Script([said(500)] * 4 + [ok(USER)]), on_wait=lambda what, s: reported.append(s))
    bench.client.user(ANA)
    assert reported == [2.0, 0.0]


def test_an_answer_without_end_is_cut_off() -> None:
    bench = Bench(lambda request: httpx2.Response(200, content=b" " * 20_000_001))
    with pytest.raises(UnreachableError, match="larger than"):
        bench.client.user(ANA)


def test_an_answer_that_drips_is_given_up() -> None:
    clock = FakeClock()

    def drip() -> object:
        while True:
            clock.sleep(29.0)
            yield b" "

    class Drip(httpx2.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            return drip()

    bench = Bench(lambda request: httpx2.Response(200, stream=Drip()), clock=clock)
    with pytest.raises(UnreachableError, match="in time"):
        bench.client.user(ANA)


REFUSALS: list[tuple[Callable[[Bench], object], httpx2.Response, type[AssistantError], str]] = [
    (lambda b: b.client.user(ANA), said(404), NotFoundError, "user “ana”"),
    (lambda b: b.client.wants_page(ANA, 1), said(404), NotFoundError, "wantlist of “ana”"),
    (lambda b: b.client.wants_page(ANA, 1), said(403), PrivateError, "wantlist of “ana” is private"),
    (lambda b: b.client.collection_page(ANA, 1), said(403), PrivateError, "personal token"),
    (lambda b: b.client.folders(ANA), said(403), PrivateError, "personal token"),
    (lambda b: b.client.identity(), said(401), SignInNeededError, "personal token"),
    (lambda b: b.client.search(SearchQuery("x")), said(401), SignInNeededError, "signed in"),
    (lambda b: b.client.release(ReleaseId(1)), said(403), BlockedError, "release 1"),
    (
        lambda b: b.client.user(ANA),
        said(403, {"message": "You must set a User-Agent"}),
        BlockedError,
        "CONTACT_URL",
    ),
    (
        lambda b: b.client.inventory_page("ana", 101),
        said(403, {"message": "Pagination above 100 disabled for inventories besides your own."}),
        BadInputError,
        "no more pages",
    ),
    (lambda b: b.client.user(ANA), said(422), BadInputError, "so"),
    (
        lambda b: b.client.user(ANA),
        said(422, {"message": "Wrong.", "detail": [{"loc": ["query"], "msg": "page is no number"}]}),
        BadInputError,
        "Wrong. page is no number",
    ),
    (lambda b: b.client.user(ANA), said(422, {"message": "so", "detail": ["x", 1]}), BadInputError, "so"),
    (lambda b: b.client.user(ANA), said(422, {"detail": "so"}), BadInputError, "no reason"),
    (lambda b: b.client.user(ANA), said(405), UpstreamError, "405"),
]


@pytest.mark.parametrize(("ask", "answer", "error", "words"), REFUSALS)
def test_a_refusal_is_a_typed_error_with_its_next_step(
    ask: Callable[[Bench], object], answer: httpx2.Response, error: type[AssistantError], words: str
) -> None:
    bench = Bench(script := Script([answer]))
    with pytest.raises(error) as caught:
        ask(bench)
    assert words in str(caught.value)
    assert caught.value.next_step
    assert len(script.requests) == 1


def test_a_wrong_token_differs_from_a_missing_one() -> None:
    with pytest.raises(TokenRefusedError, match="does not accept the token"):
        Bench(Script([said(401)]), token="old").client.user(ANA)


def test_a_page_past_the_end_is_empty() -> None:
    page = Bench(Script([said(404)])).client.collection_page(ANA, 4)
    assert page.items == ()


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=60)
def test_hostile_bodies_are_typed_errors_in_printable_words(body: bytes) -> None:
    for status in (200, 403, 422, 500):
        bench = Bench(lambda request, status=status: httpx2.Response(status, content=body))  # type: ignore[misc]
        with pytest.raises(AssistantError) as caught:
            bench.client.user(ANA)
        assert str(caught.value).isprintable()


def test_a_message_with_control_characters_is_quoted_safely() -> None:
    with pytest.raises(BadInputError) as caught:
        Bench(Script([said(422, {"message": "a\x1b[31m\nb" * 100})])).client.user(ANA)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"x"', b"[" * 100_000, b'{"username": 1}', b"{}"])
def test_json_of_another_form_is_refused_with_the_problem(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswerError):
        Bench(lambda request: httpx2.Response(200, content=body)).client.user(ANA)


def test_threads_share_one_client() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.rpartition("/")[2]
        return ok({"username": name})

    client = Bench(answer, budget=FakeBudget()).client
    names = [UserName(f"u{n}") for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert [user.name for user in pool.map(client.user, names)] == names
