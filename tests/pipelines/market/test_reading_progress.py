"""Reading a large inventory reports each page, and how long the rest takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.market import inventory_reading
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.pipelines.market.seller_survey import Survey
from discogs_assistant.pipelines.runtime.runs import seconds_left
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

SECONDS_A_PAGE = 1.1


@pytest.fixture
def large_shop(tmp_path: Path) -> Iterator[Installation]:
    """An installation beside a made-up Discogs whose one shop has 2,000 copies: twenty pages."""
    world = World.generate(9, releases=600, users=2, sellers=1, listings=2_000)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        built = open_installation(server, tmp_path)
        yield built
        built.ctx.db.close()


def test_each_page_is_reported_with_the_time_that_is_left(
    large_shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[datetime, Run]] = []
    advance = inventory_reading.progress.advance  # type: ignore[attr-defined]

    def report(db: Database, run_id: Any, now: datetime, **how: Any) -> None:
        large_shop.clock.sleep(SECONDS_A_PAGE)
        advance(db, run_id, large_shop.clock.now(), **how)
        after = runs.run_for_worker(db, run_id)
        assert after is not None
        seen.append((large_shop.clock.now(), after))

    [shop] = large_shop.world.sellers
    run = large_shop.open(RunKind.MARKET, sellers=[shop.name])
    monkeypatch.setattr(inventory_reading.progress, "advance", report)  # type: ignore[attr-defined]
    large_shop.carry_out(refresh_market, run)
    counted = [(state.done, state.total) for _, state in seen if state.done]
    assert counted == [(1, 1), *((page, 20) for page in range(2, 21))]
    ended = seen[-1][0]
    halfway = seen[len(seen) // 2 : -1]
    assert len(halfway) > 5
    found = [seconds_left(state, now) for now, state in halfway]
    assert found == [pytest.approx((ended - now).total_seconds(), rel=0.2, abs=1) for now, _ in halfway]


def test_of_sellers_who_were_not_asked_yet_as_much_is_expected_as_of_the_others() -> None:
    def state(pages: int, left: int) -> inventory_reading.InventoryState:
        reading = {"state": {}, "left": left, "total": 0, "complete": False, "problem": None}
        return inventory_reading.InventoryState("x", "2026-12-01", reading, pages=pages)

    survey = Survey(states={"a": state(1, 9), "b": state(1, 0)}, unreachable={"c": "It gave no answer."})
    assert survey.expected((), 0) == 3
    assert survey.expected(["a"], 0) == 12
    assert survey.expected(["a"], 10) == 12 + 40
    assert replace(survey, allowance=30).expected(["a"], 10) == 30
    assert Survey().expected((), 7) == 7


def test_requests_that_follow_the_sellers_are_expected_within_the_allowance() -> None:
    assert Survey(afterwards=60).expected((), 7) == 67
    assert Survey(allowance=50, afterwards=60).expected((), 7) == 50
