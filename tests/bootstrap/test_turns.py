"""People take turns at Discogs, and in hosted mode in the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.bootstrap.processes import HOSTED
from tests.store.fakes import served

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.context import rate_budget
from discogs_assistant.config import Settings
from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ids import UserName, new_run_id
from discogs_assistant.store.accounts import accounts
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    world = World.generate(3, releases=120, users=6, sellers=2, listings=40)
    with SandboxServer(build_app(world, rate=1000, anonymous_rate=1000, window=1.0)) as server:
        yield server


def opened(discogs: SandboxServer, folder: Path, **more: Any) -> bootstrap.App:
    urls: dict[str, Any] = {"discogs_api_url": discogs.url, "discogs_site_url": discogs.url}
    return bootstrap.open_app(Settings(data_dir=folder, _env_file=None, **urls, **more))  # type: ignore[call-arg]


def active(app: bootstrap.App) -> int:
    return served(app.ctx.db, app.ctx.settings.rate_source)


def test_each_persons_requests_take_turns_in_hosted_mode(discogs: SandboxServer, tmp_path: Path) -> None:
    given = {name.lower(): value for name, value in HOSTED.items()}
    app = opened(discogs, tmp_path, **given, runs_per_person=3)
    try:
        assert app.runner.per_person == 3
        user = UserName(discogs.world.demo_user)
        for name, run in (("one", new_run_id()), ("two", None)):
            owner = accounts.add_account(app.ctx.db, name, datetime.now(UTC))
            app.ctx.sources.discogs(owner, run).user(user)
        assert active(app) == 2, "who waits at a page takes turns as runs do"
        app.ctx.sources.discogs_by_token(token_of(user)).identity()
        assert active(app) == 3, "and so do, as one, those whom Discogs has not named yet"
    finally:
        app.close()


def test_who_presses_a_button_again_and_again_takes_nobodys_slots(
    discogs: SandboxServer, tmp_path: Path
) -> None:
    app = opened(discogs, tmp_path)
    budget = rate_budget(app.ctx.settings, app.ctx.db, app.ctx.clock)
    budget.pause(signed_in=False, seconds=30)
    try:
        began = app.ctx.clock.now()
        for _ in range(40):
            with pytest.raises(UnreachableError, match="did not answer in time"):
                app.ctx.sources.discogs(app.owner, None).user(UserName(discogs.world.demo_user))
        assert (app.ctx.clock.now() - began).total_seconds() < 5, "they get an answer at once"
        assert budget.queue(signed_in=False) <= 30
    finally:
        app.close()


def test_the_one_person_of_local_mode_has_no_limit_in_the_queue(
    discogs: SandboxServer, tmp_path: Path
) -> None:
    app = opened(discogs, tmp_path)
    try:
        assert app.runner.per_person is None
        # A turn also tells how late its slot may be used, which keeps the window where processes are stopped.
        app.ctx.sources.discogs(app.owner, new_run_id()).user(UserName(discogs.world.demo_user))
        assert active(app) == 1
    finally:
        app.close()
