"""The context by the settings, with a test's parts in place of the real ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TypedDict, Unpack

from discogs_assistant.bootstrap.discogs_access import DiscogsAccess
from discogs_assistant.bootstrap.market_sources import market_sources
from discogs_assistant.bootstrap.tracing import spans_of
from discogs_assistant.config import Settings
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.ports import Clock, MarketSources, ProfilesOf, RateBudget
from discogs_assistant.pipelines.runtime.context import Context, ProcessState, Sources
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.spans import Spans
from discogs_assistant.pipelines.runtime.uploads.reading import UploadReader, upload_processes
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.sources.discogs.client import ClientOf, DiscogsClient
from discogs_assistant.sources.exchange_rates import EuroRates, newer_rates
from discogs_assistant.sources.http import Http
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.rate_budget import SqlRateBudget


class Parts(TypedDict, total=False):
    """Parts in place of the real ones: fakes of tests; what is left out is wired by the settings."""

    budget: RateBudget
    discogs: ClientOf
    discogs_by_token: Callable[[str], DiscogsClient]
    market_sources: MarketSources
    profiles: ProfilesOf
    catalogue: Catalogue
    uploads: UploadReader
    newer_rates: Callable[[], EuroRates | None]
    vault: Vault
    spans: Spans
    forget_runs: Callable[[Sequence[RunId]], None]


def context_of(
    settings: Settings,
    db: Database,
    clock: Clock,
    http: Http,
    stopping: Event,
    kinds: Registry = RUN_KINDS,
    **parts: Unpack[Parts],
) -> Context:
    """Everything that use cases work with."""
    vault = parts.get("vault") or vault_of(settings)
    budget = parts.get("budget") or rate_budget(settings, db, clock)
    access = DiscogsAccess(settings, db, vault, clock, http, budget, stopping)
    client_of = parts.get("discogs", access.client_of)
    sources = Sources(
        discogs=client_of,
        discogs_by_token=parts.get("discogs_by_token", access.by_token),
        profiles=parts.get("profiles", client_of),
        market=parts.get("market_sources", market_sources(settings, http, budget, clock, client_of)),
        uploads=parts.get("uploads") or upload_processes(settings),
        oauth=access.oauth(),
        newer_rates=parts.get(
            "newer_rates", lambda: newer_rates(settings.exchange_rates_url, http, settings.user_agent)
        ),
    )
    return Context(
        settings=settings,
        db=db,
        vault=vault,
        clock=clock,
        catalogue=parts.get("catalogue") or Catalogue(settings.data_dir / "catalogue"),
        sources=sources,
        process=ProcessState(spans=parts.get("spans") or spans_of(settings)),
        kinds=kinds,
        forget_runs=parts.get("forget_runs", lambda run_ids: _forget_runs(db, run_ids)),
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


def _forget_runs(db: Database, run_ids: Sequence[RunId]) -> None:
    library = Library(db)
    try:
        library.forget_runs(run_ids)
    finally:
        library.close()
