"""Asks Discogs for the things listed in a run's work, a few a step, until it fails or the time is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from discogs_assistant.errors import (
    NoConnectionError,
    NotFoundError,
    PrivateError,
    SignInNeededError,
    TokenRefusedError,
    UnexpectedAnswerError,
    UpstreamError,
)
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.circuit_breaker import asked_once
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, results

_A_STEP = 5
_TIME_IS_OVER = "The time ran out."

Read = Callable[[Any], None]
"""Requests one item and stores the answer; may run twice."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What to request: `name` is the name of the work and of its steps.

    Progress is reported in `stage` as `before` plus the requests made, of `total`. `lacking` follows the
    sentence that says why no more requests are possible.
    """

    name: str
    stage: int
    lacking: str
    total: int
    before: int = 0
    ends: datetime | None = None


def save_requests(db: Database, run: Run, name: str, things: Sequence[Any]) -> int:
    """Store plain JSON items in the run's work, to be requested later; returns how many."""
    results.save_work(db, run.id, name, list(things))
    return len(things)


def ask_for(ctx: Context, flow: Flow, run: Run, asking: Asking, count: int, read: Read) -> str | None:
    """Request `count` items; returns why not all were requested, if so. Deleted items are skipped."""
    for start in range(0, count, _A_STEP):
        step = partial(_ask_for_some, ctx, run, asking, start, read)
        problem: str | None = flow.step(f"read {asking.name}, part {start // _A_STEP + 1}", step)
        if problem:
            return problem
    return None


def _ask_for_some(ctx: Context, run: Run, asking: Asking, start: int, read: Read) -> str | None:
    things = (results.work(ctx.db, run.id, asking.name) or [])[start : start + _A_STEP]
    for place, thing in enumerate(things, start + 1):
        problem = _ask_for_one(ctx, run, asking, thing, read)
        if problem:
            return problem
        done = asking.before + place
        progress.advance(ctx.db, run.id, ctx.clock.now(), stage=asking.stage, done=done, total=asking.total)
    return None


def _ask_for_one(ctx: Context, run: Run, asking: Asking, thing: Any, read: Read) -> str | None:
    if asking.ends is not None and ctx.clock.now() >= asking.ends:
        return _end(ctx.db, run, asking, _TIME_IS_OVER)
    try:
        with asked_once(ctx.db, run.id):
            read(thing)
    except SignInNeededError as error:
        return _end(ctx.db, run, asking, str(error))
    except (UnexpectedAnswerError, NotFoundError, PrivateError) as error:
        progress.log(ctx.db, run.id, ctx.clock.now(), str(error))
    except (NoConnectionError, TokenRefusedError) as error:
        return error.sentence
    except UpstreamError as error:
        return _end(ctx.db, run, asking, error.sentence)
    return None


def _end(db: Database, run: Run, asking: Asking, problem: str) -> str:
    progress.add_partial(db, run.id, f"{problem} {asking.lacking}")
    return problem
