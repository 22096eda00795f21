"""A new source is one class: the product reads it as soon as bootstrap has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.pipelines.fakes import InlineFlow
from tests.pipelines.workers import open_run
from tests.sources.market.fakes import BEGINNING, NumberFiles, PriceList, ShopWindow
from tests.sources.profiles.fakes import Shelf

from discogs_assistant import bootstrap
from discogs_assistant.config import Settings
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import InstanceId, ReleaseId, UserName
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.profile import CollectionItem
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.market.gathering import gather_market
from discogs_assistant.pipelines.market.refresh import market_status
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere
from discogs_assistant.store.market import price_floors
from discogs_assistant.store.profiles import profiles
from discogs_assistant.web.app import create_app

SELLER = "window"
LISTED, UNLISTED = ReleaseId(7), ReleaseId(8)
ADDED = datetime(2026, 1, 1, tzinfo=UTC)
COLLECTION = [CollectionItem(InstanceId(1), Release(LISTED, "A record"), added=ADDED)]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[bootstrap.App]:
    """A product that knows sources of this test alone."""
    clock = SystemClock()
    opened = bootstrap.open_app(
        Settings(data_dir=tmp_path, _env_file=None),  # type: ignore[call-arg]
        market_sources=(ShopWindow(SELLER, (1, 2, 3), clock), PriceList({LISTED: 700}, clock), NumberFiles()),
        profiles=lambda owner, run: Shelf("digger", collection=COLLECTION),
        uploads=ReadHere(),
    )
    yield opened
    opened.close()


def test_a_refresh_reads_its_sellers(app: bootstrap.App) -> None:
    request = runs.request(app.ctx, app.runner, app.owner, RunKind.MARKET, "", {"sellers": [SELLER]})
    app.runner.launch()
    ended = runs.wait(app.ctx, app.owner, request.run.id, lambda run: None)
    assert ended.state is RunState.DONE, ended.error
    assert market_status(app.ctx, app.owner).listings == 3


def test_a_seller_whom_no_source_covers_is_not_found(app: bootstrap.App) -> None:
    request = runs.request(app.ctx, app.runner, app.owner, RunKind.MARKET, "", {"sellers": ["other"]})
    app.runner.launch()
    ended = runs.wait(app.ctx, app.owner, request.run.id, lambda run: None)
    assert ended.state is RunState.FAILED
    assert "No source of this installation" in (ended.error or "")


def test_a_search_for_carts_asks_it_for_what_it_covers(app: bootstrap.App) -> None:
    run = open_run(app.ctx.db, owner=app.owner)
    criteria = CartCriteria(budget=Money(10_000, Currency.EUR))
    gather_market(app.ctx, InlineFlow(run.id), run, [LISTED, UNLISTED], criteria)
    since = app.ctx.fresh_since()
    found = price_floors.stats(app.ctx.db, [LISTED, UNLISTED], Currency.EUR, since)
    assert {id: floor.lowest for id, floor in found.items()} == {LISTED: Money(700, Currency.EUR)}


def test_the_page_of_uploads_reads_its_files(app: bootstrap.App) -> None:
    address = f"http://127.0.0.1:{app.ctx.settings.port}"
    pages = TestClient(create_app(app.ctx, app.runner), base_url=address, headers={"Origin": address})
    answer = pages.post("/market/files", files=[("files", ("numbers", BEGINNING + b"4\n5\n"))])
    assert answer.status_code == 200
    assert "Read 2 copies" in answer.text
    assert market_status(app.ctx, app.owner).listings == 2


def test_a_sync_reads_the_lists_of_its_collector(app: bootstrap.App) -> None:
    request = runs.request(app.ctx, app.runner, app.owner, RunKind.SYNC, "digger", {})
    app.runner.launch()
    ended = runs.wait(app.ctx, app.owner, request.run.id, lambda run: None)
    assert ended.state is RunState.DONE, ended.error
    held = profiles.profile(app.ctx.db, app.owner, UserName("digger"))
    assert held is not None
    assert (held.collection, held.wantlist) == (1, 0)
