"""Forgetting collectors: by an account, by an operator, by itself; and how many a person may keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.pipelines.installation import House
from tests.store.accounts.exports import whole_export
from tests.uploads import import_profile_files
from tests.web.fakes import FakeQueue

from discogs_assistant.config import Mode
from discogs_assistant.errors import ConflictError, NotFoundError
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts.model_folders import forget_left_models, versions_of
from discogs_assistant.pipelines.profiles import forgetting
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import account_deletion, accounts, allowances
from discogs_assistant.store.accounts.allowances import Allowance
from discogs_assistant.store.profiles import profiles

FILE = b"release_id\n10\n"
USER, FRIEND = UserName("digger"), UserName("friend")


def read(house: House, user: str, owner: OwnerId | None = None) -> None:
    import_profile_files(house.ctx, owner or house.owner, user, FILE, None)


def be(house: House, user: UserName, owner: OwnerId | None = None) -> None:
    accounts.set_preferences(house.ctx.db, owner or house.owner, Preferences(user=user))


def kept(house: House, owner: OwnerId | None = None) -> set[str]:
    return {one.user for one in profiles.profiles(house.ctx.db, owner or house.owner)}


def hosted(house: House, **chosen: Any) -> Context:
    """The same installation with many people."""
    return house.with_settings(mode=Mode.HOSTED, **chosen).ctx


def ask(ctx: Context, owner: OwnerId, user: str) -> runs.RunRequest:
    return runs.request(ctx, FakeQueue(), owner, RunKind.SYNC, user, {})


def test_an_operator_forgets_a_collector_for_all(house: House) -> None:
    other = accounts.add_account(house.ctx.db, "other", house.clock.now())
    for owner in (house.owner, other):
        read(house, FRIEND, owner)
        read(house, USER, owner)
    assert forgetting.forget_everywhere(house.ctx, "FRIEND") == 2
    assert kept(house) == kept(house, other) == {USER}
    with pytest.raises(NotFoundError, match="stores data about “FRIEND”"):
        forgetting.forget_everywhere(house.ctx, "FRIEND")


def test_what_is_not_kept_cannot_be_forgotten(house: House) -> None:
    with pytest.raises(NotFoundError, match="No data is stored about “nobody”"):
        forgetting.forget_collector(house.ctx, house.owner, "nobody")


def test_the_workflow_library_gets_the_runs(house: House) -> None:
    removed: list[Any] = []
    read(house, FRIEND)
    run = house.open(RunKind.SYNC, FRIEND)
    forgetting.forget_collector(house.with_parts(forget_runs=removed.extend).ctx, house.owner, "Friend")
    assert run.id in removed
    assert len(removed) == 2


def test_an_hour_s_upkeep_finishes_a_deletion_that_was_cut_off(house: House) -> None:
    gone = accounts.add_account(house.ctx.db, "gone", house.clock.now())
    read(house, FRIEND, gone)
    account_deletion.shut_account(house.ctx.db, gone)
    read(house, FRIEND)
    forgetting.forget_old(house.ctx, house.clock.now() - timedelta(days=30))
    assert not any(whole_export(house.ctx.db, gone).values())
    assert kept(house) == {FRIEND}
    assert account_deletion.shut_accounts(house.ctx.db) == []


def test_an_hour_s_upkeep_forgets_addresses_and_empties_the_database_s_log(house: House) -> None:
    allowed = Allowance("sign-in of an address", 20, timedelta(minutes=10))
    allowances.take(house.ctx.db, allowed, "203.0.113.77", house.clock.now())
    [file] = [path for path in house.ctx.settings.data_dir.glob("*.db") if path.name == "assistant.db"]
    house.clock.sleep(700)
    forgetting.forget_old(house.ctx, house.clock.now() - timedelta(days=30))
    assert b"203.0.113.77" not in file.read_bytes()
    assert file.with_name("assistant.db-wal").stat().st_size == 0


def test_what_nobody_used_for_long_goes_and_all_else_stays(house: House) -> None:
    be(house, USER)
    for user in (USER, FRIEND):
        read(house, user)
    house.clock.sleep(86_400)
    read(house, "fresh")
    forgetting.forget_unused(house.ctx, house.clock.now() - timedelta(hours=12))
    assert kept(house) == {USER, "fresh"}


def test_models_go_with_their_collector_on_each_machine(house: House) -> None:
    be(house, USER)
    for user in (USER, FRIEND, "elsewhere"):
        read(house, user)
    roots = {
        user: versions_of(house.ctx.settings, house.owner, UserName(user), shared=False).root
        for user in (USER, FRIEND, "elsewhere", "forgotten on another machine")
    }
    for root in roots.values():
        root.mkdir(parents=True)
    forgetting.forget_collector(house.ctx, house.owner, FRIEND)
    assert {user for user, root in roots.items() if not root.exists()} == {FRIEND}
    forget_left_models(house.ctx)
    assert {user for user, root in roots.items() if root.exists()} == {USER, "elsewhere"}


def test_nobody_keeps_more_collectors_than_so_many(house: House) -> None:
    ctx = hosted(house, collectors_per_person=2)
    be(house, USER)
    read(house, FRIEND)
    ask(ctx, house.owner, "second")
    for read_again in (USER, "Digger", FRIEND, "Friend", "second"):
        ask(ctx, house.owner, read_again)
    with pytest.raises(ConflictError, match="the records of 2 other collectors"):
        ask(ctx, house.owner, "third")
    with pytest.raises(ConflictError, match="Remove some"):
        import_profile_files(ctx, house.owner, "third", FILE, None)
    forgetting.forget_collector(ctx, house.owner, FRIEND)
    assert ask(ctx, house.owner, "third").status == "new"


def test_another_person_and_local_mode_feel_nothing_of_it(house: House) -> None:
    ctx = hosted(house, collectors_per_person=0)
    with pytest.raises(ConflictError):
        ask(ctx, house.owner, FRIEND)
    other = accounts.add_account(ctx.db, "other", house.clock.now())
    assert ask(ctx, other, "other").status == "new"
    local = house.with_settings(mode=Mode.LOCAL, collectors_per_person=0).ctx
    assert ask(local, house.owner, FRIEND).status == "new"
