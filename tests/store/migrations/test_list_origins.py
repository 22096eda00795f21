"""Profiles of older versions, which knew one origin for both lists."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.profiles import profiles

BEFORE = "0011"
ACCOUNT = text(
    "INSERT INTO account (owner, name, created_at, consent, currency) "
    "VALUES (1, '', '2026-03-01 12:00:00', false, 'EUR')"
)
PROFILE = text(
    "INSERT INTO profile (owner, user_name, collection, wantlist, origin, version, private_collection, "
    "private_wantlist, last_added, last_removed, problems) "
    "VALUES (1, :user, :collection, :wantlist, :origin, 1, false, false, 0, 0, '[]')"
)
COPY = text(
    "INSERT INTO collection_item (owner, user_name, instance_id, release_id, folder_id, rating, notes) "
    "VALUES (1, :user, :instance, 7, 1, 0, '[]')"
)


def tables_of(connection: Connection, version: str) -> None:
    """Make the tables as that version had them."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "discogs_assistant.store:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, version)


def keep(
    connection: Connection, user: str, origin: str, *, copies: tuple[int, ...] = (), wantlist: int = 0
) -> None:
    """A profile whose copies have these numbers."""
    row = {"user": user, "origin": origin, "collection": len(copies), "wantlist": wantlist}
    connection.execute(PROFILE, row)
    for instance in copies:
        connection.execute(COPY, {"user": user, "instance": instance})


def test_each_list_has_the_origin_that_its_copies_tell(empty_address: str) -> None:
    db = open_database(empty_address)
    with db.write() as connection:
        tables_of(connection, BEFORE)
        connection.execute(ACCOUNT)
        keep(connection, "synced", "api")
        keep(connection, "paper", "files", copies=(-7000,), wantlist=1)
        keep(connection, "wants alone", "files", wantlist=1)
        keep(connection, "frozen", "files", copies=(12,), wantlist=1)
    migrate(db)
    found = profiles.profiles(db, OwnerId(1))
    assert {str(one.user): (one.collection_origin, one.wantlist_origin) for one in found} == {
        "synced": ("api", "api"),
        "paper": ("files", "files"),
        "wants alone": (None, "files"),
        "frozen": ("api", "files"),
    }
    db.close()
