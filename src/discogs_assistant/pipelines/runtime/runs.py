"""Runs as people meet them: asked for, watched, cancelled, and shown as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from discogs_assistant.errors import ConflictError, NotFoundError, TooOftenError
from discogs_assistant.model.ids import OwnerId, RunId, UserName, new_run_id, parse_user_name
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.runtime import quotas
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.idempotency_keys import key_of
from discogs_assistant.pipelines.runtime.options.model import wants_again
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.pipelines.runtime.registry import RunDefinition
from discogs_assistant.pipelines.runtime.results.finished import Result, finished
from discogs_assistant.pipelines.runtime.worker_locks import marks_of
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.runs import leases, progress
from discogs_assistant.store.runs import runs as stored_runs

RequestStatus = Literal["new", "under-way", "finished"]
LOOK_AGAIN = 0.2
"""Seconds between two looks at a run that somebody waits for."""


class RunQueue(Protocol):
    """Where opened runs wait for a worker."""

    def enqueue(self, run_id: RunId) -> None:
        """Let a worker carry the run out; a second time changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The run that answers a request: a new one, one under way, or one that has the answer already."""

    run: Run
    status: RequestStatus


def request(
    ctx: Context,
    queue: RunQueue,
    owner: OwnerId,
    kind: RunKind,
    user: str,
    options: Mapping[str, object],
    *,
    counted: bool = True,
) -> RunRequest:
    """Open a run, or share one with the same key; `InvalidFieldsError` for options that are wrong.

    `options` are those of the command line by their long names, and `run_again`. A new run is `counted` among
    those that its person may start: `TooOftenError` where that were too many. `ConflictError` for a collector
    more than the person may keep.
    """
    definition = ctx.kinds[kind]
    name = profiles.spelling(ctx.db, owner, parse_user_name(user)) if definition.of_user else UserName("")
    if name:
        quotas.check_collector(ctx, owner, name)
    again = wants_again(options)
    chosen = accounts.preferences(ctx.db, owner)
    home = Home(chosen.currency, chosen.country)
    criteria = definition.options_model.parse(options, home).canonical()
    key = key_of(ctx, owner, kind, name, criteria)
    wanted = _new_run(definition, owner, name, criteria, key, ctx.clock.now())
    since = None if again or not definition.reused else ctx.fresh_since()
    run, status = stored_runs.open_run(ctx.db, wanted, reuse_since=since)
    if status == "finished" and not _may_serve(ctx, run):
        run, status = stored_runs.open_run(ctx.db, wanted, reuse_since=None)
    if status == "new" and counted:
        _count_or_take_back(ctx, run)
    if status != "finished":
        queue.enqueue(run.id)
    return RunRequest(run, status)


def _count_or_take_back(ctx: Context, run: Run) -> None:
    try:
        quotas.count_start(ctx, run.owner)
    except TooOftenError:
        stored_runs.take_back(ctx.db, run.id)
        raise


def open_apart(
    ctx: Context, owner: OwnerId, kind: RunKind, user: UserName, options: Mapping[str, object]
) -> Run:
    """A run that another run starts, or one under way with the same options; not counted as the person's."""
    criteria = ctx.kinds[kind].options_model.parse(options).canonical()
    key = key_of(ctx, owner, kind, user, criteria)
    wanted = _new_run(ctx.kinds[kind], owner, user, criteria, key, ctx.clock.now())
    return stored_runs.open_run(ctx.db, wanted, reuse_since=None)[0]


def open_at_once(
    ctx: Context, owner: OwnerId, kind: RunKind, user: UserName, criteria: Mapping[str, object]
) -> Run:
    """A run that its caller carries out here and now; it shares its answer with no other request."""
    now = ctx.clock.now()
    wanted = _new_run(ctx.kinds[kind], owner, user, criteria, "", now)
    run, _ = stored_runs.open_run(ctx.db, replace(wanted, key=wanted.id), reuse_since=None)
    progress.start(ctx.db, run.id, now)
    return run


def find(db: Database, owner: OwnerId, run_id: RunId) -> Run:
    """The owner's run; `NotFoundError` for an unknown one or somebody else's."""
    run = stored_runs.run(db, owner, run_id)
    if run is None:
        raise NotFoundError("There is no such run.", "The start page lists recent runs.")
    return run


