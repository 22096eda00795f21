"""Wiring: settings become an application, ready to serve pages, to work, or both."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from discogs_assistant.bootstrap.hosted import check_hosted
from discogs_assistant.bootstrap.tracing import spans_of
from discogs_assistant.config import Mode, Settings
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Clock, WaitListener
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.check_cart import check_cart
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.inventory_reading import INVENTORY, read_inventory
from discogs_assistant.pipelines.market import refresh_market
from discogs_assistant.pipelines.recommend import recommend
from discogs_assistant.pipelines.runner import Runner
from discogs_assistant.pipelines.shop import shop
from discogs_assistant.pipelines.sync import sync_profile
from discogs_assistant.pipelines.waiting import RunClock, ShortPatience
from discogs_assistant.pipelines.worker_marks import marks_of
from discogs_assistant.sources.api import DiscogsApi
from discogs_assistant.sources.discogs import DiscogsClient
from discogs_assistant.sources.exchange import newer_rates
from discogs_assistant.sources.http import Http, open_http
from discogs_assistant.sources.page_fetcher import PageFetcher
from discogs_assistant.store import accounts, tokens
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.database_clock import clock_of
from discogs_assistant.store.rate_budget import SqlRateBudget
from discogs_assistant.store.vault import Vault

PIPELINES: Mapping[RunKind, Callable[[Context, Flow], None]] = {
    RunKind.SYNC: sync_profile,
    RunKind.RECOMMEND: recommend,
    RunKind.SHOP: shop,
    RunKind.MARKET: refresh_market,
    RunKind.CHECK: check_cart,
}
CHUNK_HANDLERS: Mapping[str, Callable[[Context, RunId, Any], Any]] = {INVENTORY: read_inventory}


@dataclass(frozen=True)
class App:
    """The wired parts. `owner` is the account of local mode."""

    ctx: Context
    runner: Runner
    owner: OwnerId
    http: Http

    def close(self) -> None:
        """Stop working and close all connections."""
        self.runner.stop()
        self.ctx.spans.close()
        self.http.close()
        self.ctx.db.close()


def open_app(settings: Settings, clock: Clock | None = None) -> App:
    """Open the database, bring it to this version, wire everything; `runner.launch` makes it a worker."""
    check_hosted(settings)
    db = open_database(settings.database)
    migrate(db)
    now = clock or clock_of(db)
    stopping = threading.Event()
    http = open_http(settings.discogs_api_url, now)
    ctx = _context(settings, db, now, http, stopping)
    runner = Runner(
        db=db,
        clock=now,
        bodies={kind: partial(body, ctx) for kind, body in PIPELINES.items()},
        handlers={name: partial(handler, ctx) for name, handler in CHUNK_HANDLERS.items()},
        marks=marks_of(settings),
        executor_id=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}",
        workers=settings.workers,
        lease_seconds=settings.lease_seconds,
        images_kept=settings.max_data_age,
        runs_kept=settings.runs_kept,
        stopping=stopping,
        spans=ctx.spans,
        per_person=settings.runs_per_person if settings.hosted else None,
    )
    runner.prepare()
    return App(ctx, runner, accounts.local_account(db, now.now()), http)


def _context(
    settings: Settings, db: Database, clock: Clock, http: Http, stopping: threading.Event
) -> Context:
    vault = Vault.open(settings.data_dir, settings.secret_key.get_secret_value())
    budget = rate_budget(settings, db, clock)

    def client(
        token: str | None, patience: Clock, on_wait: WaitListener | None, person: OwnerId | None = None
    ) -> DiscogsClient:
        api = DiscogsApi(
            http,
            budget,
            patience,
            api_url=settings.discogs_api_url,
            user_agent=settings.user_agent,
            token=token,
            window=settings.rate_window,
            on_wait=on_wait,
            person=person if settings.hosted else None,
        )
        return DiscogsClient(api)

    def of_owner(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        token = tokens.token(db, vault, owner) or _token_of(settings)
        if run_id is None:
            return client(token, ShortPatience(clock), None)
        patience = RunClock(db, clock, run_id, stopping)
        return client(token, patience, patience.tell, owner)

    return Context(
        settings=settings,
        db=db,
        vault=vault,
        clock=clock,
        discogs=of_owner,
        discogs_by_token=lambda token: client(token, ShortPatience(clock), None),
        fetcher=PageFetcher(
            settings.discogs_site_url,
            http,
            budget,
            clock,
            user_agent=settings.user_agent,
            enabled=settings.page_fetching,
        ),
        newer_rates=lambda: newer_rates(settings.exchange_rates_url, http, settings.user_agent),
        spans=spans_of(settings),
    )


def rate_budget(settings: Settings, db: Database, clock: Clock) -> SqlRateBudget:
    """The allowance of requests that all processes on this database share."""
    return SqlRateBudget(
        db,
        settings.rate_source,
        settings.rate_limit,
        settings.anonymous_rate_limit,
        settings.rate_window,
        clock,
    )


def _token_of(settings: Settings) -> str | None:
    """The token of the settings is the one person's in local mode, and nobody's where there are many."""
    return (settings.discogs_token.get_secret_value() or None) if settings.mode is Mode.LOCAL else None
