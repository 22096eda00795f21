"""A person's right to all of their data: derived from the tables themselves."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Table, func, select
from tests.store.accounts.exports import delete_whole, whole_export
from tests.store.fakes import HOUR, NOW, ORDER, POLICY, make_item, make_listing, make_run, make_want

from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.listing import Origin, Seller
from discogs_assistant.model.profile import CollectionItem, Folder
from discogs_assistant.model.release import Release
from discogs_assistant.store.accounts import api_tokens, discogs_tokens, personal_data, sessions
from discogs_assistant.store.accounts.sessions import Lifetime
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.release_search import find_known
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.market import own_orders, sellers, shipping_policies
from discogs_assistant.store.profiles import items, staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import interests, progress, results, runs
from discogs_assistant.store.schema import metadata, uploaded_release

USER = UserName("digger")
SECRET = b"a hash"
WITHHELD = "kept sealed or as a hash, never handed out"
PERSONAL = [table for table in metadata.sorted_tables if "owner" in table.c]


def named(id: int) -> CollectionItem:
    """A copy of a record that a file alone names."""
    return replace(make_item(id), release=Release(ReleaseId(id), f"From a file {id}"))


def fill(db: Database, owner: OwnerId) -> None:
    """Put at least one row into every table that has an owner."""
    discogs_tokens.save_token(db, Vault.open(Path(), "key"), owner, PersonalToken("qWeRtY"))
    sellers.add_favourite(db, owner, "seller-1")
    shipping_policies.save_policy(db, owner, POLICY, NOW)
    own_orders.save_order(db, owner, ORDER)
    run = runs.open_run(db, make_run(owner, user=USER, key=USER), reuse_since=None)[0]
    staging.stage_items(db, owner, run.id, [replace(make_item(1), notes=(("1", "mine"),))], NOW)
    staging.stage_wants(db, owner, run.id, [make_want(2)], NOW)
    apply_staged(db, owner, USER, run.id, WHOLE, WHOLE, origin="api", now=NOW)
    staging.stage_items(db, owner, run.id, [named(3)], NOW)
    staging.stage_wants(db, owner, run.id, [make_want(4)], NOW)
    items.replace_folders(db, owner, USER, [Folder(0, "All", 1)])
    stored_listings.save_listings(
        db, owner, [make_listing(1, origin=Origin.PAGE, artist="Nobody")], [Seller("seller-1")]
    )
    progress.log(db, run.id, NOW, "a line")
    results.save_work(db, run.id, "candidates", [1])
    interests.save_interest(db, owner, run.id, {"wanted": []})
    results.save_result(db, owner, run.id, "carts", {"user": USER}, NOW)
    feedback.record(db, owner, USER, ReleaseId(1), "loved", NOW)
    sessions.open_session(db, SECRET + bytes([owner]), owner, NOW, Lifetime(HOUR, HOUR))
    api_tokens.add_token(db, SECRET + bytes([owner]), owner, "feed reader", NOW)


def rows(db: Database, table: Table, owner: OwnerId) -> int:
    with db.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.owner == owner)
        return connection.execute(query).scalar_one()


def test_every_table_with_an_owner_is_exported(db: Database, owner: OwnerId) -> None:
    fill(db, owner)
    exported = whole_export(db, owner)
    assert len(PERSONAL) > 10
    assert {table.name for table in PERSONAL if not exported.get(table.name)} == personal_data.DERIVED
    assert json.loads(json.dumps(exported)) == exported


def test_an_export_has_the_records_titles_and_never_the_token(db: Database, owner: OwnerId) -> None:
    fill(db, owner)
    exported = whole_export(db, owner)
    assert [release["title"] for release in exported["releases"]] == ["Title 1", "Title 2"]
    assert exported["collection_item"][0]["notes"] == [["1", "mine"]]
    kept = {"owner": owner, "sealed": WITHHELD, "kind": "personal", "user_name": None}
    assert exported["token"] == [kept]
    assert (exported["session"][0]["id"], exported["api_token"][0]["id"]) == (WITHHELD, WITHHELD)


def test_an_export_has_nothing_of_others(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    fill(db, stranger)
    exported = whole_export(db, owner)
    assert {name for name, kept in exported.items() if kept} == {"account"}
    assert [row["owner"] for row in exported["account"]] == [owner]


def add_listings(db: Database, owner: OwnerId, count: int) -> None:
    """Uploaded copies, which a single upload may bring by the hundred thousand."""
    listings = [make_listing(id, id, origin=Origin.PAGE) for id in range(1, count + 1)]
    stored_listings.save_listings(db, owner, listings, [])


def test_an_export_of_several_blocks_has_each_row_once(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    count = 2 * personal_data.BLOCK + 7
    for person in (owner, stranger):
        add_listings(db, person, count)
        feedback.record_new(db, person, USER, map(ReleaseId, range(count)), "seen", NOW)
    wants = [make_want(id) for id in range(1, count + 1)]
    for user in (USER, UserName("another")):
        run = runs.open_run(db, make_run(owner, user=user, key=user), reuse_since=None)[0]
        staging.stage_wants(db, owner, run.id, wants, NOW)
        apply_staged(db, owner, user, run.id, WHOLE, WHOLE, origin="api", now=NOW)
    found = whole_export(db, owner)
    assert [row["id"] for row in found["listing"]] == list(range(1, count + 1))
    assert [row["release_id"] for row in found["event"]] == list(range(count))
    ids = [(user, id) for user in ("another", USER) for id in range(1, count + 1)]
    assert [(row["user_name"], row["release_id"]) for row in found["want"]] == ids
    assert [record["title"] for record in found["releases"]] == [f"Title {id}" for id in range(1, count + 1)]


def test_what_an_export_holds_in_memory_does_not_grow_with_the_rows(db: Database, owner: OwnerId) -> None:
    def peak() -> int:
        tracemalloc.start()
        for _, rows in personal_data.export_account(db, owner):
            for _ in rows:
                pass
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    add_listings(db, owner, 2 * personal_data.BLOCK)
    few = peak()
    add_listings(db, owner, 10 * personal_data.BLOCK)
    assert peak() < 1.5 * few


def hand_in(db: Database, owner: OwnerId, *ids: int) -> None:
    """Records that a file named, in the person's collection."""
    run = runs.open_run(db, make_run(owner, user=USER, key=f"{owner}"), reuse_since=None)[0]
    staging.stage_items(db, owner, run.id, [named(id) for id in ids], NOW)
    apply_staged(db, owner, USER, run.id, WHOLE, WHOLE, origin="files", now=NOW)


