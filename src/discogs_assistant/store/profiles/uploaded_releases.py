"""Releases known only from a person's own uploaded rows, such as an exported file: visible to them alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.release import Release
from discogs_assistant.store.catalogue.release_documents import fullness, to_document
from discogs_assistant.store.catalogue.release_search import line_of
from discogs_assistant.store.catalogue.releases import put_images, put_releases
from discogs_assistant.store.schema import uploaded_release
from discogs_assistant.store.schema.records import NAMED
from discogs_assistant.store.statements import upsert


def put_reported(connection: Connection, found: Iterable[Release], now: datetime) -> None:
    """Store for everybody those releases whose row has genres or styles, which only Discogs provides."""
    put_releases(connection, [release for release in found if fullness(release) > NAMED], now)


def put_named(connection: Connection, owner: OwnerId, found: Iterable[Release], now: datetime) -> None:
    """Store the others for this person only, replacing their earlier rows."""
    # In the order of ids, as releases are, so that two writers never lock each other's rows.
    named = sorted(
        (release for release in found if fullness(release) == NAMED), key=lambda release: release.id
    )
    rows = [
        {
            "owner": owner,
            "release_id": release.id,
            "known_at": now,
            "document": to_document(release),
            "words": line_of(release),
        }
        for release in named
    ]
    if rows:
        connection.execute(upsert(connection, uploaded_release), rows)
        put_images(connection, named, now)
