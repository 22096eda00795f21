"""What every pipeline and use case works with: the parts that bootstrap chose, passed as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from discogs_assistant.config import Settings
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.ports import Clock, MarketSources, ProfilesOf
from discogs_assistant.pipelines.runtime.caches import VersionedCache
from discogs_assistant.pipelines.runtime.preparation import Preparation
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.spans import NoSpans, Spans
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadReader
from discogs_assistant.sources.discogs.client import ClientOf, DiscogsClient
from discogs_assistant.sources.discogs.oauth import DiscogsOAuth
from discogs_assistant.sources.exchange_rates import EuroRates
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database


@dataclass(frozen=True, slots=True)
class Sources:
    """The outside. `discogs` is the API client of an owner, `discogs_by_token` that of an unsaved token.

    `profiles` are the lists of collectors as an owner may see them, `market` the sources of listings and
    price floors in the order in which they are asked, and `uploads` reads what people upload. `oauth` is the
    sign-in of hosted mode. `newer_rates` asks for exchange rates newer than those installed, and gives None
    where the settings name no address.
    """

    discogs: ClientOf
    discogs_by_token: Callable[[str], DiscogsClient]
    profiles: ProfilesOf
    market: MarketSources
    uploads: UploadReader = field(default_factory=ReadHere)
    oauth: DiscogsOAuth | None = None
    newer_rates: Callable[[], EuroRates | None] = lambda: None


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What a process holds between requests, and loses at its end.

    `preparation` knows what is not ready yet, `markets` caches recent searches' markets, `likeness` caches by
    person what finds similar records, and `spans` traces the time of requests and steps.
    """

    preparation: Preparation = field(default_factory=Preparation)
    markets: VersionedCache = field(default_factory=lambda: VersionedCache(4))
    likeness: VersionedCache = field(default_factory=lambda: VersionedCache(4))
    spans: Spans = field(default_factory=NoSpans)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts. A pipeline's body is `body(ctx, flow)`, a chunk's handler `handler(ctx, run_id, chunk)`.

    `catalogue` is the imported dumps, `kinds` are the kinds of runs, and `forget_runs` removes what the
    workflow library stores about runs.
    """

    settings: Settings
    db: Database
    vault: Vault
    clock: Clock
    catalogue: Catalogue
    sources: Sources
    process: ProcessState = field(default_factory=ProcessState)
    kinds: Registry = RUN_KINDS
    forget_runs: Callable[[Sequence[RunId]], None] = lambda run_ids: None

    def fresh_since(self) -> datetime:
        """When restricted data must have been reported at the earliest to be shown now."""
        return self.settings.freshness.since(self.clock.now())
