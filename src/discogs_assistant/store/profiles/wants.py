"""Single changes of a wantlist, as its owner made them at Discogs, between two syncs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.profile import Want
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles.uploaded_releases import put_named, put_reported
from discogs_assistant.store.schema import profile, want
from discogs_assistant.store.statements import upsert


def put_want(db: Database, owner: OwnerId, user: UserName, wanted: Want, now: datetime) -> None:
    """Add a want to a profile's wantlist; does nothing without a profile. One transaction."""
    row = {"owner": owner, "user_name": user, "release_id": wanted.release_id}
    row |= {"rating": wanted.rating, "added": wanted.added, "notes": wanted.notes}
    with db.write() as connection:
        if _locked(connection, owner, user):
            put_reported(connection, [wanted.release], now)
            put_named(connection, owner, [wanted.release], now)
            connection.execute(upsert(connection, want), row)
            _count(connection, owner, user)


def drop_want(db: Database, owner: OwnerId, user: UserName, release_id: ReleaseId) -> None:
    """Remove a want from a profile's wantlist, if it is there; one transaction."""
    of_user = (want.c.owner == owner) & (want.c.user_name == user)
    with db.write() as connection:
        if _locked(connection, owner, user):
            gone = connection.execute(delete(want).where(of_user, want.c.release_id == release_id)).rowcount
            if gone:
                _count(connection, owner, user)


def _locked(connection: Connection, owner: OwnerId, user: UserName) -> bool:
    """Whether there is a profile; a sync that applies the same one waits until this is done."""
    query = select(profile.c.version).where(profile.c.owner == owner, profile.c.user_name == user)
    return connection.scalar(query.with_for_update()) is not None


def _count(connection: Connection, owner: OwnerId, user: UserName) -> None:
    """Count again, so that the next sync finds what Discogs reports, and raise the version."""
    of_user = (want.c.owner == owner) & (want.c.user_name == user)
    count = select(func.count()).select_from(want).where(of_user).scalar_subquery()
    values = {
        "wantlist": count,
        "wantlist_total": profile.c.wantlist_total + count - profile.c.wantlist,
        "newest_want": select(func.max(want.c.added)).where(of_user).scalar_subquery(),
        "version": profile.c.version + 1,
    }
    connection.execute(
        update(profile).where(profile.c.owner == owner, profile.c.user_name == user).values(values)
    )
