"""How the instance is doing, for all people and processes, for the operator's page and the metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discogs_assistant.errors import StorageError
from discogs_assistant.pipelines.accounts.model_folders import MODELS, SHARED
from discogs_assistant.pipelines.catalogue.overview import status
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue.dumps.catalogue import Catalogue
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import overview as stored_overview
from discogs_assistant.store.operations.overview import FailedRun, OpenRun, RunCount
from discogs_assistant.store.recommendations.model_versions import ModelVersion, ModelVersions
from discogs_assistant.store.runs import answer_counts, leases, step_times
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.store.runs.leases import Heartbeat
from discogs_assistant.store.runs.rate_budget import SqlRateBudget

_LISTED = 50
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker's last heartbeat, the seconds since, and whether that is fresh enough."""

    heartbeat: Heartbeat
    silent: float
    alive: bool


@dataclass(frozen=True, slots=True)
class ApiBudget:
    """The allowance of a source address: requests per window, and seconds until one made now would go.

    `answers` of the last hour to all processes, by status; 0 where none came.
    """

    source: str
    signed_in: bool
    limit: int
    window: float
    until_slot: float
    answers: Mapping[int, int]

    @property
    def used(self) -> int:
        """Requests of the last hour."""
        return sum(self.answers.values())


@dataclass(frozen=True, slots=True)
class StepTime:
    """How often a step was done, and the seconds it took: total, median and 95th percentile."""

    name: str
    count: int
    total: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class CatalogueUse:
    """The dump that is served; `problem` if its files cannot be read."""

    month: str | None
    releases: int
    bytes: int
    imported_at: datetime | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it at one moment. Nothing in it says whose data it is."""

    at: datetime
    people: int
    runs: Sequence[RunCount]
    oldest_queued: datetime | None
    open: Sequence[OpenRun]
    failures: Sequence[FailedRun]
    workers: Sequence[Worker]
    budgets: Sequence[ApiBudget]
    steps: Sequence[StepTime]
    catalogue: CatalogueUse
    models: Sequence[ModelVersion]
    live_model: str | None
    own_models: int

    @property
    def waited(self) -> float:
        """Seconds that the first of the queue has waited; 0 where nothing waits."""
        since = self.oldest_queued
        return 0.0 if since is None else max(0.0, (self.at - since).total_seconds())

    @property
    def alive(self) -> int:
        """How many workers live."""
        return sum(worker.alive for worker in self.workers)


def overview(ctx: Context, *, of_last: timedelta = timedelta(days=1)) -> Overview:
    """How the instance does now; steps and failures are those `of_last`."""
    now, shared = ctx.clock.now(), ModelVersions(ctx.settings.data_dir / MODELS / SHARED)
    live = shared.live()
    return Overview(
        at=now,
        people=accounts.count_people(ctx.db, signed_in=ctx.settings.hosted),
        runs=stored_overview.run_counts(ctx.db),
        oldest_queued=stored_runs.oldest_queued(ctx.db),
        open=stored_overview.open_runs(ctx.db, _LISTED),
        failures=stored_overview.failures(ctx.db, now - of_last, _LISTED),
        workers=_workers(ctx, now),
        budgets=_budgets(ctx),
        steps=_steps(ctx.db, now - of_last),
        catalogue=_catalogue(ctx.catalogue),
        models=shared.all(),
        live_model=live.name if live else None,
        own_models=len(list((ctx.settings.data_dir / MODELS).glob("own-*/*/versions.json"))),
    )


def _workers(ctx: Context, now: datetime) -> list[Worker]:
    """Live workers first, then by their ids."""
    found = []
    for heartbeat in leases.workers(ctx.db):
        silent = max(0.0, (now - heartbeat.renewed_at).total_seconds())
        alive = silent <= ctx.settings.lease_seconds and not heartbeat.claimed
        found.append(Worker(heartbeat, silent, alive))
    return sorted(found, key=lambda worker: not worker.alive)


def _budgets(ctx: Context) -> list[ApiBudget]:
    chosen = ctx.settings
    limits = {True: chosen.rate_limit, False: chosen.anonymous_rate_limit}
    counts: dict[tuple[str, bool], dict[int, int]] = {}
    for answer in answer_counts.answers(ctx.db, ctx.clock.now() - _HOUR):
        counts.setdefault((answer.source, answer.signed_in), {})[answer.status] = answer.count
    found = []
    for source in sorted({chosen.rate_source, *stored_overview.sources(ctx.db)}):
        budget = SqlRateBudget(ctx.db, source, limits[True], limits[False], chosen.rate_window, ctx.clock)
        for signed_in, limit in limits.items():
            queue = budget.queue(signed_in=signed_in)
            answers = counts.get((source, signed_in), {})
            found.append(ApiBudget(source, signed_in, limit, chosen.rate_window, queue, answers))
    return found


def _steps(db: Database, since: datetime) -> list[StepTime]:
    """The slowest first."""
    found = [
        StepTime(name, len(took), sum(took), _quantile(took, 0.5), _quantile(took, 0.95))
        for name, took in step_times.step_seconds(db, since).items()
    ]
    return sorted(found, key=lambda step: (-step.p95, step.name))


def _quantile(ascending: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all are not above (nearest rank)."""
    return ascending[math.ceil(share * len(ascending)) - 1]


def _catalogue(catalogue: Catalogue) -> CatalogueUse:
    try:
        served = status(catalogue)
    except StorageError as error:
        return CatalogueUse(None, 0, 0, None, error.sentence)
    since = datetime.fromisoformat(served.imported_at) if served.imported_at else None
    return CatalogueUse(served.month, served.releases, served.bytes, since)
