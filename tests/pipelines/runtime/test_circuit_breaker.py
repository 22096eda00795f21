"""A Discogs that cannot be reached is asked once a run; what is only broken is asked as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.pipelines.fakes import CutOffError
from tests.pipelines.installation import Installation, open_installation
from tests.uploads import import_profile_files

from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import open_http
from discogs_assistant.sources.retries import Failure
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

ONCE = Failure.NO_CONNECTION.tries
"""Requests that a client sends until it gives up."""

Spoil = Callable[[httpx2.Request], httpx2.Response | Exception | None]


@dataclass
class Line(httpx2.BaseTransport):
    """The way to Discogs, which `spoil` may close; it keeps the addresses that were asked for."""

    spoil: Spoil = lambda request: None
    asked: list[str] = field(default_factory=list)
    open: httpx2.HTTPTransport = field(default_factory=httpx2.HTTPTransport)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        answer = self.spoil(request)
        if isinstance(answer, Exception):
            raise answer
        return answer or self.open.handle_request(request)


@dataclass
class Away:
    """An installation whose way to Discogs a test opens and closes."""

    installation: Installation
    line: Line

    def ask(self, kind: RunKind, **options: Any) -> dict[str, Any]:
        body = {RunKind.SHOP: shop, RunKind.RECOMMEND: recommend, RunKind.MARKET: refresh_market}[kind]
        user = "" if kind is RunKind.MARKET else self.installation.demo()
        self.line.asked.clear()
        return self.installation.carry_out(body, self.installation.open(kind, user, **options))


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Away]:
    world = World.generate(6, releases=300, users=4, sellers=8, listings=700)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        installation, line = open_installation(server, tmp_path, discography_requests=10), Line()
        http = open_http(server.url, installation.clock, transport=line)

        def client(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
            api = DiscogsApi(
                http,
                installation.budget,
                installation.clock,
                api_url=server.url,
                user_agent="Test/1.0 +https://t.test",
            )
            return DiscogsClient(api)

        installation = installation.with_parts(discogs=client)
        favourites.add_many(
            installation.ctx.db, installation.owner, [seller.name for seller in world.sellers]
        )
        yield Away(installation, line)
        http.close()
        installation.ctx.db.close()


def refused(request: httpx2.Request) -> Exception:
    return httpx2.ConnectError("refused", request=request)


def older_profile(away: Away) -> None:
    away.installation.carry_out(sync_profile, away.installation.open(RunKind.SYNC, away.installation.demo()))


def profile_from_files(away: Away) -> None:
    lines = ["Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes"]
    lines += [f",Somebody,Title {id},,LP,,,{id}," for id in list(away.installation.world.releases)[:40]]
    import_profile_files(
        away.installation.ctx,
        away.installation.owner,
        away.installation.demo(),
        None,
        "\n".join(lines).encode(),
    )


def connection_sentences(document: dict[str, Any]) -> list[str]:
    return [sentence for sentence in document["partial"] if "cannot be reached" in sentence]


@pytest.mark.parametrize("profile", [older_profile, profile_from_files])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (RunKind.SHOP, {"budget": "100", "any_pressing": True}),
        (RunKind.SHOP, {"budget": "100", "ratio": 1}),
        (RunKind.RECOMMEND, {}),
    ],
)
def test_a_discogs_that_cannot_be_reached_is_asked_once_a_run_and_said_once(
    away: Away, profile: Callable[[Away], None], kind: RunKind, options: dict[str, Any]
) -> None:
    profile(away)
    away.line.spoil = refused
    document = away.ask(kind, **options)
    assert 0 < len(away.line.asked) <= ONCE
    assert len(connection_sentences(document)) == 1


@pytest.mark.parametrize("failure", [httpx2.ConnectError("no such host"), httpx2.ConnectTimeout("silent")])
def test_neither_an_unknown_host_nor_one_that_is_silent_is_asked_again(
    away: Away, failure: Exception
) -> None:
    profile_from_files(away)
    away.line.spoil = lambda request: failure
    away.ask(RunKind.SHOP, budget="100")
    assert len(away.line.asked) == ONCE


def test_a_run_that_is_cut_off_anywhere_still_asks_once(away: Away) -> None:
    profile_from_files(away)
    away.line.spoil = refused
    whole = away.ask(RunKind.SHOP, budget="100")
    away.line.asked.clear()
    run = away.installation.open(RunKind.SHOP, away.installation.demo(), budget="100")
    flow = away.installation.flow(run, cut_off_after=0, doubled=True)
    for step in range(40):
        try:
            away.installation.carry_out(shop, run, flow)
            break
        except CutOffError:
            flow.again().cut_off_after = step + 1
    assert away.installation.result(run)["partial"] == whole["partial"]
    assert len(away.line.asked) == ONCE


def test_a_run_that_is_asked_for_again_tries_again(away: Away) -> None:
    older_profile(away)
    away.line.spoil = refused
    away.ask(RunKind.SHOP, budget="100")
    away.line.spoil = lambda request: None
    document = away.ask(RunKind.SHOP, budget="100")
    assert len(away.line.asked) > ONCE
    assert document["carts"]
    assert document["partial"] == []


@pytest.mark.parametrize("kind", [RunKind.SHOP, RunKind.MARKET])
def test_a_connection_that_is_lost_among_the_sellers_ends_the_asking(away: Away, kind: RunKind) -> None:
    older_profile(away)
    seen: list[str] = []

    def lose(request: httpx2.Request) -> Exception | None:
        if request.url.path.endswith("/inventory"):
            seen.append(request.url.path)
        return refused(request) if len(seen) > 2 else None

    away.line.spoil = lose
    names = [seller.name for seller in away.installation.world.sellers]
    options = {"budget": "100"} if kind is RunKind.SHOP else {"sellers": names}
    document = away.ask(kind, **options)
    assert len(seen) == 2 + ONCE
    assert away.line.asked[-1].endswith("/inventory")
    assert f"2 of {len(names)} sellers answered." in document["partial"]
    assert len(connection_sentences(document)) == 1


@pytest.mark.parametrize("fault", [httpx2.Response(500), httpx2.ReadTimeout("slow")])
def test_the_fault_or_silence_of_one_seller_leaves_the_others_to_be_asked(
    away: Away, fault: httpx2.Response | Exception
) -> None:
    older_profile(away)
    names = [seller.name for seller in away.installation.world.sellers]
    away.line.spoil = lambda request: fault if f"/users/{names[0]}/" in request.url.path else None
    document = away.ask(RunKind.SHOP, budget="100")
    asked = {path for path in away.line.asked if path.endswith("/inventory")}
    assert asked == {f"/users/{name}/inventory" for name in names}
    assert f"{len(names) - 1} of {len(names)} sellers answered." in document["partial"]
    assert any(names[0] in sentence for sentence in document["partial"])


def test_a_refresh_without_a_connection_fails_with_the_reason(away: Away) -> None:
    away.line.spoil = refused
    with pytest.raises(UnreachableError, match=r"No seller's records .* cannot be reached"):
        away.ask(RunKind.MARKET, sellers=[seller.name for seller in away.installation.world.sellers])
    assert len(away.line.asked) == ONCE
