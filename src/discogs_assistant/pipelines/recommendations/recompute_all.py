"""Lists for everyone: a run for each account's own collector, shared among all workers, lost by no kill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.runs import RunQueue
from discogs_assistant.store.accounts import accounts

_KIND = RunKind.RECOMMEND
_WITH_DEFAULTS: Mapping[str, object] = {}


def ask_for_everyone(ctx: Context, queue: RunQueue) -> list[tuple[OwnerId, RunId]]:
    """Request a list for each account's own collector; `NotFoundError` if no profile was read.

    Called again after an interruption it continues: lists that are being made are shared, and so are lists
    made within the terms' six hours if nothing has changed.
    """
    people = accounts.own_profiles(ctx.db)
    if not people:
        raise NotFoundError("No account has its own profile yet.", "Run sync with a Discogs user name.")
    return [
        (owner, runs.request(ctx, queue, owner, _KIND, user, _WITH_DEFAULTS, counted=False).run.id)
        for owner, user in people
    ]


def follow_everyone(
    ctx: Context,
    asked: list[tuple[OwnerId, RunId]],
    show: Callable[[int, Run], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Wait for all of them; how many collectors there are, and how many of the runs ended in which state.

    `show` gets the number of ended runs, and the run that is waited for.
    """
    ended = [
        runs.wait(ctx, owner, run_id, partial(show, place), meanwhile)
        for place, (owner, run_id) in enumerate(asked)
    ]
    states = Counter(run.state.value for run in ended)
    return {"collectors": len(ended)} | {state: states[state] for state in ("done", "failed", "cancelled")}
