"""Wiring: settings become an application, ready to serve pages, to work, or both."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

from discogs_assistant.bootstrap.context import Parts, context_of
from discogs_assistant.bootstrap.hosted_checks import check_hosted
from discogs_assistant.config import Settings
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.market.inventory_reading import INVENTORY, read_inventory
from discogs_assistant.pipelines.profiles.forgetting import forget_old
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry, RunDefinition
from discogs_assistant.pipelines.runtime.runner import Runner
from discogs_assistant.pipelines.runtime.worker_locks import marks_of
from discogs_assistant.sources.http import Http, open_http
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.database_clock import clock_of

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
        self.ctx.process.spans.close()
        self.http.close()
        self.ctx.db.close()


def open_app(
    settings: Settings, clock: Clock | None = None, kinds: Registry = RUN_KINDS, **parts: Unpack[Parts]
) -> App:
    """Open the database, migrate it to this version, wire everything; `runner.launch` makes it a worker.

    Tests pass fakes as `parts`.
    """
    check_hosted(settings)
    db = open_database(settings.database)
    migrate(db)
    now = clock or clock_of(db)
    stopping = threading.Event()
    http = open_http(settings.discogs_api_url, now)
    ctx = context_of(settings, db, now, http, stopping, kinds, **parts)
    runner = _runner(ctx, stopping)
    runner.prepare()
    return App(ctx, runner, accounts.local_account(db, now.now()), http)


def _runner(ctx: Context, stopping: threading.Event) -> Runner:
    settings = ctx.settings
    return Runner(
        db=ctx.db,
        clock=ctx.clock,
        bodies={kind.kind: partial(_carry_out, kind, ctx) for kind in ctx.kinds},
        handlers={name: partial(handler, ctx) for name, handler in CHUNK_HANDLERS.items()},
        marks=marks_of(settings),
        executor_id=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}",
        workers=settings.workers,
        lease_seconds=settings.lease_seconds,
        images_kept=settings.max_data_age,
        runs_kept=settings.runs_kept,
        stopping=stopping,
        spans=ctx.process.spans,
        per_person=settings.runs_per_person if settings.hosted else None,
        forget_old=partial(forget_old, ctx),
    )


def _carry_out(kind: RunDefinition, ctx: Context, flow: Flow) -> None:
    # Its modules are loaded by its first run: those of all kinds take longer than most commands.
    kind.body(ctx, flow)
