"""The rate limit: so many requests in any window, counted for each address, and the headers of a refusal."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.sandbox_client import FixedClock, open_app, visit

from discogs_sandbox.rate_limit import SlidingWindow
from discogs_sandbox.world.world import World


def test_the_sixty_first_request_of_a_minute_is_refused(world: World) -> None:
    clock = FixedClock()
    client = visit(open_app(world, rate=60, now=clock.now), world.demo_user)
    answers = [client.get("/oauth/identity") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1].json() == {"message": "You are making requests too quickly."}


def test_without_a_token_only_25_pass(world: World) -> None:
    client = visit(open_app(world, anonymous_rate=25, now=FixedClock().now))
    answers = [client.get(f"/users/{world.demo_user}").status_code for _ in range(26)]
    assert answers == [200] * 25 + [429]


def test_the_window_moves(world: World) -> None:
    clock = FixedClock()
    client = visit(open_app(world, rate=2, window=10.0, now=clock.now), world.demo_user)
    statuses = []
    for pause in (0, 6, 0, 4.5, 0):
        clock.sleep(pause)
        statuses.append(client.get("/oauth/identity").status_code)
    assert statuses == [200, 200, 429, 200, 429]


def test_headers_have_limit_used_and_remaining(world: World) -> None:
    client = visit(open_app(world, rate=60, now=FixedClock().now), world.demo_user)
    client.get("/oauth/identity")
    headers = client.get("/nothing-here").headers
    assert headers["X-Discogs-Ratelimit"] == "60"
    assert headers["X-Discogs-Ratelimit-Used"] == "2"
    assert headers["X-Discogs-Ratelimit-Remaining"] == "58"


def test_what_was_used_goes_up_and_down_and_what_remains_is_right(world: World) -> None:
    client = visit(open_app(world, rate=60, now=FixedClock().now), world.demo_user)
    headers = [client.get("/oauth/identity").headers for _ in range(6)]
    assert [int(one["X-Discogs-Ratelimit-Used"]) for one in headers] == [0, 2, 1, 4, 3, 6]
    assert [int(one["X-Discogs-Ratelimit-Remaining"]) for one in headers] == [59, 58, 57, 56, 55, 54]


def test_a_refusal_does_not_say_how_long_to_wait(world: World) -> None:
    client = visit(open_app(world, rate=1, now=FixedClock().now), world.demo_user)
    refusals = [client.get("/oauth/identity") for _ in range(5)][1:]
    assert [answer.status_code for answer in refusals] == [429] * 4
    assert not any("Retry-After" in answer.headers for answer in refusals)


def test_each_address_has_its_own_window(world: World) -> None:
    app = open_app(world, anonymous_rate=1, now=FixedClock().now)
    path = f"/users/{world.demo_user}"
    assert visit(app, address="10.0.0.1").get(path).status_code == 200
    assert visit(app, address="10.0.0.2").get(path).status_code == 200
    assert visit(app, address="10.0.0.2").get(path).status_code == 429


def test_several_tokens_do_not_raise_the_rate(world: World) -> None:
    app = open_app(world, rate=2, now=FixedClock().now)
    users = [account.name for account in world.collectors[:3]]
    assert [visit(app, user).get("/oauth/identity").status_code for user in users] == [200, 200, 429]


def test_the_log_counts_what_went_over_the_window(world: World) -> None:
    app = open_app(world, rate=3, now=FixedClock().now)
    client = visit(app, world.demo_user)
    for _ in range(5):
        client.get("/oauth/identity")
    stats = client.get("/_sandbox/stats").json()
    assert (stats["requests"], stats["over_window"], stats["most_used"]) == (5, 2, 3)


def test_the_log_has_the_share_of_the_rate_that_was_used(world: World) -> None:
    clock = FixedClock()
    app = open_app(world, rate=60, window=60.0, now=clock.now)
    client = visit(app, world.demo_user)
    for _ in range(31):
        client.get("/oauth/identity")
        clock.sleep(2)
    assert 0.5 <= app.rate.rate_used() <= 0.53  # type: ignore[operator]


def test_pages_and_pictures_do_not_count(world: World) -> None:
    app = open_app(world, anonymous_rate=1)
    client = visit(app)
    release = next(iter(world.releases))
    assert client.get("/images/spacer.gif").status_code == 200
    assert client.get(f"/sell/release/{release}").status_code == 200
    assert app.rate.log.requests == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 6), st.floats(0.5, 8))
def test_no_window_ever_holds_more_than_the_limit(pauses: list[float], limit: int, window: float) -> None:
    now = 0.0
    rate = SlidingWindow(limit, limit, window, lambda: now)
    passed: list[float] = []
    for pause in pauses:
        now += pause
        expected = sum(now - window < earlier for earlier in passed) < limit
        assert rate.hit("here", signed_in=True).allowed is expected
        if expected:
            passed.append(now)
