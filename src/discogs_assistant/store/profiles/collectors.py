"""Stored data of collectors for an account: its owner, its last use, and its deletion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, literal, or_, select, union, update

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.runs import UNDER_WAY
from discogs_assistant.store.schema import (
    account,
    collection_item,
    event,
    folder,
    profile,
    run,
    staged_item,
    staged_want,
    sync_change,
    uploaded_release,
    want,
)
from discogs_assistant.store.statements import among

_NAMING = (profile, run, event)
"""A collector with stored data has a row in one of these."""
_OF_COLLECTOR = (profile, collection_item, want, folder, sync_change, event)
"""The profile comes first: applying a sync locks its row, and then that of the run."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went: the collector's name as it was spelled, perhaps in several ways, and the runs."""

    names: tuple[UserName, ...]
    runs: tuple[RunId, ...]


def stored_names(db: Database, owner: OwnerId) -> frozenset[UserName]:
    """The profiles of an account, including those that running syncs will add. One statement."""
    held = select(profile.c.user_name).where(profile.c.owner == owner)
    coming = select(run.c.user_name).where(
        run.c.owner == owner, run.c.state.in_(UNDER_WAY), run.c.user_name != ""
    )
    with db.read() as connection:
        return frozenset(UserName(name) for name in connection.scalars(union(held, coming)))


def spellings(db: Database, owner: OwnerId, user: UserName) -> tuple[UserName, ...]:
    """The names under which data of a collector is stored. One statement."""
    with db.read() as connection:
        return _names(connection, owner, user)


def owners_of(db: Database, user: UserName) -> list[OwnerId]:
    """The accounts with stored data of a collector; one statement."""
    query = union(*(select(table.c.owner).where(_named(table, user)) for table in _NAMING))
    with db.read() as connection:
        return sorted(OwnerId(owner) for owner in connection.scalars(query))


def forget(db: Database, owner: OwnerId, user: UserName) -> Forgotten:
    """Remove all data of a collector from an account: records, feedback, runs and results.

    Running ones end by themselves. One transaction.
    """
    with db.write() as connection:
        names = _names(connection, owner, user)
        for table in _OF_COLLECTOR:
            connection.execute(delete(table).where(table.c.owner == owner, _named(table, user)))
        theirs = select(run.c.id).where(run.c.owner == owner, _named(run, user))
        ids = [RunId(id) for id in connection.scalars(theirs.with_for_update())]
        for part in (staged_item, staged_want):
            connection.execute(
                delete(part).where(part.c.owner == owner, among(connection, part.c.run_id, ids))
            )
        # The rest of a run's rows go with it by their foreign keys.
        connection.execute(delete(run).where(among(connection, run.c.id, ids)))
        _forget_named(connection, owner)
    return Forgotten(names, tuple(ids))


def note_look(db: Database, owner: OwnerId, user: UserName, now: datetime) -> bool:
    """Note that a collector's records are used now; False if there are none. One transaction."""
    which = (profile.c.owner == owner) & _named(profile, user)
    with db.read() as connection:
        if connection.scalar(select(profile.c.owner).where(which).limit(1)) is None:
            return False
    with db.write() as connection:
        connection.execute(update(profile).where(which).values(looked_at=now))
    return True


def unused(db: Database, before: datetime) -> list[tuple[OwnerId, UserName]]:
    """Profiles not viewed, read or used since then that are not the account's own.

    For an account without a name the own profile is unknown, so none is returned. One statement.
    """
    other = func.lower(profile.c.user_name) != func.lower(account.c.discogs_user)
    of_profile = (run.c.owner == profile.c.owner) & (run.c.user_name == profile.c.user_name)
    used = select(run.c.id).where(of_profile, or_(run.c.finished_at.is_(None), run.c.finished_at >= before))
    query = (
        select(profile.c.owner, profile.c.user_name)
        .join(account, account.c.owner == profile.c.owner)
        .where(other, _before(profile.c.looked_at, before), _before(profile.c.synced_at, before))
        .where(~used.exists())
        .order_by(profile.c.owner, profile.c.user_name)
    )
    with db.read() as connection:
        return [(OwnerId(row.owner), UserName(row.user_name)) for row in connection.execute(query)]


def every_profile(db: Database) -> list[tuple[OwnerId, UserName]]:
    """All profiles of all accounts; one statement."""
    with db.read() as connection:
        rows = connection.execute(select(profile.c.owner, profile.c.user_name))
        return [(OwnerId(row.owner), UserName(row.user_name)) for row in rows]


def _forget_named(connection: Connection, owner: OwnerId) -> None:
    """Remove releases that only this account's files named and none of its collectors has any more."""
    named = uploaded_release.c
    has = (
        select(table.c.release_id).where(table.c.owner == owner)
        for table in (collection_item, want, staged_item, staged_want, event)
    )
    query = delete(uploaded_release).where(named.owner == owner, named.release_id.not_in(union(*has)))
    connection.execute(query)


def _names(connection: Connection, owner: OwnerId, user: UserName) -> tuple[UserName, ...]:
    found = (select(t.c.user_name).where(t.c.owner == owner, _named(t, user)) for t in _NAMING)
    return tuple(sorted(UserName(name) for name in connection.scalars(union(*found))))


def _named(table: Table, user: UserName) -> ColumnElement[bool]:
    """Whatever the case: a name may have been typed in another one than the profile's."""
    return func.lower(table.c.user_name) == func.lower(literal(user, table.c.user_name.type))


def _before(moment: ColumnElement[datetime], before: datetime) -> ColumnElement[bool]:
    return or_(moment.is_(None), moment < before)
