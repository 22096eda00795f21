"""A sync's end: a profile becomes what was staged, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.applying import Coverage, StagedList
from discogs_assistant.store.profiles.profiles import Counted, ProfileOrigin
from discogs_assistant.store.runs.runs import ensure_there
from discogs_assistant.store.schema import (
    collection_item,
    profile,
    staged_item,
    staged_want,
    sync_change,
    want,
)
from discogs_assistant.store.statements import insert_new


@dataclass(frozen=True, slots=True)
class ListReading:
    """How much of a list was read, and the number that Discogs `counted` in it, if known.

    `private`: Discogs does not show the list to the account that asked.
    """

    coverage: Coverage
    counted: Counted | None = None
    private: bool = False


WHOLE = ListReading("full")
"""All of it was read."""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Copies and wants after a sync; `added` and `removed` count copies and wants together."""

    collection: int
    wantlist: int
    added: int
    removed: int


def apply_staged(
    db: Database,
    owner: OwnerId,
    user: UserName,
    run_id: RunId,
    collection: ListReading,
    wantlist: ListReading,
    *,
    origin: ProfileOrigin,
    now: datetime,
    problems: Sequence[str] = (),
) -> ProfileChange:
    """Apply the staged lists to the profile in one transaction; repeating it for the run changes nothing.

    `origin` is the source of the reading. A list that was not read keeps its own origin, and its count by
    Discogs unless one is given. `NotFoundError` if the run is gone: data deleted in the meantime
    does not come back.
    """
    with db.write() as connection:
        change = _apply(connection, owner, user, run_id, collection, wantlist, origin, now, problems)
    # Not in the same transaction: it would block all other writers.
    staging.clear_staged(db, owner, run_id)
    return change


def _apply(
    connection: Connection,
    owner: OwnerId,
    user: UserName,
    run_id: RunId,
    collection: ListReading,
    wantlist: ListReading,
    origin: ProfileOrigin,
    now: datetime,
    problems: Sequence[str],
) -> ProfileChange:
    before = _locked_profile(connection, owner, user)
    done = _done_before(connection, owner, user, run_id)
    if done is not None:
        return done
    ensure_there(connection, run_id)
    copies = StagedList(owner, user, run_id, collection_item, staged_item, "instance_id").apply(
        connection, collection.coverage
    )
    wants = StagedList(owner, user, run_id, want, staged_want, "release_id").apply(
        connection, wantlist.coverage
    )
    reported = _reported("collection", collection, origin, before) | _reported(
        "wantlist", wantlist, origin, before
    )
    change = ProfileChange(
        copies.count, wants.count, copies.added + wants.added, copies.removed + wants.removed
    )
    same = not (copies.touched or wants.touched) and all(before[name] == reported[name] for name in reported)
    values = (
        reported
        | _counted("collection", collection)
        | _counted("wantlist", wantlist)
        | {
            "collection": change.collection,
            "wantlist": change.wantlist,
            "newest_collection": copies.newest,
            "newest_want": wants.newest,
            "synced_at": _synced_at(before, reported, origin, now),
            "problems": list(problems),
            "last_added": change.added,
            "last_removed": change.removed,
            # It rises with the first reading too.
            "version": before["version"] + (0 if same and before["version"] else 1),
        }
    )
    mine = (profile.c.owner == owner) & (profile.c.user_name == user)
    connection.execute(update(profile).where(mine).values(values))
    _note(connection, owner, user, run_id, change)
    return change


def _note(
    connection: Connection, owner: OwnerId, user: UserName, run_id: RunId, change: ProfileChange
) -> None:
    row = {"owner": owner, "user_name": user, "run_id": run_id, **asdict(change)}
    connection.execute(insert(sync_change).values(row))


def _locked_profile(connection: Connection, owner: OwnerId, user: UserName) -> RowMapping:
    # The lock makes a second worker with the same run wait, and then find it done.
    empty = dict.fromkeys(("collection", "wantlist", "version", "last_added", "last_removed"), 0)
    shown = {"private_collection": False, "private_wantlist": False}
    new = {"owner": owner, "user_name": user, "problems": [], **empty, **shown}
    connection.execute(insert_new(connection, profile), new)
    query = select(profile).where(profile.c.owner == owner, profile.c.user_name == user).with_for_update()
    return connection.execute(query).mappings().one()


def _done_before(
    connection: Connection, owner: OwnerId, user: UserName, run_id: RunId
) -> ProfileChange | None:
    table = sync_change
    query = select(table.c.collection, table.c.wantlist, table.c.added, table.c.removed).where(
        table.c.owner == owner, table.c.user_name == user, table.c.run_id == run_id
    )
    row = connection.execute(query).first()
    return None if row is None else ProfileChange(*row)


def _reported(name: str, reading: ListReading, origin: ProfileOrigin, before: RowMapping) -> dict[str, Any]:
    """Whether a list is private, and the origin of its stored items."""
    from_where = before[f"{name}_origin"] if reading.coverage == "keep" else origin
    return {f"private_{name}": reading.private, f"{name}_origin": from_where}


def _synced_at(
    before: RowMapping, reported: dict[str, Any], origin: ProfileOrigin, now: datetime
) -> datetime | None:
    """A file has no information on the age of the other list."""
    kept = origin == "files" and "api" in (reported["collection_origin"], reported["wantlist_origin"])
    found: datetime | None = before["synced_at"] if kept else now
    return found


def _counted(name: str, reading: ListReading) -> dict[str, int | None]:
    if reading.counted is None:
        return {} if reading.coverage == "keep" else {f"{name}_total": None, f"{name}_limit": None}
    return {f"{name}_total": reading.counted.total, f"{name}_limit": reading.counted.limit}