def cancel(ctx: Context, owner: OwnerId, run_id: RunId) -> None:
    """End the run; `ConflictError` where it has ended, `NotFoundError` where there is none."""
    if not progress.cancel(ctx.db, owner, run_id, ctx.clock.now()):
        find(ctx.db, owner, run_id)
        raise ConflictError("This run has already ended.", "There is nothing to cancel.")


def result(ctx: Context, owner: OwnerId, run_id: RunId) -> Result:
    """The finished answer; `ConflictError` where the run is under way, failed or was cancelled."""
    run = find(ctx.db, owner, run_id)
    found = finished(ctx.db, owner, run_id, ctx.kinds) if run.state is RunState.DONE else None
    if found is None:
        raise ConflictError(*_NO_RESULT[run.state])
    return found.result


def wait(
    ctx: Context,
    owner: OwnerId,
    run_id: RunId,
    on_change: Callable[[Run], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> Run:
    """The run once it has ended; `on_change` gets each state seen, `meanwhile` is done at each look."""
    seen: int | None = None
    while True:
        revision = stored_runs.revision(ctx.db, owner, run_id)
        if revision is None or revision != seen:
            seen, run = revision, find(ctx.db, owner, run_id)
            on_change(run)
            if run.state.ended:
                return run
        meanwhile()
        ctx.clock.sleep(LOOK_AGAIN)


def worker_lives(ctx: Context) -> bool:
    """Whether any process of the instance carries out runs now."""
    return bool(_living(ctx))


@dataclass(frozen=True, slots=True)
class Readiness:
    """How fit the instance is to carry out runs: living workers, and the seconds the oldest run waits."""

    workers: int
    oldest_queued: float


def readiness(ctx: Context) -> Readiness:
    """Two statements; `StorageError` where the database does not answer."""
    now = ctx.clock.now()
    since = stored_runs.oldest_queued(ctx.db)
    waited = max(0.0, (now - since).total_seconds()) if since else 0.0
    return Readiness(len(_living(ctx)), waited)


def _living(ctx: Context) -> set[str]:
    silence = timedelta(seconds=ctx.settings.lease_seconds)
    live = set(leases.live(ctx.db, ctx.clock.now() - silence))
    return live - marks_of(ctx.settings).gone()


def seconds_left(run: Run, now: datetime) -> int | None:
    """An estimate for the current stage from its progress so far; None without any."""
    if run.state is not RunState.RUNNING or not run.stage_at or not 0 < run.done <= run.total:
        return None
    elapsed = max(0.0, (now - run.stage_at).total_seconds())
    return round(elapsed * (run.total - run.done) / run.done)


def run_json(run: Run, now: datetime) -> dict[str, Any]:
    """The run as the JSON API shows it."""
    return {
        "run": run.id,
        "kind": run.kind.value,
        "user": run.user,
        "state": run.state.value,
        "stage": run.stage,
        "stages": run.stages,
        "stage_name": run.stage_name,
        "done": run.done,
        "total": run.total,
        "seconds_left": seconds_left(run, now),
        "waiting_for": run.waiting_for,
        "partial": list(run.partial),
        "error": f"{run.error} {run.error_next or ''}".strip() if run.error else None,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


_NO_RESULT = {
    RunState.QUEUED: ("This run has not begun.", "Watch its progress and come back when it is done."),
    RunState.RUNNING: ("This run is under way.", "Watch its progress and come back when it is done."),
    RunState.DONE: ("This run has no result.", "Run it again."),
    RunState.FAILED: ("This run failed.", "Its page says why and what to do."),
    RunState.CANCELLED: ("This run was cancelled.", "Run it again."),
}


def _new_run(
    definition: RunDefinition,
    owner: OwnerId,
    user: UserName,
    criteria: Mapping[str, object],
    key: str,
    now: datetime,
) -> Run:
    return Run(
        id=new_run_id(),
        owner=owner,
        kind=definition.kind,
        user=user,
        criteria=dict(criteria),
        key=key,
        state=RunState.QUEUED,
        stage=0,
        done=0,
        total=0,
        created_at=now,
        stage_names=definition.stages,
    )


def _may_serve(ctx: Context, run: Run) -> bool:
    """Whether a finished run has a result that may be shown as it is."""
    found = finished(ctx.db, run.owner, run.id, ctx.kinds)
    if found is None:
        return False
    return ctx.kinds[run.kind].may_be_shown(found.result, ctx.fresh_since())
