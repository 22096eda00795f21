"""Staging: what a sync has read, until it is applied at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles.uploaded_releases import put_named, put_reported
from discogs_assistant.store.runs.runs import ensure_there, has_ended
from discogs_assistant.store.schema import staged_item, staged_want
from discogs_assistant.store.statements import upsert

_CLEARED_AT_ONCE = 5_000


def stage_items(
    db: Database, owner: OwnerId, run_id: RunId, items: Sequence[CollectionItem], now: datetime
) -> None:
    """Stage copies for `apply_staged`, and store their releases in the catalogue; safe to repeat.

    Releases known only from these rows are stored for the owner alone. One transaction.
    """
    rows = [{"owner": owner, "run_id": run_id, **_item_values(item)} for item in items]
    found = [item.release for item in items]
    with db.write() as connection:
        put_reported(connection, found, now)
        ensure_there(connection, run_id)
        if rows and not has_ended(connection, run_id):
            put_named(connection, owner, found, now)
            connection.execute(upsert(connection, staged_item), rows)


def stage_wants(db: Database, owner: OwnerId, run_id: RunId, wants: Sequence[Want], now: datetime) -> None:
    """Stage wants for `apply_staged`, and store their releases in the catalogue; safe to repeat.

    Releases known only from these rows are stored for the owner alone. One transaction.
    """
    rows = [{"owner": owner, "run_id": run_id, **_want_values(want)} for want in wants]
    found = [want.release for want in wants]
    with db.write() as connection:
        put_reported(connection, found, now)
        ensure_there(connection, run_id)
        if rows and not has_ended(connection, run_id):
            put_named(connection, owner, found, now)
            connection.execute(upsert(connection, staged_want), rows)


def staged_counts(db: Database, owner: OwnerId, run_id: RunId) -> tuple[int, int]:
    """How many copies and wants are staged; one transaction."""
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
    """Remove what the run staged, once it is applied or given up; short transactions, one after the other."""
    for table, key in ((staged_item, staged_item.c.instance_id), (staged_want, staged_want.c.release_id)):
        mine = (table.c.owner == owner) & (table.c.run_id == run_id)
        some = select(key).where(mine).limit(_CLEARED_AT_ONCE)
        removed = _CLEARED_AT_ONCE
        while removed == _CLEARED_AT_ONCE:
            with db.write() as connection:
                removed = connection.execute(delete(table).where(mine, key.in_(some))).rowcount


def clear(connection: Connection, owner: OwnerId, run_id: RunId) -> None:
    """As `clear_staged`, inside the caller's transaction."""
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


def _want_values(want: Want) -> dict[str, Any]:
    return {
        "release_id": want.release_id,
        "rating": want.rating,
        "added": want.added,
        "notes": want.notes,
    }
