"""Staging: what a sync has read, until it is put away in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.store.database import Database
from discogs_assistant.store.handed_in import put_named, put_told
from discogs_assistant.store.profiles import Counted, ProfileOrigin
from discogs_assistant.store.put_away import Coverage, Outcome, StagedList
from discogs_assistant.store.runs import ensure_there, has_ended
from discogs_assistant.store.schema import (
    collection_item,
    profile,
    staged_item,
    staged_want,
    sync_change,
    want,
)
from discogs_assistant.store.statements import insert_new, upsert


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Copies and wants after a sync; `added` and `removed` count copies and wants together."""

    collection: int
    wantlist: int
    added: int
    removed: int


def stage_items(
    db: Database, owner: OwnerId, run_id: RunId, items: Sequence[CollectionItem], now: datetime
) -> None:
    """Lay copies aside for `apply_staged`, and their releases into the catalogue; may be done twice.

    What only these rows tell of a release is kept for the owner alone. One transaction.
    """
    rows = [{"owner": owner, "run_id": run_id, **_item_values(item)} for item in items]
    found = [item.release for item in items]
    with db.write() as connection:
        put_told(connection, found, now)
        ensure_there(connection, run_id)
        if rows and not has_ended(connection, run_id):
            put_named(connection, owner, found, now)
            connection.execute(upsert(connection, staged_item), rows)


def stage_wants(db: Database, owner: OwnerId, run_id: RunId, wants: Sequence[Want], now: datetime) -> None:
    """Lay wants aside for `apply_staged`, and their releases into the catalogue; may be done twice.

    What only these rows tell of a release is kept for the owner alone. One transaction.
    """
    rows = [{"owner": owner, "run_id": run_id, **_want_values(one)} for one in wants]
    found = [one.release for one in wants]
    with db.write() as connection:
        put_told(connection, found, now)
        ensure_there(connection, run_id)
        if rows and not has_ended(connection, run_id):
            put_named(connection, owner, found, now)
            connection.execute(upsert(connection, staged_want), rows)


def staged_counts(db: Database, owner: OwnerId, run_id: RunId) -> tuple[int, int]:
    """How many copies and wants are laid aside; one transaction."""
    with db.read() as connection:
        items, wants = (
            connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.owner == owner, table.c.run_id == run_id)
            ).scalar_one()
            for table in (staged_item, staged_want)
        )
    return items, wants


def clear_staged(db: Database, owner: OwnerId, run_id: RunId) -> None:
    """Throw away what the run laid aside, as when it failed or was cancelled; one transaction."""
    with db.write() as connection:
        _clear(connection, owner, run_id)


def apply_staged(
    db: Database,
    owner: OwnerId,
    user: UserName,
    run_id: RunId,
    *,
    collection: Coverage,
    wantlist: Coverage,
    origin: ProfileOrigin,
    now: datetime,
    private_collection: bool = False,
    private_wantlist: bool = False,
    counted_collection: Counted | None = None,
    counted_wantlist: Counted | None = None,
    problems: Sequence[str] = (),
) -> ProfileChange:
    """Make the profile what was staged, in one transaction; a second time for the run changes nothing.

    `origin` is where what was read came from. A list of which nothing was read keeps its own, and what
    Discogs `counted` in it, unless that is given. `NotFoundError` where the run is gone: what was forgotten
    meanwhile does not come back.
    """
    private = {"private_collection": private_collection, "private_wantlist": private_wantlist}
    with db.write() as connection:
        before = _locked_profile(connection, owner, user, private)
        done = _done_before(connection, owner, user, run_id)
        if done is not None:
            return done
        ensure_there(connection, run_id)
        copies = StagedList(owner, user, run_id, collection_item, staged_item, "instance_id").put_away(
            connection, collection
        )
        wants = StagedList(owner, user, run_id, want, staged_want, "release_id").put_away(
            connection, wantlist
        )
        origins = {
            "collection_origin": before["collection_origin"] if collection == "keep" else origin,
            "wantlist_origin": before["wantlist_origin"] if wantlist == "keep" else origin,
        }
        told = private | origins
        same = not (copies.touched or wants.touched) and all(before[name] == told[name] for name in told)
        first = before["version"] == 0
        change = _change(copies, wants)
        counted = _counted("collection", collection, counted_collection)
        counted |= _counted("wantlist", wantlist, counted_wantlist)
        values = (
            told
            | counted
            | {
                "collection": change.collection,
                "wantlist": change.wantlist,
                "newest_collection": copies.newest,
                "newest_want": wants.newest,
                # A file tells nothing of the age of the list beside it.
                "synced_at": before["synced_at"] if origin == "files" and "api" in origins.values() else now,
                "problems": list(problems),
                "last_added": change.added,
                "last_removed": change.removed,
                "version": before["version"] + (0 if same and not first else 1),
            }
        )
        connection.execute(
            update(profile).where(profile.c.owner == owner, profile.c.user_name == user).values(values)
        )
        connection.execute(
            insert(sync_change).values(owner=owner, user_name=user, run_id=run_id, **asdict(change))
        )
        _clear(connection, owner, run_id)
    return change


def _locked_profile(
    connection: Connection, owner: OwnerId, user: UserName, private: dict[str, bool]
) -> RowMapping:
    # The lock makes a second worker with the same run wait, and then find it done.
    empty = dict.fromkeys(("collection", "wantlist", "version", "last_added", "last_removed"), 0)
    new = {"owner": owner, "user_name": user, "problems": [], **empty, **private}
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


def _change(copies: Outcome, wants: Outcome) -> ProfileChange:
    return ProfileChange(
        copies.count, wants.count, copies.added + wants.added, copies.removed + wants.removed
    )


def _counted(name: str, coverage: Coverage, counted: Counted | None) -> dict[str, int | None]:
    if counted is None:
        return {} if coverage == "keep" else {f"{name}_total": None, f"{name}_limit": None}
    return {f"{name}_total": counted.total, f"{name}_limit": counted.limit}


def _clear(connection: Connection, owner: OwnerId, run_id: RunId) -> None:
    for table in (staged_item, staged_want):
        connection.execute(delete(table).where(table.c.owner == owner, table.c.run_id == run_id))


def _item_values(item: CollectionItem) -> dict[str, Any]:
    return {
        "instance_id": item.instance_id,
        "release_id": item.release.id,
        "folder_id": item.folder_id,
        "folder": item.folder,
        "rating": item.rating,
        "added": item.added,
        "media": item.media,
        "sleeve": item.sleeve,
        "notes": [list(pair) for pair in item.notes],
    }


def _want_values(one: Want) -> dict[str, Any]:
    return {
        "release_id": one.release_id,
        "rating": one.rating,
        "added": one.added,
        "notes": one.notes,
    }
