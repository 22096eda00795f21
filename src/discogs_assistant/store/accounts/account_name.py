"""A person's own name here: their data follows when Discogs or they themselves change its spelling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, select, union, update

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store.schema import (
    account,
    collection_item,
    folder,
    metadata,
    profile,
    sync_change,
    token,
    want,
)

_NAMED = [
    table
    for table in metadata.sorted_tables
    if {"owner", "user_name"} <= {*table.c.keys()} and table is not token
]
_LISTS = (profile, collection_item, want, folder)
"""What one sync makes as a whole: lists of two syncs are never mixed."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def former_names(connection: Connection, owner: OwnerId) -> list[str]:
    """The account's own name, and the name of its token's owner as Discogs last reported it.

    The second remains known if somebody else took the name; one statement.
    """
    names = union(
        select(account.c.discogs_user).where(account.c.owner == owner),
        select(token.c.user_name).where(token.c.owner == owner),
    )
    return [name for name in connection.scalars(names) if name is not None]


def take_name(connection: Connection, owner: OwnerId, user: UserName, former: Iterable[str] = ()) -> None:
    """Move all data of the owner from `former` names, or from `user` in another case, to `user`.

    Of two profiles the one synced last stays, and all feedback. In the caller's transaction.
    """
    same = {name.casefold() for name in (user, *former)}
    kept = union(*(select(table.c.user_name).where(table.c.owner == owner) for table in _NAMED))
    for name in sorted(name for name in connection.scalars(kept) if name):
        if name != user and name.casefold() in same:
            _move(connection, owner, name, user)


def _move(connection: Connection, owner: OwnerId, old: str, new: str) -> None:
    _keep_newer_lists(connection, owner, old, new)
    known = select(sync_change.c.run_id).where(_of(sync_change, owner, new))
    connection.execute(
        delete(sync_change).where(_of(sync_change, owner, old), sync_change.c.run_id.in_(known))
    )
    for table in _NAMED:
        connection.execute(update(table).where(_of(table, owner, old)).values(user_name=new))


def _keep_newer_lists(connection: Connection, owner: OwnerId, old: str, new: str) -> None:
    """Let one of the names have lists; a version above both marks results based on either as outdated."""
    query = select(profile.c.user_name, profile.c.synced_at, profile.c.version)
    both = (profile.c.owner == owner) & profile.c.user_name.in_((old, new))
    found = {row.user_name: row for row in connection.execute(query.where(both).with_for_update())}
    last = {name: row.synced_at or _NEVER for name, row in found.items()}
    older = min((old, new), key=lambda name: (name in last, last.get(name, _NEVER)))
    for table in _LISTS:
        connection.execute(delete(table).where(_of(table, owner, older)))
    if len(found) > 1:
        version = max(row.version for row in found.values()) + 1
        connection.execute(update(profile).where(both).values(version=version))


def _of(table: Table, owner: OwnerId, name: str) -> ColumnElement[bool]:
    return (table.c.owner == owner) & (table.c.user_name == name)
