"""A whole installation for pipeline tests: a real database, the made-up Discogs, bodies run inline."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Unpack

from tests.pipelines.fakes import InlineFlow
from tests.sources.discogs.fakes import FakeBudget
from tests.store.files import empty_file

from discogs_assistant.bootstrap.context import Parts, context_of
from discogs_assistant.config import Settings
from discogs_assistant.model.ids import OwnerId, RunId, UserName, new_run_id
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.carts.plans import find_plans
from discogs_assistant.pipelines.market.inventory_reading import INVENTORY, read_inventory
from discogs_assistant.pipelines.runtime import runs as runs_of
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS
from discogs_assistant.pipelines.runtime.results.documents import printed
from discogs_assistant.pipelines.runtime.results.finished import finished
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import Http, open_http
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database, open_database
from discogs_assistant.store.runs import progress, runs
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World


@dataclass
class JumpingClock:
    """Real time from its start on, moved by every sleep and jump."""

    start: datetime
    moved: timedelta = timedelta(0)
    ticks: int = 0

    def now(self) -> datetime:
        """A moment later than any before."""
        self.ticks += 1
        return self.start + self.moved + timedelta(microseconds=self.ticks)

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.moved += timedelta(seconds=seconds)


@dataclass
class Installation:
    """The parts, and what tests do with them."""

    ctx: Context
    clock: JumpingClock
    owner: OwnerId
    server: SandboxServer
    http: Http
    budget: FakeBudget
    parts: Parts

    def with_parts(self, **parts: Unpack[Parts]) -> Installation:
        """The same installation with other parts."""
        chosen: Parts = {**self.parts, **parts}
        ctx = context_of(self.ctx.settings, self.ctx.db, self.clock, self.http, Event(), **chosen)
        return replace(self, ctx=ctx, parts=chosen)

    def with_settings(self, **changes: Any) -> Installation:
        """The same installation with other settings."""
        settings = self.ctx.settings.model_copy(update=changes)
        ctx = context_of(settings, self.ctx.db, self.clock, self.http, Event(), **self.parts)
        return replace(self, ctx=ctx)

    @property
    def world(self) -> World:
        """The made-up Discogs."""
        return self.server.world

    @property
    def asked(self) -> int:
        """How many requests were sent."""
        return len(self.budget.reserved)

    def open(self, kind: RunKind, user: str = "", *, owner: OwnerId | None = None, **options: Any) -> Run:
        """A new run that shares no other; of the local account unless `owner` says otherwise."""
        criteria = RUN_KINDS[kind].options_model.parse(options).canonical()
        id = new_run_id()
        run = Run(
            id,
            owner or self.owner,
            kind,
            user,
            criteria,
            id,
            RunState.QUEUED,
            0,
            0,
            0,
            self.clock.now(),
            RUN_KINDS[kind].stages,
        )
        return runs.open_run(self.ctx.db, run, reuse_since=None)[0]

    def flow(self, run: Run, **more: Any) -> InlineFlow:
        """The flow of a run, with all handlers."""
        return InlineFlow(run.id, handlers_of(self.ctx), **more)

    def carry_out(self, body: Any, run: Run, flow: InlineFlow | None = None) -> dict[str, Any]:
        """Run the body to its end and give its result."""
        progress.start(self.ctx.db, run.id, self.clock.now())
        body(self.ctx, flow or self.flow(run))
        return self.result(run)

    def plans_of(self, document: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the run finds that printed carts name for their plans, as it is printed."""
        if document["plans_run"] is None:
            return None
        return self.carry_out(find_plans, runs_of.find(self.ctx.db, self.owner, document["plans_run"]))

    def result(self, run: Run) -> dict[str, Any]:
        """The result of a run, as it is printed."""
        found = finished(self.ctx.db, run.owner, run.id)
        assert found is not None
        return printed(found.result)

    def demo(self) -> UserName:
        """A collector with public lists."""
        return UserName(self.world.demo_user)


def handlers_of(ctx: Context) -> Mapping[str, Any]:
    """Every chunk handler by name."""
    return {INVENTORY: partial(read_inventory, ctx)}


def open_installation(
    server: SandboxServer,
    folder: Path,
    template: Path | None = None,
    db: Database | None = None,
    **settings: Any,
) -> Installation:
    """An installation that talks to `server`: empty, or a minute after all that is in `template` was done."""
    chosen = Settings(
        data_dir=folder, discogs_api_url=server.url, discogs_site_url=server.url, _env_file=None, **settings
    )  # type: ignore[call-arg]
    folder.mkdir(exist_ok=True)
    clock = JumpingClock(datetime.fromisoformat("2026-11-24T12:00:00+00:00"))
    if template is not None:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        clock.sleep(60)
    elif not (folder / "assistant.db").exists():
        shutil.copy(empty_file(), folder / "assistant.db")
    db = db or open_database(f"sqlite:///{folder / 'assistant.db'}")
    http = open_http(server.url, clock)
    budget = FakeBudget()

    def client(owner: OwnerId, run_id: RunId | None, token: str | None = None) -> DiscogsClient:
        api = DiscogsApi(
            http, budget, clock, api_url=server.url, user_agent="Test/1.0 +https://t.test", token=token
        )
        return DiscogsClient(api)

    parts: Parts = {
        "budget": budget,
        "discogs": client,
        "discogs_by_token": lambda token: client(OwnerId(1), None, token),
        "uploads": ReadHere(),
        "newer_rates": lambda: None,
        "forget_runs": lambda run_ids: None,
    }
    ctx = context_of(chosen, db, clock, http, Event(), **parts)
    return Installation(ctx, clock, accounts.local_account(db, clock.now()), server, http, budget, parts)
