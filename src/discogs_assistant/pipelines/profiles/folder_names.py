"""Names of folders and note fields, which Discogs shows to a collection's owner only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from discogs_assistant.errors import BadInputError, NotFoundError, PrivateError, UpstreamError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items
from discogs_assistant.store.runs import progress, results

T = TypeVar("T")
_WORK = "names"


@dataclass(frozen=True, slots=True)
class OwnNames:
    """Names by id; no note fields where they are not known."""

    folders: Mapping[int, str] = field(default_factory=dict)
    note_fields: Mapping[int, str] | None = None


def read_own_names(ctx: Context, run: Run) -> int:
    """Read and keep the names where the token is the user's own; how many folders.

    A profile is complete without them, so names that Discogs does not give are a sentence on the run.
    """
    profiles, user = ctx.sources.profiles(run.owner, run.id), UserName(run.user)
    if not profiles.signed_in:
        return 0
    identity = _optional(ctx.db, run, "the names of folders and note fields", profiles.identity)
    if identity is None or identity.name.casefold() != user.casefold():
        return 0
    folders = _optional(ctx.db, run, "the names of the folders", lambda: profiles.folders(user))
    fields = _optional(ctx.db, run, "the names of the note fields", lambda: profiles.note_fields(user))
    named = {
        "folders": [[folder.id, folder.name] for folder in folders or ()],
        "note_fields": None if fields is None else list(fields.items()),
    }
    results.save_work(ctx.db, run.id, _WORK, named)
    if folders is not None:
        items.replace_folders(ctx.db, run.owner, user, folders)
    return len(folders or ())


def saved_names(db: Database, run: Run) -> OwnNames:
    """The names that `read_own_names` stored."""
    named = results.work(db, run.id, _WORK)
    if named is None:
        return OwnNames()
    fields = named["note_fields"]
    return OwnNames(dict(map(tuple, named["folders"])), None if fields is None else dict(map(tuple, fields)))


def _optional(db: Database, run: Run, what: str, read: Callable[[], T]) -> T | None:
    """What Discogs answers; None, and a sentence on the run, where it does not."""
    try:
        return read()
    except (NotFoundError, PrivateError, BadInputError, UpstreamError) as error:
        progress.add_partial(db, run.id, f"Discogs did not give {what}: {error.sentence}")
        return None
