"""What to read of a profile from Discogs: all of each list, what is new, or nothing."""

from __future__ import annotations

from typing import Any

from discogs_assistant.model.ids import UserName
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.accounts.accounts import take_over_home
from discogs_assistant.pipelines.profiles.folder_names import OwnNames
from discogs_assistant.pipelines.profiles.lists import (
    COLLECTION,
    WANTLIST,
    CollectionList,
    ProfileList,
    StoredList,
    WantList,
)
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.runs import progress

NEWS, WHOLE = "what is new", "the whole"


def lists_of(ctx: Context, run: Run, names: OwnNames) -> tuple[ProfileList[Any], ...]:
    """Both lists of the run's user; `names` are those of folders and note fields."""
    return CollectionList(ctx, run, names.folders, names.note_fields), WantList(ctx, run)


def what_to_read(ctx: Context, run: Run, *, full: bool) -> dict[str, object]:
    """How to read each list, by its name; which were uploaded; whether names of folders are needed."""
    progress.advance(ctx.db, run.id, ctx.clock.now(), stage=1)
    user = ctx.sources.profiles(run.owner, run.id).user(UserName(run.user))
    take_over_home(ctx, run.owner, user)
    state = profiles.profile(ctx.db, run.owner, UserName(run.user))
    collection, wantlist = (
        the_list.stored(state) if state else None for the_list in lists_of(ctx, run, OwnNames())
    )
    how = _how(run, collection, user.collection, full=full)
    changed = collection and collection.missing(user.collection or 0, ctx.settings.max_profile_items)
    return {
        COLLECTION: how,
        WANTLIST: _how(run, wantlist, user.wantlist, full=full),
        "uploaded": list(state.uploaded) if state else [],
        "names": how == WHOLE or (how == NEWS and bool(changed)),
    }


def _how(run: Run, stored: StoredList | None, counted: int | None, *, full: bool) -> str | None:
    """How to read a list; None for a private one, and for one from a file where nobody asked for a sync."""
    origin = stored.origin if stored else None
    if counted is None or (origin == "files" and run.kind is not RunKind.SYNC):
        return None
    return NEWS if origin == "api" and not full else WHOLE
