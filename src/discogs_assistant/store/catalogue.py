"""The catalogue: what is known of releases and discographies, and links to covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Text, delete, select, type_coerce

from discogs_assistant.model.ids import MasterId, OwnerId, ReleaseId
from discogs_assistant.model.release import Discography, Release
from discogs_assistant.store import schema
from discogs_assistant.store.catalogue_words import put_words, shown_to
from discogs_assistant.store.database import Database
from discogs_assistant.store.release_documents import (
    NAMED,
    entries_document,
    entries_from,
    from_document,
    from_text,
    fullness,
    to_document,
)
from discogs_assistant.store.schema import release, release_image
from discogs_assistant.store.statements import among, upsert

DiscographyKind = Literal["artist", "label", "master"]


def save_releases(db: Database, found: Sequence[Release], now: datetime) -> None:
    """Keep releases and their images; what is known more fully stays as it is. One transaction."""
    with db.write() as connection:
        put_releases(connection, found, now)


def put_releases(connection: Connection, found: Iterable[Release], now: datetime, bare: int = NAMED) -> None:
    """As `save_releases`, inside the caller's transaction; `bare` ranks those without genres and styles."""
    # In the order of ids, so that two writers on Postgres lock rows in one order and never each other.
    ranked = sorted(((one, fullness(one) or bare) for one in found), key=lambda pair: (pair[0].id, pair[1]))
    ordered = [one for one, _ in ranked]
    rows = [
        {
            "id": one.id,
            "master_id": one.master_id,
            "fullness": rank,
            "known_at": now,
            "document": to_document(one),
        }
        for one, rank in ranked
    ]
    links = [
        {"release_id": one.id, "link": one.thumb or one.cover, "images_at": now}
        for one in ordered
        if one.thumb or one.cover
    ]
    if rows:
        connection.execute(upsert(connection, release, not_older="fullness"), rows)
        put_words(connection, ranked)
    if links:
        connection.execute(upsert(connection, release_image, not_older="images_at"), links)


def releases(db: Database, ids: Iterable[ReleaseId]) -> dict[ReleaseId, Release]:
    """The known ones among `ids`, without image links (see `images`); one statement."""
    with db.read() as connection:
        query = select(release.c.document).where(among(connection, release.c.id, ids))
        found = [from_document(document) for document in connection.scalars(query)]
    return {one.id: one for one in found}


def releases_with_age(
    db: Database, ids: Iterable[ReleaseId], owner: OwnerId | None = None
) -> dict[ReleaseId, tuple[Release, datetime]]:
    """As `releases`, each with when it was told; one statement.

    What only a handed-in file named is there for the person who handed it in, `owner`, alone.
    """
    with db.read() as connection:
        query = select(type_coerce(release.c.document, Text).label("text"), release.c.known_at).where(
            among(connection, release.c.id, ids), shown_to(owner, release.c.id, release.c.fullness)
        )
        found = [(from_text(row.text), row.known_at) for row in connection.execute(query)]
    return {one.id: (one, known_at) for one, known_at in found}


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


def save_discography(
    db: Database, kind: DiscographyKind, id: int, entries: Sequence[Discography], now: datetime
) -> None:
    """Keep all that an artist or a label has released, in place of what was known; one statement."""
    row = {"kind": kind, "id": id, "known_at": now, "entries": entries_document(entries)}
    with db.write() as connection:
        connection.execute(upsert(connection, schema.discography, not_older="known_at"), row)


def discography(db: Database, kind: DiscographyKind, id: int, since: datetime) -> list[Discography] | None:
    """What was read since then, without images; None where it was not read. One statement."""
    found = discography_with_age(db, kind, id)
    return found[0] if found and found[1] >= since else None


def discography_with_age(
    db: Database, kind: DiscographyKind, id: int
) -> tuple[list[Discography], datetime] | None:
    """The newest that was read, without images, and when; None where none was read. One statement."""
    table = schema.discography
    query = select(table.c.entries, table.c.known_at).where(table.c.kind == kind, table.c.id == id)
    with db.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else (entries_from(row.entries), row.known_at)
