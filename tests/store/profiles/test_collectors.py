"""What is kept of a collector goes whole, for one account alone; and what nobody uses is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select
from tests.store.fakes import HOUR, NOW, make_item, make_run, make_want

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, ReleaseId, RunId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import Folder
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import collectors, items, staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import interests, progress, results, runs
from discogs_assistant.store.schema import metadata

USER, FRIEND = UserName("digger"), UserName("Friend")
MONTH = timedelta(days=30)
NAMED = [t for t in metadata.sorted_tables if {"owner", "user_name"} <= set(t.c.keys()) and t.name != "token"]
OF_RUNS = [table for table in metadata.sorted_tables if "run_id" in table.c]


def read(db: Database, owner: OwnerId, user: UserName, *, ended: bool = True) -> RunId:
    """Let an account keep something of a collector in every table that can."""
    run = runs.open_run(db, make_run(owner, user=user, key=f"{owner} {user}"), reuse_since=None)[0]
    progress.start(db, run.id, NOW)
    staging.stage_items(db, owner, run.id, [make_item(1)], NOW)
    staging.stage_wants(db, owner, run.id, [make_want(2)], NOW)
    apply_staged(db, owner, user, run.id, WHOLE, WHOLE, origin="api", now=NOW)
    staging.stage_items(db, owner, run.id, [make_item(3)], NOW)
    staging.stage_wants(db, owner, run.id, [make_want(4)], NOW)
    items.replace_folders(db, owner, user, [Folder(0, "All", 1)])
    results.save_work(db, run.id, "candidates", [1])
    interests.save_interest(db, owner, run.id, {"wanted": []})
    results.save_result(db, owner, run.id, "sync", {"user": user}, NOW)
    feedback.record(db, owner, user, ReleaseId(1), "loved", NOW)
    if ended:
        progress.finish(db, run.id, NOW, None)
    return run.id


def rows(db: Database, owner: OwnerId, user: UserName, run_id: RunId) -> dict[str, int]:
    """How many rows of each table are that collector's."""

    def count(table: Table) -> int:
        mine = table.c.owner == owner
        which = table.c.user_name == user if "user_name" in table.c else table.c.run_id == run_id
        with db.read() as connection:
            return connection.scalar(select(func.count()).select_from(table).where(mine, which)) or 0

    return {table.name: count(table) for table in {*NAMED, *OF_RUNS}}


@pytest.mark.parametrize("ended", [True, False])
def test_forgetting_leaves_nothing_of_the_collector_and_all_of_others(
    db: Database, owner: OwnerId, stranger: OwnerId, ended: bool
) -> None:
    others = [(owner, USER), (stranger, FRIEND)]
    pairs = [(owner, FRIEND), *others]
    read_by = {pair: read(db, *pair, ended=ended or pair != (owner, FRIEND)) for pair in pairs}
    before = {pair: rows(db, *pair, run) for pair, run in read_by.items()}
    assert all(all(found.values()) for found in before.values()), before
    gone = collectors.forget(db, owner, UserName("FRIEND"))
    assert gone == collectors.Forgotten((FRIEND,), (read_by[owner, FRIEND],))
    assert not any(rows(db, owner, FRIEND, read_by[owner, FRIEND]).values())
    for pair in others:
        assert rows(db, *pair, read_by[pair]) == before[pair]
    assert collectors.forget(db, owner, FRIEND) == collectors.Forgotten((), ())


def test_a_worker_saves_nothing_of_a_forgotten_collector(db: Database, owner: OwnerId) -> None:
    run = read(db, owner, FRIEND, ended=False)
    collectors.forget(db, owner, FRIEND)
    with pytest.raises(NotFoundError):
        staging.stage_items(db, owner, run, [make_item(5)], NOW)
    with pytest.raises(NotFoundError):
        apply_staged(db, owner, FRIEND, run, WHOLE, WHOLE, origin="api", now=NOW)
    assert not any(rows(db, owner, FRIEND, run).values())


def test_accounts_with_data_of_a_collector_are_found_in_any_case(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    read(db, owner, FRIEND)
    feedback.record(db, stranger, UserName("friend"), ReleaseId(1), "loved", NOW)
    read(db, stranger, USER)
    assert collectors.owners_of(db, UserName("frienD")) == sorted([owner, stranger])
    assert collectors.spellings(db, stranger, FRIEND) == ("friend",)
    assert collectors.spellings(db, owner, USER) == ()


def test_the_kept_are_those_with_a_profile_and_those_that_are_being_read(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    read(db, owner, FRIEND)
    runs.open_run(db, make_run(owner, user="coming", key="c"), reuse_since=None)
    failed = runs.open_run(db, make_run(owner, user="mistyped", key="m"), reuse_since=None)[0]
    progress.fail(db, failed.id, NOW, "No such user.", "not-found", "Check the spelling.")
    read(db, stranger, USER)
    assert collectors.stored_names(db, owner) == {FRIEND, "coming"}


def unused(db: Database, owner: OwnerId, *, at: timedelta = MONTH) -> list[UserName]:
    return [user for whose, user in collectors.unused(db, NOW + at) if whose == owner]


def test_unused_profiles_of_other_collectors_are_found(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    for whose in (owner, stranger):
        accounts.set_preferences(db, whose, Preferences(user=UserName("Digger")))
        for user in (USER, FRIEND):
            read(db, whose, user)
    assert unused(db, owner, at=timedelta(0)) == []
    assert unused(db, owner) == unused(db, stranger) == [FRIEND]
    assert collectors.note_look(db, owner, UserName("friend"), NOW + MONTH)
    assert (unused(db, owner), unused(db, stranger)) == ([], [FRIEND])
    assert unused(db, owner, at=MONTH + HOUR) == [FRIEND]


def test_a_run_that_uses_a_profile_keeps_it(db: Database, owner: OwnerId) -> None:
    accounts.set_preferences(db, owner, Preferences(user=USER))
    read(db, owner, FRIEND)
    run = runs.open_run(db, make_run(owner, user=FRIEND, key="later"), reuse_since=None)[0]
    assert unused(db, owner) == []
    progress.cancel(db, owner, run.id, NOW + MONTH)
    assert unused(db, owner) == []
    assert unused(db, owner, at=MONTH + HOUR) == [FRIEND]


def test_an_account_without_a_name_of_its_own_keeps_all(db: Database, owner: OwnerId) -> None:
    read(db, owner, FRIEND)
    assert unused(db, owner) == []


def test_a_view_of_a_missing_profile_is_not_noted(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    read(db, stranger, FRIEND)
    assert not collectors.note_look(db, owner, FRIEND, NOW)
