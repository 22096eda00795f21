"""Sync: making our copy of a profile what Discogs has, with as few requests as it takes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from discogs_assistant.errors import NoConnectionError, PrivateError, UpstreamError
from discogs_assistant.model.ids import UserName, printable
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.ages import in_words
from discogs_assistant.pipelines.connection import remember
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.flow import Flow
from discogs_assistant.pipelines.own_names import OwnNames, read_own_names, saved_names
from discogs_assistant.pipelines.profile_lists import CollectionList, ProfileList, WantList
from discogs_assistant.pipelines.profile_reading import Found, read_list
from discogs_assistant.pipelines.run_keys import settle_key
from discogs_assistant.store import profiles, results, run_progress, runs, staging
from discogs_assistant.store.profiles import ProfileState

_PUT_AWAY = 4
_HOW_TO_OPEN_IT = (
    "Its owner can make a personal token at https://www.discogs.com/settings/developers and save it in the "
    "settings, or hand in the files that Discogs exports."
)
_SIGN_IN_TO_OPEN_IT = (
    "Its owner can sign in here with Discogs and read it, or hand in the files that Discogs exports."
)


def sync_profile(ctx: Context, flow: Flow) -> None:
    """The pipeline of a sync; its result counts copies and wants, and what changed."""
    run = run_of(ctx, flow)
    change = _read_profile(ctx, flow, run, full=bool(run.criteria.get("full")))
    flow.step("keep the result", lambda: keep_result(ctx, run, change))


def ensure_profile(ctx: Context, flow: Flow, run: Run) -> None:
    """The first three stages of recommendations and carts: a profile as new as can be had.

    A profile from files is used as it is. Where Discogs is down, so is an older one, which is said.
    """
    held = flow.step("find the profile that is held", lambda: _held(ctx, run))
    if not (held and held["origin"] == "files"):
        try:
            _read_profile(ctx, flow, run, full=False)
        except UpstreamError as error:
            if not held:
                raise
            met = error
            flow.step("go on with the older profile", lambda: _go_on(ctx, run, met, held["synced_at"]))
    flow.step("settle the key", lambda: settle_key(ctx, run))


def run_of(ctx: Context, flow: Flow) -> Run:
    """The run that a flow carries out."""
    run = runs.run_for_worker(ctx.db, flow.run_id)
    assert run is not None, "a run is carried out only while its row exists"
    return run


def keep_result(ctx: Context, run: Run, change: dict[str, int], more: tuple[str, ...] = ()) -> int:
    """Keep the counts as the run's result; `more` are sentences that the run's own list has no room for."""
    now = runs.run_for_worker(ctx.db, run.id) or run
    document = {"user": run.user, **change, "partial": [*now.partial, *more]}
    return results.save_result(ctx.db, run.owner, run.id, run.kind.value, document, ctx.clock.now())


def _read_profile(ctx: Context, flow: Flow, run: Run, *, full: bool) -> dict[str, int]:
    """Read what changed in both lists and put it away; the counts of `ProfileChange`."""
    seen = flow.step("look at the profile", lambda: _look(ctx, run))
    state = profiles.profile(ctx.db, run.owner, UserName(run.user)) if seen["comparable"] else None
    names = OwnNames()
    if seen["collection"] and (full or seen["collection_changed"]):
        flow.step("read the names of folders and note fields", lambda: read_own_names(ctx, run))
        names = saved_names(ctx, run)
    lists: tuple[ProfileList[Any], ...] = (
        CollectionList(ctx, run, names.folders, names.note_fields),
        WantList(ctx, run),
    )
    collection, wantlist = (
        None if seen[the_list.name] is None else read_list(ctx, flow, the_list, state, full=full)
        for the_list in lists
    )
    change: dict[str, int] = flow.step(
        "put the profile away", lambda: _put_away(ctx, run, collection, wantlist)
    )
    return change


def _look(ctx: Context, run: Run) -> dict[str, Any]:
    run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=1)
    user = ctx.discogs(run.owner, run.id).user(UserName(run.user))
    state = profiles.profile(ctx.db, run.owner, UserName(run.user))
    return {
        "collection": user.collection,
        "wantlist": user.wantlist,
        "comparable": state is not None and state.origin == "api" and state.synced_at is not None,
        "collection_changed": state is None or _has_changed(ctx, run, state, user.collection or 0),
    }


def _has_changed(ctx: Context, run: Run, state: ProfileState, counted: int) -> bool:
    return CollectionList(ctx, run).held(state).missing(counted, ctx.settings.max_profile_items) != 0


def _put_away(ctx: Context, run: Run, collection: Found | None, wantlist: Found | None) -> dict[str, int]:
    """Make what was read the profile; a list of which nothing was read is private, and stays as it was."""
    shown = printable(run.user)
    if collection is None and wantlist is None:
        raise PrivateError(f"Both collection and wantlist of “{shown}” are private.", _how_to_open_it(ctx))
    for what, found in (("collection", collection), ("wantlist", wantlist)):
        if found is None:
            told = f"The {what} of “{shown}” is private. {_how_to_open_it(ctx)}"
            run_progress.add_partial(ctx.db, run.id, told)
    if run.kind is RunKind.SYNC:
        run_progress.advance(ctx.db, run.id, ctx.clock.now(), stage=_PUT_AWAY)
    now = runs.run_for_worker(ctx.db, run.id) or run
    change = staging.apply_staged(
        ctx.db,
        run.owner,
        UserName(run.user),
        run.id,
        collection=collection.coverage if collection else "keep",
        wantlist=wantlist.coverage if wantlist else "keep",
        origin="api",
        now=ctx.clock.now(),
        private_collection=collection is None,
        private_wantlist=wantlist is None,
        counted_collection=collection.counted if collection else None,
        counted_wantlist=wantlist.counted if wantlist else None,
        problems=now.partial,
    )
    return asdict(change)


def _held(ctx: Context, run: Run) -> dict[str, str] | None:
    state = profiles.profile(ctx.db, run.owner, UserName(run.user))
    if state is None or state.synced_at is None:
        return None
    return {"origin": state.origin, "synced_at": state.synced_at.isoformat()}


def _go_on(ctx: Context, run: Run, met: UpstreamError, synced_at: str) -> None:
    staging.clear_staged(ctx.db, run.owner, run.id)
    age = in_words(ctx.clock.now() - datetime.fromisoformat(synced_at))
    how_old = f"The profile is used as it was read {age} ago."
    if isinstance(met, NoConnectionError):
        remember(ctx, run.id, met, how_old)
    else:
        run_progress.add_partial(ctx.db, run.id, f"{met.sentence} {how_old}")


def _how_to_open_it(ctx: Context) -> str:
    return _SIGN_IN_TO_OPEN_IT if ctx.settings.hosted else _HOW_TO_OPEN_IT
