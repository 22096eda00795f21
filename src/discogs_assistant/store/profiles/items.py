"""The copies, wants and folders of a profile, as they were read last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import InstanceId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.profile import CollectionItem, Folder, Want
from discogs_assistant.store.catalogue.release_documents import from_document
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import (
    collection_item,
    folder,
    release,
    uploaded_release,
    want,
)

_DOCUMENT = func.coalesce(release.c.document, uploaded_release.c.document).label("document")


def collection(db: Database, owner: OwnerId, user: UserName) -> list[CollectionItem]:
    """All owned copies with their releases, newest first, undated last; one statement."""
    with db.read() as connection:
        return [_item(row) for row in connection.execute(_copies(owner, user))]


def newest(db: Database, owner: OwnerId, user: UserName, limit: int) -> list[CollectionItem]:
    """The copies added last; one statement."""
    with db.read() as connection:
        return [_item(row) for row in connection.execute(_copies(owner, user).limit(limit))]


def wantlist(db: Database, owner: OwnerId, user: UserName) -> list[Want]:
    """All wants with their releases, newest first, undated last; one statement."""
    query: Select[Any] = (
        select(want.c.release_id, want.c.rating, want.c.added, want.c.notes, _DOCUMENT)
        .outerjoin(release, _reported(want))
        .outerjoin(uploaded_release, _own(want))
        .where(want.c.owner == owner, want.c.user_name == user)
        .order_by(want.c.added.desc().nulls_last(), want.c.release_id.desc())
    )
    with db.read() as connection:
        return [
            Want(from_document(row.document), row.rating, row.added, row.notes)
            for row in connection.execute(query)
        ]


def wanted(db: Database, owner: OwnerId, user: UserName) -> frozenset[ReleaseId]:
    """The ids of wanted releases; one statement."""
    query = select(want.c.release_id).where(want.c.owner == owner, want.c.user_name == user)
    with db.read() as connection:
        return frozenset(ReleaseId(id) for id in connection.scalars(query))


def owned_and_wanted(
    db: Database, owner: OwnerId, user: UserName
) -> tuple[frozenset[ReleaseId], frozenset[ReleaseId]]:
    """The ids of owned and wanted releases; one statement."""
    owned, wants = (
        select(table.c.release_id, literal(place).label("place")).where(
            table.c.owner == owner, table.c.user_name == user
        )
        for place, table in enumerate((collection_item, want))
    )
    found: tuple[set[ReleaseId], set[ReleaseId]] = set(), set()
    with db.read() as connection:
        for row in connection.execute(union_all(owned, wants)):
            found[row.place].add(ReleaseId(row.release_id))
    return frozenset(found[0]), frozenset(found[1])


def replace_folders(db: Database, owner: OwnerId, user: UserName, found: Sequence[Folder]) -> None:
    """Store these folders, replacing the earlier ones; one transaction."""
    rows = [
        {"owner": owner, "user_name": user, "id": folder.id, "name": folder.name, "count": folder.count}
        for folder in found
    ]
    with db.write() as connection:
        connection.execute(delete(folder).where(folder.c.owner == owner, folder.c.user_name == user))
        if rows:
            connection.execute(insert(folder), rows)


def folders(db: Database, owner: OwnerId, user: UserName) -> list[Folder]:
    """The folders by id; one statement."""
    query = select(folder).where(folder.c.owner == owner, folder.c.user_name == user).order_by(folder.c.id)
    with db.read() as connection:
        return [Folder(row["id"], row["name"], row["count"]) for row in connection.execute(query).mappings()]


def _copies(owner: OwnerId, user: UserName) -> Select[Any]:
    item = collection_item
    in_folder = (
        (folder.c.owner == item.c.owner)
        & (folder.c.user_name == item.c.user_name)
        & (folder.c.id == item.c.folder_id)
    )
    return (
        select(item, folder.c.name.label("folder_name"), _DOCUMENT)
        .outerjoin(release, _reported(item))
        .outerjoin(uploaded_release, _own(item))
        .outerjoin(folder, in_folder)
        .where(item.c.owner == owner, item.c.user_name == user)
        .order_by(item.c.added.desc().nulls_last(), item.c.instance_id.desc())
    )


def _reported(had: Table) -> ColumnElement[bool]:
    """Joins what Discogs reported."""
    return release.c.id == had.c.release_id


def _own(had: Table) -> ColumnElement[bool]:
    """Joins what the person's own rows alone named."""
    own = uploaded_release
    return (own.c.owner == had.c.owner) & (own.c.release_id == had.c.release_id)


def _item(row: Row[Any]) -> CollectionItem:
    return CollectionItem(
        instance_id=InstanceId(row.instance_id),
        release=from_document(row.document),
        folder_id=row.folder_id,
        folder=row.folder if row.folder is not None else row.folder_name,
        rating=row.rating,
        added=row.added,
        media=None if row.media is None else Grade(row.media),
        sleeve=None if row.sleeve is None else SleeveGrade(row.sleeve),
        notes=tuple((field, text) for field, text in row.notes),
    )
