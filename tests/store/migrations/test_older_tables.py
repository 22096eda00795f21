"""Databases of older versions: what was in their tables is there after they were brought to this one."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import insert
from tests.store.accounts.exports import delete_whole
from tests.store.fakes import NOW

from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.release_documents import to_document
from discogs_assistant.store.catalogue.release_search import find_known, line_of
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.profiles import items
from discogs_assistant.store.schema import collection_item, release, release_words
from discogs_assistant.store.schema.records import UPLOADED

USER, NINE = UserName("digger"), ReleaseId(9)


def at_version(address: str, version: str) -> Database:
    """A new database with the tables of that version."""
    db = open_database(address)
    with db.write() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "discogs_assistant.store:migrations")
        config.set_main_option("path_separator", "os")
        command.upgrade(config, version)
    return db


def own_by_a_file(db: Database, one: Release, *owners: OwnerId) -> None:
    """Let people own what a file named, in the one row for all that version 0010 had."""
    words = {"release_id": one.id, "told": UPLOADED, "words": line_of(one)}
    known = {"id": one.id, "fullness": UPLOADED, "known_at": NOW, "document": to_document(one)}
    copy = {
        "user_name": USER,
        "instance_id": 1,
        "release_id": one.id,
        "folder_id": 1,
        "rating": 0,
        "notes": [],
    }
    with db.write() as connection:
        connection.execute(insert(release).values(known))
        connection.execute(insert(release_words).values(words))
        connection.execute(insert(collection_item), [copy | {"owner": owner} for owner in owners])


def test_records_that_files_named_are_their_owners_afterwards(empty_address: str) -> None:
    db = at_version(empty_address, "0013")
    owner, other, nobody = (accounts.add_account(db, name, NOW) for name in ("one", "two", "three"))
    named = Release(NINE, "From a file")
    own_by_a_file(db, named, owner, other)
    migrate(db)
    for whose in (owner, other):
        assert [copy.release for copy in items.collection(db, whose, USER)] == [named]
        assert find_known(db, Question(words="file"), 9, whose) == [NINE]
    assert releases.releases(db, [NINE], nobody) == releases.releases(db, [NINE]) == {}
    delete_whole(db, owner)
    assert releases.releases(db, [NINE], other) == {NINE: named}
    with db.read() as connection:
        assert connection.execute(release.select()).all() == []
    db.close()
