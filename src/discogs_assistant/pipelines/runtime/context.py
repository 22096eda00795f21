"""What every pipeline and use case works with: the parts that bootstrap chose, passed as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from discogs_assistant.config import Settings
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.runtime.caches import VersionedCache
from discogs_assistant.pipelines.runtime.preparation import Preparation
from discogs_assistant.pipelines.runtime.registry import RUN_KINDS, Registry
from discogs_assistant.pipelines.runtime.spans import NoSpans, Spans
from discogs_assistant.pipelines.runtime.uploads.reading import ReadHere, UploadReader
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.oauth import DiscogsOAuth
from discogs_assistant.sources.exchange_rates import EuroRates
from discogs_assistant.sources.market.page_fetcher import PageFetcher
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database

DiscogsFor = Callable[[OwnerId, RunId | None], DiscogsClient]
"""The API client of an owner; its waits are shown on the run, and end where the run was cancelled."""


@dataclass(frozen=True, slots=True)
class Context:
    """The parts. A pipeline's body is `body(ctx, flow)`, a chunk's handler `handler(ctx, run_id, chunk)`.

    `discogs_by_token` is the client of a token that is not kept yet; `newer_rates` asks for exchange rates
    newer than those installed, and gives None where the settings name no address. `preparation` knows what
    is not ready yet in this process, `markets` are those of the searches that were looked at last,
    `likeness` is what answers about likeness to a record rest on, by person, `spans` is where the time of
    requests and steps goes, `oauth` signs people in in hosted mode, `forget_runs` removes what the
    workflow library holds of runs, `uploads` reads what is uploaded at pages, `kinds` are the kinds of runs
    that there are, and `catalogue` is the dumps that were imported.
    """

    settings: Settings
    db: Database
    vault: Vault
    clock: Clock
    discogs: DiscogsFor
    discogs_by_token: Callable[[str], DiscogsClient]
    fetcher: PageFetcher
    newer_rates: Callable[[], EuroRates | None] = lambda: None
    preparation: Preparation = field(default_factory=Preparation)
    markets: VersionedCache = field(default_factory=lambda: VersionedCache(4))
    likeness: VersionedCache = field(default_factory=lambda: VersionedCache(4))
    spans: Spans = field(default_factory=NoSpans)
    oauth: DiscogsOAuth | None = None
    uploads: UploadReader = field(default_factory=ReadHere)
    forget_runs: Callable[[Sequence[RunId]], None] = lambda run_ids: None
    kinds: Registry = RUN_KINDS
    catalogue: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        """The dumps are where the settings say; nothing is opened before the first question."""
        object.__setattr__(self, "catalogue", Catalogue(self.settings.data_dir / "catalogue"))

    def fresh_since(self) -> datetime:
        """When restricted data must have been reported at the earliest to be shown now."""
        return self.settings.freshness.since(self.clock.now())
