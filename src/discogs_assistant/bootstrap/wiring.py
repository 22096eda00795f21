"""Wiring: settings become an application, ready to serve pages, to work, or both."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from discogs_assistant.bootstrap.hosted_checks import check_hosted
from discogs_assistant.bootstrap.tracing import spans_of
from discogs_assistant.config import Mode, Settings
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Caller, Clock, WaitListener
from discogs_assistant.pipelines.market.inventory_reading import INVENTORY, read_inventory
from discogs_assistant.pipelines.profiles.forgetting import forget_old
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.runner import Runner
from discogs_assistant.pipelines.runtime.uploads.reading import upload_processes
from discogs_assistant.pipelines.runtime.waiting import RunClock
from discogs_assistant.pipelines.runtime.worker_locks import marks_of
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.interactive_budget import ShortPatience, WaitingRoom
from discogs_assistant.sources.discogs.oauth import Consumer, DiscogsOAuth, Signer, personal_signer, signer_of
from discogs_assistant.sources.exchange_rates import newer_rates
from discogs_assistant.sources.http import Http, open_http
from discogs_assistant.sources.market.page_fetcher import PageFetcher
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.database_clock import clock_of
from discogs_assistant.store.runs.answer_counts import AnswerBook
from discogs_assistant.store.runs.rate_budget import SqlRateBudget

CHUNK_HANDLERS: Mapping[str, Callable[[Context, RunId, Any], Any]] = {INVENTORY: read_inventory}
NEWCOMERS = OwnerId(0)
"""People who have not signed in yet share this number when they take turns; no account has it."""


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


def open_app(settings: Settings, clock: Clock | None = None, kinds: Registry = RUN_KINDS) -> App:
    """Open the database, bring it to this version, wire everything; `runner.launch` makes it a worker."""
    check_hosted(settings)
    db = open_database(settings.database)
    migrate(db)
    now = clock or clock_of(db)
    stopping = threading.Event()
    http = open_http(settings.discogs_api_url, now)
    ctx = _context(settings, db, now, http, stopping, kinds)
    runner = Runner(
        db=db,
        clock=now,
        bodies={one.kind: partial(one.body, ctx) for one in kinds},
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
        forget_old=partial(forget_old, ctx),
    )
    runner.prepare()
    return App(ctx, runner, accounts.local_account(db, now.now()), http)


def _context(
    settings: Settings, db: Database, clock: Clock, http: Http, stopping: threading.Event, kinds: Registry
) -> Context:
    vault = vault_of(settings)
    budget = rate_budget(settings, db, clock)
    book = AnswerBook(db, settings.rate_source, clock)
    consumer, room = _consumer(settings), WaitingRoom()

    def api(
        signer: Signer | None,
        person: OwnerId,
        patience: Clock,
        on_wait: WaitListener | None = None,
        caller: Caller | None = None,
    ) -> DiscogsApi:
        return DiscogsApi(
            http,
            budget,
            patience,
            api_url=settings.discogs_api_url,
            user_agent=settings.user_agent,
            signer=signer,
            window=settings.rate_window,
            on_wait=on_wait,
            person=person,
            caller=caller,
            on_answer=book.note,
        )

    def of_owner(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        signer = signer_of(discogs_tokens.token(db, vault, owner) or _token_of(settings), consumer)
        if run_id is None:
            return DiscogsClient(at_a_page(signer, owner))
        patience = RunClock(db, clock, run_id, stopping)
        return DiscogsClient(api(signer, owner, patience, patience.tell))

    def at_a_page(signer: Signer | None, person: OwnerId = NEWCOMERS) -> DiscogsApi:
        patience = ShortPatience(clock, room)
        return api(signer, person, patience, caller=patience)

    return Context(
        settings=settings,
        db=db,
        vault=vault,
        clock=clock,
        discogs=of_owner,
        discogs_by_token=lambda token: DiscogsClient(at_a_page(personal_signer(token))),
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
        oauth=DiscogsOAuth(consumer, settings.discogs_site_url, at_a_page) if consumer else None,
        uploads=upload_processes(settings),
        forget_runs=lambda run_ids: _forget_runs(db, run_ids),
        kinds=kinds,
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


def vault_of(settings: Settings) -> Vault:
    """The vault by the keys of the settings."""
    previous = [key.get_secret_value() for key in settings.previous_secret_keys]
    return Vault.open(settings.data_dir, settings.secret_key.get_secret_value(), previous)


def _consumer(settings: Settings) -> Consumer | None:
    secret = settings.discogs_consumer_secret.get_secret_value()
    if not settings.hosted or not settings.discogs_consumer_key or not secret:
        return None
    return Consumer(settings.discogs_consumer_key, secret)


def _token_of(settings: Settings) -> PersonalToken | None:
    """The token of the settings is the one person's in local mode, and nobody's where there are many."""
    text = settings.discogs_token.get_secret_value()
    return PersonalToken(text) if text and settings.mode is Mode.LOCAL else None


def _forget_runs(db: Database, run_ids: Sequence[RunId]) -> None:
    library = Library(db)
    try:
        library.forget_runs(run_ids)
    finally:
        library.close()