def test_releases_named_only_by_an_accounts_files_are_deleted_with_it(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    hand_in(db, owner, 1, 2, 3)
    hand_in(db, stranger, 2)
    releases.save_releases(db, [Release(ReleaseId(3), "From Discogs")], NOW)
    delete_whole(db, owner)
    assert releases.releases(db, [ReleaseId(id) for id in (1, 2, 3)], stranger).keys() == {2, 3}
    assert find_known(db, Question(words="file"), 9, stranger) == [2]
    with db.write() as connection:
        connection.execute(uploaded_release.delete())
    assert releases.releases(db, [ReleaseId(id) for id in (1, 2, 3)], stranger).keys() == {3}


def test_an_export_has_the_titles_of_the_person_s_own_files(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    hand_in(db, owner, 1, 2)
    hand_in(db, stranger, 2, 3)
    releases.save_releases(db, [Release(ReleaseId(1), "From Discogs")], NOW)
    titles = [release["title"] for release in whole_export(db, owner)["releases"]]
    assert titles == ["From Discogs", "From a file 2"]


def test_deleting_an_account_empties_every_table_with_an_owner(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    fill(db, owner)
    fill(db, stranger)
    delete_whole(db, owner)
    assert len(PERSONAL) > 10
    assert [table.name for table in PERSONAL if rows(db, table, owner)] == []
    assert [table.name for table in PERSONAL if not rows(db, table, stranger)] == []
