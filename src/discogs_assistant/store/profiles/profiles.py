"""Profiles: collections and wantlists as last synced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import RowMapping, literal, select, union_all

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store import schema
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import account

ProfileOrigin = Literal["api", "files"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What Discogs counted in a list when it was read: `total` items, the newest `limit` of them let in.

    It also counts hidden items, such as deleted releases: fewer items may be stored.
    """

    total: int
    limit: int


@dataclass(frozen=True, slots=True)
class ProfileState:
    """The state of a profile without its items; counts are of copies and of wants.

    `version` rises whenever the content changes; a private list keeps its earlier items, if any. The
    `counted` numbers are unknown for files and for a list that kept changing while it was read. A list's
    `origin` is None until it is read. `synced_at` is the time of the last request to Discogs, or else of
    the upload.
    """

    owner: OwnerId
    user: UserName
    collection: int
    wantlist: int
    newest_collection: datetime | None
    newest_want: datetime | None
    counted_collection: Counted | None
    counted_wantlist: Counted | None
    synced_at: datetime | None
    collection_origin: ProfileOrigin | None
    wantlist_origin: ProfileOrigin | None
    version: int
    private_collection: bool
    private_wantlist: bool
    last_added: int
    last_removed: int
    problems: tuple[str, ...]

    @property
    def from_discogs(self) -> bool:
        """Whether a list of it was read from Discogs."""
        return "api" in (self.collection_origin, self.wantlist_origin)

    @property
    def uploaded(self) -> tuple[str, ...]:
        """The lists that were read from files, by name."""
        origins = (("collection", self.collection_origin), ("wantlist", self.wantlist_origin))
        return tuple(name for name, origin in origins if origin == "files")


def profile(db: Database, owner: OwnerId, user: UserName) -> ProfileState | None:
    """The state of one profile; one statement."""
    table = schema.profile
    query = select(table).where(table.c.owner == owner, table.c.user_name == user)
    with db.read() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _state(row)


def profiles(db: Database, owner: OwnerId) -> list[ProfileState]:
    """All profiles the owner has synced, the last synced first; one statement."""
    table = schema.profile
    query = select(table).where(table.c.owner == owner).order_by(table.c.synced_at.desc(), table.c.user_name)
    with db.read() as connection:
        return [_state(row) for row in connection.execute(query).mappings()]


def spelling(db: Database, owner: OwnerId, user: UserName) -> UserName:
    """The name as the owner's account has it, else as their profile of that user does, whatever its case.

    One statement.
    """
    own = select(account.c.discogs_user, literal(0).label("place")).where(account.c.owner == owner)
    kept = select(schema.profile.c.user_name, literal(1)).where(schema.profile.c.owner == owner)
    with db.read() as connection:
        rows = connection.execute(union_all(own, kept)).all()
    same = [
        (place, name != user, name) for name, place in rows if name and name.casefold() == user.casefold()
    ]
    return UserName(min(same)[2]) if same else user


def _state(row: RowMapping) -> ProfileState:
    return ProfileState(
        owner=OwnerId(row["owner"]),
        user=UserName(row["user_name"]),
        collection=row["collection"],
        wantlist=row["wantlist"],
        newest_collection=row["newest_collection"],
        newest_want=row["newest_want"],
        counted_collection=_counted(row["collection_total"], row["collection_limit"]),
        counted_wantlist=_counted(row["wantlist_total"], row["wantlist_limit"]),
        synced_at=row["synced_at"],
        collection_origin=row["collection_origin"],
        wantlist_origin=row["wantlist_origin"],
        version=row["version"],
        private_collection=row["private_collection"],
        private_wantlist=row["private_wantlist"],
        last_added=row["last_added"],
        last_removed=row["last_removed"],
        problems=tuple(row["problems"]),
    )


def _counted(total: int | None, limit: int | None) -> Counted | None:
    return None if total is None or limit is None else Counted(total, limit)
