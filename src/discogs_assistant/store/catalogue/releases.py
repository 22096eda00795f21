"""The catalogue: known data of releases, and links to covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    Text,
    delete,
    literal,
    select,
    type_coerce,
    union_all,
)

from discogs_assistant.model.ids import MasterId, OwnerId, ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.store.catalogue.release_documents import from_text, fullness, to_document
from discogs_assistant.store.catalogue.release_search import put_words
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import release, release_image, uploaded_release
from discogs_assistant.store.statements import among, upsert


def save_releases(db: Database, found: Sequence[Release], now: datetime) -> None:
    """Store releases and their images; more complete data stays. One transaction."""
    with db.write() as connection:
        put_releases(connection, found, now)


def put_releases(connection: Connection, found: Iterable[Release], now: datetime) -> None:
    """As `save_releases`, inside the caller's transaction."""
    # In the order of ids, so that two writers on Postgres lock rows in one order and never each other.
    ranked = sorted(
        ((release, fullness(release)) for release in found), key=lambda pair: (pair[0].id, pair[1])
    )
    rows = [
        {
            "id": release.id,
            "master_id": release.master_id,
            "fullness": rank,
            "known_at": now,
            "document": to_document(release),
        }
        for release, rank in ranked
    ]
    if rows:
        connection.execute(upsert(connection, release, not_older="fullness"), rows)
        put_words(connection, ranked)
    put_images(connection, (release for release, _ in ranked), now)


def save_images(db: Database, found: Iterable[Release], now: datetime) -> None:
    """Store the images alone of releases that the API has just shown; one transaction."""
    with db.write() as connection:
        put_images(connection, sorted(found, key=lambda shown: shown.id), now)


def put_images(connection: Connection, found: Iterable[Release], now: datetime) -> None:
    """Store the images of releases, given in the order of their ids; one statement."""
    links = [
        {"release_id": release.id, "link": release.thumb or release.cover, "images_at": now}
        for release in found
        if release.thumb or release.cover
    ]
    if links:
        connection.execute(upsert(connection, release_image, not_older="images_at"), links)


def releases(
    db: Database, ids: Iterable[ReleaseId], owner: OwnerId | None = None
) -> dict[ReleaseId, Release]:
    """The known ones among `ids`, without image links (see `images`); as of `releases_with_age`."""
    return {id: release for id, (release, _) in releases_with_age(db, ids, owner).items()}


def releases_with_age(
    db: Database, ids: Iterable[ReleaseId], owner: OwnerId | None = None
) -> dict[ReleaseId, tuple[Release, datetime]]:
    """As `releases`, each with when it was reported; one statement.

    A release that only an uploaded file names is there only for the person who uploaded it, `owner`.
    """
    wanted = list(ids)
    with db.read() as connection:
        query: Select[Any] | CompoundSelect[Any] = _reported(connection, wanted)
        if owner is not None:
            query = union_all(query, _uploaded(connection, owner, wanted))
        # Rows from Discogs come last, so that they replace uploaded ones.
        rows = sorted(connection.execute(query), key=lambda row: bool(row.reported))
    return {ReleaseId(row.id): (from_text(row.text), row.known_at) for row in rows}


def _reported(connection: Connection, ids: list[ReleaseId]) -> Select[Any]:
    text = type_coerce(release.c.document, Text).label("text")
    return select(release.c.id, text, release.c.known_at, literal(1).label("reported")).where(
        among(connection, release.c.id, ids)
    )


def _uploaded(connection: Connection, owner: OwnerId, ids: list[ReleaseId]) -> Select[Any]:
    own = uploaded_release
    text = type_coerce(own.c.document, Text).label("text")
    return select(own.c.release_id.label("id"), text, own.c.known_at, literal(0).label("reported")).where(
        own.c.owner == owner, among(connection, own.c.release_id, ids)
    )


def images(db: Database, ids: Iterable[ReleaseId], since: datetime) -> dict[ReleaseId, str]:
    """Links to small covers that the API gave since then; one statement."""
    with db.read() as connection:
        query = select(release_image.c.release_id, release_image.c.link).where(
            among(connection, release_image.c.release_id, ids), release_image.c.images_at >= since
        )
        return {ReleaseId(row.release_id): row.link for row in connection.execute(query)}


def forget_images(db: Database, before: datetime) -> int:
    """Remove links that the API gave earlier; how many. One statement."""
    with db.write() as connection:
        return connection.execute(delete(release_image).where(release_image.c.images_at < before)).rowcount


def pressings(db: Database, masters: Iterable[MasterId]) -> dict[MasterId, list[ReleaseId]]:
    """The known releases of each master, by id; one statement."""
    found: defaultdict[MasterId, list[ReleaseId]] = defaultdict(list)
    with db.read() as connection:
        query = select(release.c.master_id, release.c.id).where(
            among(connection, release.c.master_id, masters)
        )
        for row in connection.execute(query.order_by(release.c.id)):
            found[MasterId(row.master_id)].append(ReleaseId(row.id))
    return dict(found)
