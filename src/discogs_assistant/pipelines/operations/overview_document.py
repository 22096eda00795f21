"""An overview of the instance as the document of the operator's programs and command.

Moments in ISO 8601, lengths in seconds. Nothing in it says whose data it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from discogs_assistant.pipelines.operations.overview import ApiBudget, Overview, StepTime, Worker
from discogs_assistant.pipelines.runtime.failure_meanings import meaning_of
from discogs_assistant.pipelines.runtime.results.fields import Moment
from discogs_assistant.store.operations.overview import FailedRun
from discogs_assistant.store.recommendations.model_versions import ModelVersion


class _Row(BaseModel):
    """A part of the overview; its fields may be read from an object of the same attributes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class RunCounts(_Row):
    """How many runs of a kind are in a state."""

    kind: str
    state: str
    count: int


class UnfinishedRun(_Row):
    """A run that has not ended."""

    id: str
    kind: str
    state: str
    stage: int
    created_at: Moment
    started_at: Moment | None
    heartbeat_at: Moment | None
    waiting_for: str | None


class Failure(_Row):
    """A run that failed: its code, and what that code means; nothing that a person typed."""

    id: str
    kind: str
    finished_at: Moment | None
    code: str
    meaning: str


class WorkerState(_Row):
    """A worker's last heartbeat, and how long ago that was."""

    executor_id: str
    renewed_at: Moment
    claimed: bool
    role: str | None
    host: str | None
    pid: int | None
    started_at: Moment | None
    workflow_version: str | None
    at_work: int
    silent: float
    alive: bool


class ApiUse(_Row):
    """The allowance of a source address, and what Discogs answered in the last hour by status."""

    source: str
    signed_in: bool
    limit: int
    window: float
    until_slot: float
    answers: Mapping[int, int]
    used_last_hour: int


class StepTimes(_Row):
    """How often a step was done, and the seconds it took."""

    name: str
    count: int
    total: float
    p50: float
    p95: float


class ServedCatalogue(_Row):
    """The dump that is served."""

    month: str | None
    releases: int
    bytes: int
    imported_at: Moment | None
    problem: str | None


class SharedModel(_Row):
    """A learned model that many collectors share."""

    version: str
    live: bool
    made_at: str
    users: int


class OperatorDocument(_Row):
    """Runs, queue, workers, Discogs' allowance, steps of the last day, catalogue, models, failures."""

    at: Moment
    people: int
    runs: tuple[RunCounts, ...]
    oldest_queued_seconds: float | None
    open: tuple[UnfinishedRun, ...]
    failures: tuple[Failure, ...]
    workers: tuple[WorkerState, ...]
    api: tuple[ApiUse, ...]
    steps: tuple[StepTimes, ...]
    catalogue: ServedCatalogue
    models: tuple[SharedModel, ...]
    own_models: int


def operator_document(seen: Overview) -> OperatorDocument:
    """The overview as a document."""
    return OperatorDocument(
        at=seen.at,
        people=seen.people,
        runs=tuple(RunCounts.model_validate(run) for run in seen.runs),
        oldest_queued_seconds=None if seen.oldest_queued is None else round(seen.waited, 1),
        open=tuple(UnfinishedRun.model_validate(run) for run in seen.open),
        failures=tuple(map(_failure, seen.failures)),
        workers=tuple(_worker(worker) for worker in seen.workers),
        api=tuple(_use(budget) for budget in seen.budgets),
        steps=tuple(_times(step) for step in seen.steps),
        catalogue=ServedCatalogue.model_validate(seen.catalogue),
        models=tuple(_model(model, seen.live_model) for model in seen.models),
        own_models=seen.own_models,
    )


def _failure(failed_run: FailedRun) -> Failure:
    return Failure(
        id=failed_run.id,
        kind=failed_run.kind,
        finished_at=failed_run.finished_at,
        code=failed_run.code,
        meaning=meaning_of(failed_run.code),
    )


def _worker(worker: Worker) -> WorkerState:
    last = worker.heartbeat
    return WorkerState(
        executor_id=last.executor_id,
        renewed_at=last.renewed_at,
        claimed=last.claimed,
        role=last.role,
        host=last.host,
        pid=last.pid,
        started_at=last.started_at,
        workflow_version=last.workflow_version,
        at_work=last.at_work,
        silent=round(worker.silent, 1),
        alive=worker.alive,
    )


def _use(budget: ApiBudget) -> ApiUse:
    return ApiUse(
        source=budget.source,
        signed_in=budget.signed_in,
        limit=budget.limit,
        window=round(budget.window, 3),
        until_slot=round(budget.until_slot, 3),
        answers=budget.answers,
        used_last_hour=budget.used,
    )


def _times(step: StepTime) -> StepTimes:
    return StepTimes(
        name=step.name,
        count=step.count,
        total=round(step.total, 3),
        p50=round(step.p50, 3),
        p95=round(step.p95, 3),
    )


def _model(model: ModelVersion, live: str | None) -> SharedModel:
    return SharedModel(version=model.name, live=model.name == live, made_at=model.made_at, users=model.users)
