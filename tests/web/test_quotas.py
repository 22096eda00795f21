"""Quotas: who starts or uploads too much learns when to continue; others, and local mode, notice nothing."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.store.fakes import NOW
from tests.uploads import add_market_files
from tests.web.fakes import USER, FakeQueue, Instance

from discogs_assistant.config import Mode
from discogs_assistant.errors import TooOftenError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.recommendations import recompute_all
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.web.app import create_app

PAGE = ("list.csv", b"listing_id,seller,release_id,price,currency\n1,shop,2,3.00,USD\n")


def hosted(instance: Instance, **chosen: Any) -> Context:
    """The same instance with many people, and other limits."""
    return instance.with_settings(mode=Mode.HOSTED, **chosen).ctx


def start(ctx: Context, owner: OwnerId, number: int = 0) -> runs.RunRequest:
    return runs.request(ctx, FakeQueue(), owner, RunKind.MARKET, "", {"sellers": [f"shop-{number}"]})


def test_who_starts_too_many_runs_in_a_minute_learns_when_to_go_on(instance: Instance) -> None:
    ctx = hosted(instance, starts_per_minute=2)
    owner, other = (accounts.add_account(ctx.db, name, NOW) for name in ("one", "two"))
    for number in range(2):
        start(ctx, owner, number)
    with pytest.raises(TooOftenError, match="Try again in 30 seconds") as failure:
        start(ctx, owner, 2)
    assert failure.value.retry_after == pytest.approx(30, abs=1)
    assert len(stored_runs.runs(ctx.db, owner, 9)) == 2
    start(ctx, other, 2)
    ctx.clock.sleep(31)
    assert start(ctx, owner, 2).status == "new"


def test_who_starts_too_many_runs_in_a_day_learns_when_to_go_on(instance: Instance) -> None:
    ctx = hosted(instance, starts_per_day=3)
    owner = accounts.add_account(ctx.db, "one", NOW)
    for number in range(3):
        start(ctx, owner, number)
        ctx.clock.sleep(60)
    with pytest.raises(TooOftenError, match="Try again in 8 hours"):
        start(ctx, owner, 3)


def test_a_run_that_is_shared_counts_once(instance: Instance) -> None:
    ctx = hosted(instance, starts_per_minute=1)
    owner = accounts.add_account(ctx.db, "one", NOW)
    assert [start(ctx, owner).status for _ in range(5)] == ["new", *["under-way"] * 4]


def test_in_local_mode_there_is_no_limit(instance: Instance) -> None:
    ctx = instance.with_settings(starts_per_minute=1).ctx
    assert [start(ctx, instance.owner, number).status for number in range(4)] == ["new"] * 4


def test_lists_for_everyone_are_nobodys_start(full_instance: Instance) -> None:
    ctx = hosted(full_instance, starts_per_minute=1, starts_per_day=1)
    start(ctx, full_instance.owner)
    assert len(recompute_all.ask_for_everyone(ctx, FakeQueue())) == 1


def test_uploading_files_has_a_limit_of_its_own(instance: Instance) -> None:
    ctx = hosted(instance, uploads_per_day=1)
    owner = accounts.add_account(ctx.db, "one", NOW)
    add_market_files(ctx, owner, [PAGE])
    with pytest.raises(TooOftenError, match="uploaded files too often"):
        add_market_files(ctx, owner, [PAGE])
    start(ctx, owner)


def test_a_program_that_changes_the_wantlist_again_and_again_learns_when_to_go_on(
    full_instance: Instance,
) -> None:
    full_instance.discogs.signed_in = True
    ctx = hosted(full_instance, wants_per_minute=2)
    program = TestClient(create_app(ctx, FakeQueue()), base_url="http://localhost")
    program.headers["Authorization"] = (
        f"Bearer {sessions.add_api_token(ctx, full_instance.owner, 'a program')}"
    )
    wants = f"/api/users/{USER}/wants"
    assert program.put(f"{wants}/21").status_code == 200
    assert program.delete(f"{wants}/21").status_code == 204
    refused = program.put(f"{wants}/22")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    assert full_instance.discogs.wants == set()
    ctx.clock.sleep(31)
    assert program.put(f"{wants}/22").status_code == 200


def test_a_program_finds_in_the_header_when_it_may_continue(instance: Instance) -> None:
    ctx = hosted(instance, starts_per_minute=1)
    queue = FakeQueue()
    app = create_app(ctx, queue)
    owner = accounts.add_account(ctx.db, "one", NOW)
    program, browser = (
        TestClient(app, base_url="http://localhost", follow_redirects=False) for _ in range(2)
    )
    program.headers["Authorization"] = f"Bearer {sessions.add_api_token(ctx, owner, 'a program')}"
    browser.cookies.set("session", sessions.open_session(ctx, owner))
    assert program.post("/api/users/digger/sync", json={}).status_code == 202
    refused = program.post("/api/users/dagger/sync", json={})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Try again in" in refused.json()["next_step"]
    assert len(queue.runs) == 1
    page = browser.post(
        "/profile/sync",
        data={"user": "dagger"},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )
    assert page.status_code == 429
    assert "Try again in" in page.text
