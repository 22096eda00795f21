"""Staging, applying and reading profiles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.fakes import HOUR, NOW, make_item, make_release, make_run, make_want

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import InstanceId, OwnerId, RunId, UserName, new_run_id
from discogs_assistant.model.profile import CollectionItem, Folder, Want
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items as stored_items
from discogs_assistant.store.profiles import profiles, staging
from discogs_assistant.store.profiles.applying import Coverage
from discogs_assistant.store.profiles.changes import WHOLE, ListReading, ProfileChange, apply_staged
from discogs_assistant.store.profiles.profiles import Counted
from discogs_assistant.store.runs import runs

USER = UserName("digger")


def open_run(db: Database, owner: OwnerId) -> RunId:
    return runs.open_run(db, make_run(owner, key=new_run_id()), reuse_since=None)[0].id


def sync(
    db: Database,
    owner: OwnerId,
    items: list[CollectionItem] | None = None,
    wants: list[Want] | None = None,
    *,
    run_id: RunId | None = None,
    **reported: Any,
) -> ProfileChange:
    run_id = run_id or open_run(db, owner)
    staging.stage_items(db, owner, run_id, items or [], NOW)
    staging.stage_wants(db, owner, run_id, wants or [], NOW)
    values: dict[str, Any] = {"collection": WHOLE, "wantlist": WHOLE, "origin": "api", "now": NOW} | reported
    return apply_staged(db, owner, USER, run_id, **values)


def state(db: Database, owner: OwnerId) -> profiles.ProfileState:
    found = profiles.profile(db, owner, USER)
    assert found is not None
    return found


def test_the_first_sync_adds_everything(db: Database, owner: OwnerId) -> None:
    change = sync(db, owner, [make_item(1), make_item(2)], [make_want(9)])
    assert change == ProfileChange(collection=2, wantlist=1, added=3, removed=0)


def test_what_was_staged_comes_back_whole(db: Database, owner: OwnerId) -> None:
    item = replace(
        make_item(1, rating=4),
        folder="Crate 7",
        media=Grade.NEAR_MINT,
        sleeve=SleeveGrade.NOT_GRADED,
        notes=(("1", "first\npressing"), ("Price", "€5")),
    )
    want = replace(make_want(9), rating=3, notes="soon")
    sync(db, owner, [item], [want])
    assert stored_items.collection(db, owner, USER) == [item]
    assert stored_items.wantlist(db, owner, USER) == [want]
    assert stored_items.wanted(db, owner, USER) == {want.release_id}


def test_owned_and_wanted_ids_are_those_of_one_owners_collector_alone(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1, 7), make_item(2, 7), make_item(3, 9)], [make_want(9), make_want(5)])
    owned, wanted = stored_items.owned_and_wanted(db, owner, USER)
    assert (sorted(owned), sorted(wanted)) == ([7, 9], [5, 9])
    for whose, user in ((OwnerId(owner + 1), USER), (owner, UserName("other"))):
        assert not any(stored_items.owned_and_wanted(db, whose, user))


def test_several_copies_of_a_release_are_all_kept(db: Database, owner: OwnerId) -> None:
    assert sync(db, owner, [make_item(1, 7), make_item(2, 7)]).collection == 2
    assert [item.release.id for item in stored_items.collection(db, owner, USER)] == [7, 7]


def test_a_full_pass_finds_what_was_removed(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1), make_item(2), make_item(3)], [make_want(8), make_want(9)])
    change = sync(db, owner, [make_item(2), make_item(4)], [make_want(9)])
    assert change == ProfileChange(collection=2, wantlist=1, added=1, removed=3)
    assert {item.instance_id for item in stored_items.collection(db, owner, USER)} == {2, 4}


def test_an_increment_only_adds(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1), make_item(2)], [make_want(9)])
    change = sync(
        db, owner, [make_item(3)], collection=ListReading("increment"), wantlist=ListReading("keep")
    )
    assert change == ProfileChange(collection=3, wantlist=1, added=1, removed=0)


def test_a_copy_known_under_another_number_is_no_change(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1, 7), make_item(2, 8)], origin="files")
    change = sync(db, owner, [make_item(101, 7), make_item(102, 8)])
    assert (change.added, change.removed) == (0, 0)


def test_a_list_that_was_not_read_stays(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1)], [make_want(9)])
    sync(db, owner, [make_item(2)], wantlist=ListReading("keep", private=True))
    assert [want.release_id for want in stored_items.wantlist(db, owner, USER)] == [9]
    assert state(db, owner).private_wantlist


def test_what_discogs_counted_stays_with_a_list_until_it_is_read_otherwise(
    db: Database, owner: OwnerId
) -> None:
    sync(
        db,
        owner,
        [make_item(1)],
        [make_want(9)],
        collection=ListReading("full", Counted(5, 9)),
        wantlist=ListReading("full", Counted(1, 9)),
    )
    sync(db, owner, collection=ListReading("keep"), wantlist=ListReading("keep", Counted(2, 9)))
    found = state(db, owner)
    assert (found.counted_collection, found.counted_wantlist) == (Counted(5, 9), Counted(2, 9))
    assert found.version == 1
    sync(db, owner, [make_item(1)], wantlist=ListReading("keep"), origin="files")
    assert state(db, owner).counted_collection is None


def test_applying_the_same_run_again_gives_the_same_result_and_keeps_later_changes(
    db: Database, owner: OwnerId
) -> None:
    first = open_run(db, owner)
    change = sync(db, owner, [make_item(1), make_item(2)], run_id=first)
    sync(db, owner, [make_item(1), make_item(2), make_item(3)])
    before = state(db, owner)
    again = apply_staged(db, owner, USER, first, WHOLE, WHOLE, origin="api", now=NOW + HOUR)
    assert again == change
    assert state(db, owner) == before
    assert len(stored_items.collection(db, owner, USER)) == 3


def test_staging_the_same_page_twice_counts_once(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    for _ in range(2):
        staging.stage_items(db, owner, run_id, [make_item(1), make_item(2)], NOW)
        staging.stage_wants(db, owner, run_id, [make_want(9)], NOW)
    assert staging.staged_counts(db, owner, run_id) == (2, 1)


def test_a_copy_that_is_twice_on_a_page_counts_once(db: Database, owner: OwnerId) -> None:
    assert sync(db, owner, [make_item(1), make_item(1)]).collection == 1


def test_applying_and_clearing_leave_nothing_staged(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    sync(db, owner, [make_item(1)], [make_want(9)], run_id=run_id)
    assert staging.staged_counts(db, owner, run_id) == (0, 0)
    staging.stage_items(db, owner, run_id, [make_item(1)], NOW)
    staging.clear_staged(db, owner, run_id)
    assert staging.staged_counts(db, owner, run_id) == (0, 0)


def test_the_version_rises_with_each_change_and_only_then(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1)], [make_want(9)])
    assert state(db, owner).version == 1
    sync(db, owner, [make_item(1)], [make_want(9)])
    assert state(db, owner).version == 1
    sync(db, owner, [make_item(1, rating=5)], [make_want(9)])
    assert state(db, owner).version == 2
    sync(db, owner, [], [make_want(9)])
    assert state(db, owner).version == 3


def test_an_empty_profile_is_a_profile(db: Database, owner: OwnerId) -> None:
    sync(db, owner)
    found = state(db, owner)
    assert (found.collection, found.wantlist, found.version) == (0, 0, 1)
    assert found.newest_collection is None


def test_the_state_tells_when_and_how_it_was_read(db: Database, owner: OwnerId) -> None:
    items = [make_item(1), replace(make_item(2), added=None)]
    sync(db, owner, items, [make_want(9)], origin="files", problems=["row 3 has no release_id"])
    found = state(db, owner)
    assert found.newest_collection == make_item(1).added
    assert found.newest_want == make_want(9).added
    assert (found.synced_at, found.uploaded, found.last_added) == (NOW, ("collection", "wantlist"), 3)
    assert not found.from_discogs
    assert found.problems == ("row 3 has no release_id",)


def test_the_newest_copies_come_first_and_undated_last(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1), make_item(3), replace(make_item(9), added=None), make_item(2)])
    assert [item.instance_id for item in stored_items.newest(db, owner, USER, 4)] == [3, 2, 1, 9]
    assert [item.instance_id for item in stored_items.newest(db, owner, USER, 2)] == [3, 2]


def test_a_copy_has_the_name_of_its_folder(db: Database, owner: OwnerId) -> None:
    sync(db, owner, [make_item(1)])
    stored_items.replace_folders(db, owner, USER, [Folder(0, "All", 1), Folder(1, "Uncategorized", 1)])
    assert stored_items.collection(db, owner, USER)[0].folder == "Uncategorized"


def test_folders_are_replaced_as_a_whole(db: Database, owner: OwnerId) -> None:
    stored_items.replace_folders(db, owner, USER, [Folder(0, "All", 3), Folder(5, "Sold", 1)])
    stored_items.replace_folders(db, owner, USER, [Folder(0, "All", 2)])
    assert stored_items.folders(db, owner, USER) == [Folder(0, "All", 2)]


def test_a_profile_is_seen_by_its_owner_alone(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    sync(db, owner, [make_item(1)], [make_want(9)])
    assert profiles.profile(db, stranger, USER) is None
    assert profiles.profiles(db, stranger) == []
    assert stored_items.collection(db, stranger, USER) == []
    assert stored_items.wantlist(db, stranger, USER) == []


def test_two_owners_keep_the_same_user_apart(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    run_id = open_run(db, owner)
    sync(db, owner, [make_item(1)], run_id=run_id)
    assert sync(db, stranger, [make_item(2)], run_id=run_id).added == 1
    assert [item.instance_id for item in stored_items.collection(db, owner, USER)] == [1]


def test_texts_that_databases_refuse_are_cleaned(db: Database, owner: OwnerId) -> None:
    want = replace(make_want(9), notes="a\0b\ud800c")
    item = replace(make_item(1), folder="\0", notes=(("1", "x\0\ud83d"),))
    sync(db, owner, [item], [want])
    assert stored_items.wantlist(db, owner, USER)[0].notes == "a\N{REPLACEMENT CHARACTER}b?c"
    assert stored_items.collection(db, owner, USER)[0].folder == "\N{REPLACEMENT CHARACTER}"


def test_nothing_can_be_staged_for_an_account_that_is_gone(db: Database) -> None:
    with pytest.raises(NotFoundError):
        staging.stage_items(db, OwnerId(999), new_run_id(), [make_item(1)], NOW)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    reads=st.lists(
        st.tuples(
            st.sampled_from(get_args(Coverage)),
            st.dictionaries(st.integers(1, 6), st.integers(1, 3)),
        ),
        max_size=5,
    )
)
def test_syncs_end_where_a_dictionary_ends(
    db: Database, owner: OwnerId, reads: list[tuple[Coverage, dict[int, int]]]
) -> None:
    sync(db, owner)
    kept: dict[int, int] = {}
    for coverage, read in reads:
        before = Counter(kept.values())
        if coverage != "keep":
            kept = read if coverage == "full" else kept | read
        items = [make_item(instance, release) for instance, release in read.items()]
        change = sync(db, owner, items, collection=ListReading(coverage), wantlist=ListReading("keep"))
        after = Counter(kept.values())
        assert change == ProfileChange(len(kept), 0, (after - before).total(), (before - after).total())
        owned = stored_items.collection(db, owner, USER)
        assert {item.instance_id: item.release for item in owned} == {
            InstanceId(instance): make_release(release) for instance, release in kept.items()
        }
