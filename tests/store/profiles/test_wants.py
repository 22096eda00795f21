"""Single wants put on a profile's wantlist, and taken off."""

from __future__ import annotations

from dataclasses import replace

from tests.store.fakes import HOUR, NOW, make_release, make_want
from tests.store.profiles.test_profiles import USER, state, sync

from discogs_assistant.model.ids import OwnerId, ReleaseId
from discogs_assistant.model.profile import Want
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items, profiles, wants
from discogs_assistant.store.profiles.changes import ListReading
from discogs_assistant.store.profiles.profiles import Counted


def wanted(db: Database, owner: OwnerId) -> list[int]:
    return sorted(items.wanted(db, owner, USER))


def test_a_want_is_on_the_list_and_counted_at_once(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [], [make_want(9)])
    before = state(db, owner)
    new = Want(make_release(11), rating=3, added=NOW, notes="soon")
    wants.put_want(db, owner, USER, new, NOW)
    assert items.wantlist(db, owner, USER)[0] == new
    after = state(db, owner)
    assert (after.wantlist, after.newest_want, after.version) == (2, NOW, before.version + 1)
    assert (after.collection, after.synced_at) == (before.collection, before.synced_at)


def test_a_want_that_is_taken_off_is_gone_from_list_and_count(db: Database, owner: OwnerId) -> None:
    first, last = make_want(9), make_want(10)
    sync(db, owner, [], [first, last])
    before = state(db, owner)
    wants.drop_want(db, owner, USER, ReleaseId(10))
    assert wanted(db, owner) == [9]
    after = state(db, owner)
    assert (after.wantlist, after.newest_want, after.version) == (1, first.added, before.version + 1)


def test_adding_a_want_twice_or_removing_a_missing_one_changes_nothing(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [], [make_want(9)])
    wants.put_want(db, owner, USER, make_want(9), NOW)
    assert state(db, owner).wantlist == 1
    version = state(db, owner).version
    wants.drop_want(db, owner, USER, ReleaseId(77))
    assert (state(db, owner).version, wanted(db, owner)) == (version, [9])


def test_what_discogs_counts_is_counted_along(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [], [make_want(9)], wantlist=ListReading("full", Counted(3, 10)))
    wants.put_want(db, owner, USER, make_want(11), NOW)
    wants.put_want(db, owner, USER, make_want(11), NOW)
    assert state(db, owner).counted_wantlist == Counted(4, 10)
    wants.drop_want(db, owner, USER, ReleaseId(9))
    assert state(db, owner).counted_wantlist == Counted(3, 10)


def test_without_a_profile_nothing_is_kept(db: Database, owner: OwnerId) -> None:
    wants.put_want(db, owner, USER, make_want(9), NOW)
    wants.drop_want(db, owner, USER, ReleaseId(9))
    assert profiles.profile(db, owner, USER) is None
    assert wanted(db, owner) == []


def test_only_the_owners_wantlist_changes(db: Database, owner: OwnerId) -> None:
    other = accounts.add_account(db, "other", NOW)
    for account in (owner, other):
        sync(db, account, [], [make_want(9)])
    wants.put_want(db, owner, USER, make_want(10), NOW)
    wants.drop_want(db, owner, USER, ReleaseId(9))
    assert (wanted(db, owner), wanted(db, other)) == ([10], [9])
    assert state(db, other).wantlist == 1


def test_more_complete_data_of_a_release_stays(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [], [make_want(9)])
    full = make_release(11, complete=True)
    releases.save_releases(db, [full], NOW - HOUR)
    wants.put_want(db, owner, USER, Want(replace(full, complete=False, styles=(), genres=())), NOW)
    assert releases.releases(db, [ReleaseId(11)])[ReleaseId(11)].styles == full.styles
    assert wanted(db, owner) == [9, 11]
