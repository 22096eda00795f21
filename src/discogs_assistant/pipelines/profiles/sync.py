"""Sync: making our copy of a profile what Discogs has, with as few requests as it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from discogs_assistant.config import Settings
from discogs_assistant.errors import NoConnectionError, PrivateError, UpstreamError
from discogs_assistant.model.ids import UserName, printable
from discogs_assistant.model.readable import ago
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.profiles.folder_names import OwnNames, read_own_names, saved_names
from discogs_assistant.pipelines.profiles.list_reading import read_list
from discogs_assistant.pipelines.profiles.lists import COLLECTION, WANTLIST, ProfileList
from discogs_assistant.pipelines.profiles.reading_plan import NEWS, lists_of, what_to_read
from discogs_assistant.pipelines.runtime.circuit_breaker import remember
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.pipelines.runtime.idempotency_keys import settle_key
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import profiles, staging
from discogs_assistant.store.profiles.changes import ListReading, ProfileChange, apply_staged
from discogs_assistant.store.profiles.profiles import ProfileState
from discogs_assistant.store.runs import progress, runs

_APPLY = 4
_HOW_TO_OPEN_IT = (
    "Its owner can make a personal token at https://www.discogs.com/settings/developers and save it in the "
    "settings, or upload the files that Discogs exports."
)
_SIGN_IN_TO_OPEN_IT = (
    "Its owner can sign in here with Discogs and read it, or upload the files that Discogs exports."
)


def sync_profile(ctx: Context, flow: Flow) -> None:
    """The pipeline of a sync; its result counts copies and wants, and what changed."""
    run = run_of(ctx.db, flow)
    change = _read_profile(ctx, flow, run, full=bool(run.criteria.get("full")))
    flow.step("keep the result", lambda: keep_result(ctx, run, change))


def ensure_profile(ctx: Context, flow: Flow, run: Run) -> None:
    """The first three stages of recommendations and carts: a profile as new as can be had.

    A list from a file is used as it is. While Discogs is down an older profile is used, with a sentence.
    """
    held = flow.step("find the profile that is held", lambda: _held(ctx.db, run))
    if not held or held["from_discogs"]:
        try:
            _read_profile(ctx, flow, run, full=False)
        except UpstreamError as error:
            if not held:
                raise
            met = error
            flow.step(
                "go on with the older profile",
                lambda: _go_on(ctx.db, run, met, held["synced_at"], ctx.clock.now()),
            )
    flow.step("settle the key", lambda: settle_key(ctx, run))


def keep_result(ctx: Context, run: Run, change: ProfileChange, more: tuple[str, ...] = ()) -> int:
    """Keep the counts as the run's result; `more` are sentences that the run's own list has no room for."""
    now = runs.run_for_worker(ctx.db, run.id) or run
    return finished.keep(ctx.db, run, SyncResult.of(run.user, change, (*now.partial, *more)), ctx.clock.now())


def _read_profile(ctx: Context, flow: Flow, run: Run, *, full: bool) -> ProfileChange:
    """Read what changed in both lists and apply it."""
    seen = flow.step("look at the profile", lambda: what_to_read(ctx, run, full=full))
    state = profiles.profile(ctx.db, run.owner, UserName(run.user))
    names = OwnNames()
    if seen["names"]:
        flow.step("read the names of folders and note fields", lambda: read_own_names(ctx, run))
        names = saved_names(ctx.db, run)
    found = {
        the_list.name: _read(ctx, flow, the_list, state, seen[the_list.name])
        for the_list in lists_of(ctx, run, names)
    }
    change: dict[str, int] = flow.step("apply the profile", lambda: _apply(ctx, run, found, seen["uploaded"]))
    return ProfileChange(**change)


def _read(
    ctx: Context, flow: Flow, the_list: ProfileList[Any], state: ProfileState | None, how: str | None
) -> ListReading | None:
    if how is None:
        return None
    return read_list(ctx, flow, the_list, the_list.stored(state) if state and how == NEWS else None)


def _apply(
    ctx: Context, run: Run, found: Mapping[str, ListReading | None], uploaded: Collection[str]
) -> dict[str, int]:
    """Apply what was read to the profile. A list that was not read is unchanged.

    Such a list is private; a sentence says so unless it was uploaded.
    """
    shown = printable(run.user)
    if not any(found.values()) and (run.kind is RunKind.SYNC or not uploaded):
        raise PrivateError(
            f"Both collection and wantlist of “{shown}” are private.", _how_to_open_it(ctx.settings)
        )
    private = [name for name, reading in found.items() if reading is None and name not in uploaded]
    for what in private:
        sentence = f"The {what} of “{shown}” is private. {_how_to_open_it(ctx.settings)}"
        progress.add_partial(ctx.db, run.id, sentence)
    if run.kind is RunKind.SYNC:
        progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_APPLY)
    now = runs.run_for_worker(ctx.db, run.id) or run
    change = apply_staged(
        ctx.db,
        run.owner,
        UserName(now.user),  # which may have changed since the run began
        run.id,
        *(found[name] or ListReading("keep", private=name in private) for name in (COLLECTION, WANTLIST)),
        origin="api",
        now=ctx.clock.now(),
        problems=now.partial,
    )
    return asdict(change)


def _held(db: Database, run: Run) -> dict[str, str | bool] | None:
    state = profiles.profile(db, run.owner, UserName(run.user))
    if state is None or state.synced_at is None:
        return None
    return {"from_discogs": state.from_discogs, "synced_at": state.synced_at.isoformat()}


def _go_on(db: Database, run: Run, met: UpstreamError, synced_at: str, now: datetime) -> None:
    staging.clear_staged(db, run.owner, run.id)
    read = ago(datetime.fromisoformat(synced_at), now)
    how_old = f"The profile that was read {read} is used."
    if isinstance(met, NoConnectionError):
        remember(db, run.id, met, how_old)
    else:
        progress.add_partial(db, run.id, f"{met.sentence} {how_old}")


def _how_to_open_it(settings: Settings) -> str:
    return _SIGN_IN_TO_OPEN_IT if settings.hosted else _HOW_TO_OPEN_IT
