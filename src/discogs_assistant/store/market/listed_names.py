"""Which copies for sale name an artist or a label: found by the name, however large the market is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, exists, select

from discogs_assistant.model.caching import remembered
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import ListingColumns
from discogs_assistant.model.release import names_within
from discogs_assistant.model.search_words import name_key
from discogs_assistant.model.tally import number_of_text
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import SHARED_OWNER, listing
from discogs_assistant.store.schema import listed_name as table
from discogs_assistant.store.statements import among, insert_new

Ints = NDArray[np.int64]


def artist_number(name: str) -> int:
    """The number that stands for an artist of this name."""
    return number_of_text(f"artist {name_key(name)}")


@remembered
def label_number(name: str) -> int:
    """The number that stands for a label of this name."""
    return number_of_text(f"label {name_key(name)}")


def save_names(connection: Connection, owner: OwnerId, listings: ListingColumns) -> None:
    """Keep what copies name, inside the caller's transaction."""
    releases = listings.column("release_id")
    artists, labels = (
        {(id, text) for id, text in zip(releases, listings.column(field), strict=True) if text}
        for field in ("artist", "label")
    )
    named = {(number, id) for id, text in artists for number in _artists(text)}
    named |= {(label_number(name), id) for id, name in labels}
    if named:
        rows = [{"name": number, "owner": owner, "release_id": id} for number, id in sorted(named)]
        connection.execute(insert_new(connection, table), rows)


def releases_named(db: Database, owner: OwnerId, names: Sequence[int], most: int) -> tuple[Ints, Ints]:
    """Two columns, names and releases, of what copies that `owner` sees were said to name; one statement.

    `most` rows at most, in no order. The copies may be sold or too old by now.
    """
    query = select(table.c.name, table.c.release_id).where(table.c.owner.in_((SHARED_OWNER, owner)))
    with db.read() as connection:
        rows = connection.execute(query.where(among(connection, table.c.name, names)).limit(most)).all()
    found = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def forget_names(connection: Connection) -> int:
    """Remove the names of releases of which no copy is left, inside the caller's transaction; how many."""
    left = exists().where(listing.c.release_id == table.c.release_id, listing.c.owner == table.c.owner)
    return connection.execute(delete(table).where(~left)).rowcount


@remembered
def _artists(text: str) -> tuple[int, ...]:
    return tuple(artist_number(name) for name in names_within(text))
