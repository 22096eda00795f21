"""A person's own name, on both databases: their data follows when it changes or gets a new spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.store.fakes import HOUR, NOW, make_item, make_run, make_want

from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.model.ids import OwnerId, ReleaseId, RunId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import Folder
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items as stored_items
from discogs_assistant.store.profiles import profiles, staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import results, runs
from discogs_assistant.store.schema import metadata

OLD, NEW = UserName("Digger"), UserName("Crate")
NAMED = [table for table in metadata.sorted_tables if {"owner", "user_name"} <= {*table.c.keys()}]


def sign_in(db: Database, user: UserName, number: int = 7) -> OwnerId:
    """As Discogs' answer does it: the account, and then the token with its name."""
    owner, _ = accounts.sign_in(db, number, user, NOW)
    discogs_tokens.save_token(db, Vault.open(Path(), "key"), owner, OAuthToken("public", "secret", user))
    return owner


def sync(db: Database, owner: OwnerId, user: UserName, *items: int, at: datetime = NOW) -> RunId:
    """A run that reads a profile of these copies, one want and one folder."""
    run = runs.open_run(db, make_run(owner, user=user, key=f"{user} {at}"), reuse_since=None)[0]
    stored_items.replace_folders(db, owner, user, [Folder(0, f"All of {user}", 1)])
    staging.stage_items(db, owner, run.id, [make_item(id) for id in items], at)
    staging.stage_wants(db, owner, run.id, [make_want(90 + len(items))], at)
    apply_staged(db, owner, user, run.id, WHOLE, WHOLE, origin="api", now=at)
    results.save_result(db, owner, run.id, "sync", {"user": user}, at)
    return run.id


def names(db: Database, owner: OwnerId) -> dict[str, set[str]]:
    """The names under which something of the owner's is kept, by table."""

    def of_tables() -> Iterator[tuple[str, set[str]]]:
        with db.read() as connection:
            for table in NAMED:
                kept = connection.scalars(select(table.c.user_name).where(table.c.owner == owner))
                yield table.name, set(kept)

    return dict(of_tables())


def copies(db: Database, owner: OwnerId, user: UserName) -> set[int]:
    return {item.instance_id for item in stored_items.collection(db, owner, user)}


def test_all_data_of_a_person_follows_to_their_new_name(db: Database) -> None:
    owner = sign_in(db, OLD)
    accounts.set_consent(db, owner, True)
    run = sync(db, owner, OLD, 1, 2)
    feedback.record(db, owner, OLD, ReleaseId(5), "loved", NOW)
    assert sign_in(db, NEW) == owner
    assert names(db, owner) == {table.name: {NEW} for table in NAMED}
    assert copies(db, owner, NEW) == {1, 2}
    assert feedback.feedback(db, owner, NEW).loved == {5}
    assert accounts.own_profiles(db, consenting=True) == [(owner, NEW)]
    assert results.latest_run(db, owner, NEW, "sync") == run
    kept = results.result(db, owner, run)
    assert kept is not None
    assert kept.document == {"user": NEW}


def test_a_sync_that_was_applied_under_the_old_name_is_not_done_again(db: Database) -> None:
    owner = sign_in(db, OLD)
    run = sync(db, owner, OLD, 1, 2)
    sign_in(db, NEW)
    apply_staged(db, owner, NEW, run, WHOLE, WHOLE, origin="api", now=NOW)
    assert copies(db, owner, NEW) == {1, 2}


@pytest.mark.parametrize(
    ("synced", "left", "version"),
    [
        ([(OLD, [1, 2]), (NEW, [3])], {3}, 2),
        ([(NEW, [1, 2]), (OLD, [3])], {3}, 2),
        ([(NEW, [1, 2])], {1, 2}, 1),
    ],
)
def test_of_two_profiles_the_one_synced_last_stays_and_all_that_was_said(
    db: Database, synced: list[tuple[UserName, list[int]]], left: set[int], version: int
) -> None:
    owner = sign_in(db, OLD)
    for hours, (user, releases) in enumerate(synced):
        sync(db, owner, user, *releases, at=NOW + hours * HOUR)
    for user, release, kind in (
        (OLD, 5, "loved"),
        (NEW, 6, "hidden"),
        (NEW, 5, "hidden"),
        (OLD, 8, "bought"),
    ):
        feedback.record(db, owner, user, ReleaseId(release), kind, NOW)  # type: ignore[arg-type]
    sign_in(db, NEW)
    assert copies(db, owner, NEW) == left
    assert [folder.name for folder in stored_items.folders(db, owner, NEW)] == [f"All of {synced[-1][0]}"]
    said = feedback.feedback(db, owner, NEW)
    assert [sorted(some) for some in (said.loved, said.hidden, said.bought)] == [[], [5, 6], [8]]
    assert {user for some in names(db, owner).values() for user in some} == {NEW}
    state = profiles.profile(db, owner, NEW)
    assert state is not None
    assert state.version == version


def test_a_name_that_was_given_to_somebody_else_is_remembered_for_what_was_kept_under_it(
    db: Database,
) -> None:
    owner = sign_in(db, OLD)
    sync(db, owner, OLD, 1)
    other = sign_in(db, OLD, number=8)
    sync(db, other, OLD, 2)
    sign_in(db, NEW)
    assert (copies(db, owner, NEW), copies(db, owner, OLD)) == ({1}, set())
    assert copies(db, other, OLD) == {2}


def test_what_was_read_of_others_stays_theirs(db: Database) -> None:
    owner, friend = sign_in(db, OLD), UserName("friend")
    sync(db, owner, friend, 4)
    stranger = sign_in(db, OLD, number=9)
    sync(db, stranger, OLD, 1)
    sign_in(db, NEW)
    assert copies(db, owner, friend) == {4}
    assert copies(db, stranger, OLD) == {1}


def test_what_was_kept_in_another_spelling_is_found_after_the_next_sign_in(db: Database) -> None:
    owner = sign_in(db, OLD)
    sync(db, owner, UserName("digger"), 1)
    assert copies(db, owner, OLD) == set()
    sign_in(db, OLD)
    assert copies(db, owner, OLD) == {1}


def test_a_person_who_changes_their_name_in_the_settings_keeps_their_data(
    db: Database, owner: OwnerId
) -> None:
    sync(db, owner, UserName("digger"), 1)
    chosen = Preferences(user=UserName("DIGGER"))
    accounts.set_preferences(db, owner, chosen)
    assert copies(db, owner, UserName("DIGGER")) == {1}
    accounts.set_preferences(db, owner, replace(chosen, user=NEW))
    assert (copies(db, owner, UserName("DIGGER")), copies(db, owner, NEW)) == ({1}, set())


def test_a_name_is_spelled_as_the_account_does_and_else_as_its_profile(db: Database, owner: OwnerId) -> None:
    for user in ("digger", "Digger"):
        sync(db, owner, UserName(user), 1)
    assert [profiles.spelling(db, owner, UserName(user)) for user in ("digger", "DIGGER", "other")] == [
        "digger",
        "Digger",
        "other",
    ]
    accounts.set_preferences(db, owner, Preferences(user=UserName("dIGGER")))
    assert {profiles.spelling(db, owner, UserName(user)) for user in ("digger", "DIGGER")} == {"dIGGER"}
