"""Names of folders and note fields, which Discogs tells to a collection's owner only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from discogs_assistant.model.ids import UserName
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import profile_items, results

_WORK = "names"


@dataclass(frozen=True, slots=True)
class OwnNames:
    """Names by id; no note fields where they are not known."""

    folders: Mapping[int, str] = field(default_factory=dict)
    note_fields: Mapping[int, str] | None = None


def read_own_names(ctx: Context, run: Run) -> int:
    """Read and keep the names where the token is the user's own; how many folders."""
    client, user = ctx.discogs(run.owner, run.id), UserName(run.user)
    if not client.signed_in or client.identity().name.casefold() != user.casefold():
        return 0
    folders = client.folders(user)
    named = {
        "folders": [[folder.id, folder.name] for folder in folders],
        "note_fields": list(client.note_fields(user).items()),
    }
    results.save_work(ctx.db, run.id, _WORK, named)
    profile_items.replace_folders(ctx.db, run.owner, user, folders)
    return len(folders)


def saved_names(ctx: Context, run: Run) -> OwnNames:
    """The names that `read_own_names` kept."""
    named = results.work(ctx.db, run.id, _WORK)
    if named is None:
        return OwnNames()
    return OwnNames(dict(map(tuple, named["folders"])), dict(map(tuple, named["note_fields"])))
