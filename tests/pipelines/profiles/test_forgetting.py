"""Forgetting collectors: by an account, by an operator, by itself; and how many a person may keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.pipelines.installation import Installation
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


def read(installation: Installation, user: str, owner: OwnerId | None = None) -> None:
    import_profile_files(installation.ctx, owner or installation.owner, user, FILE, None)


def be(installation: Installation, user: UserName, owner: OwnerId | None = None) -> None:
    accounts.set_preferences(installation.ctx.db, owner or installation.owner, Preferences(user=user))


def kept(installation: Installation, owner: OwnerId | None = None) -> set[str]:
    return {profile.user for profile in profiles.profiles(installation.ctx.db, owner or installation.owner)}


def hosted(installation: Installation, **chosen: Any) -> Context:
    """The same installation with many people."""
    return installation.with_settings(mode=Mode.HOSTED, **chosen).ctx


def ask(ctx: Context, owner: OwnerId, user: str) -> runs.RunRequest:
    return runs.request(ctx, FakeQueue(), owner, RunKind.SYNC, user, {})


def test_an_operator_forgets_a_collector_for_all(installation: Installation) -> None:
    other = accounts.add_account(installation.ctx.db, "other", installation.clock.now())
    for owner in (installation.owner, other):
        read(installation, FRIEND, owner)
        read(installation, USER, owner)
    assert forgetting.forget_everywhere(installation.ctx, "FRIEND") == 2
    assert kept(installation) == kept(installation, other) == {USER}
    with pytest.raises(NotFoundError, match="stores data about “FRIEND”"):
        forgetting.forget_everywhere(installation.ctx, "FRIEND")


def test_what_is_not_kept_cannot_be_forgotten(installation: Installation) -> None:
    with pytest.raises(NotFoundError, match="No data is stored about “nobody”"):
        forgetting.forget_collector(installation.ctx, installation.owner, "nobody")


def test_the_workflow_library_gets_the_runs(installation: Installation) -> None:
    removed: list[Any] = []
    read(installation, FRIEND)
    run = installation.open(RunKind.SYNC, FRIEND)
    forgetting.forget_collector(
        installation.with_parts(forget_runs=removed.extend).ctx, installation.owner, "Friend"
    )
    assert run.id in removed
    assert len(removed) == 2


def test_an_hour_s_upkeep_finishes_a_deletion_that_was_cut_off(installation: Installation) -> None:
    gone = accounts.add_account(installation.ctx.db, "gone", installation.clock.now())
    read(installation, FRIEND, gone)
    account_deletion.shut_account(installation.ctx.db, gone)
    read(installation, FRIEND)
    forgetting.forget_old(installation.ctx, installation.clock.now() - timedelta(days=30))
    assert not any(whole_export(installation.ctx.db, gone).values())
    assert kept(installation) == {FRIEND}
    assert account_deletion.shut_accounts(installation.ctx.db) == []


def test_an_hour_s_upkeep_forgets_addresses_and_empties_the_database_s_log(
    installation: Installation,
) -> None:
    allowed = Allowance("sign-in of an address", 20, timedelta(minutes=10))
    allowances.take(installation.ctx.db, allowed, "203.0.113.77", installation.clock.now())
    [file] = [path for path in installation.ctx.settings.data_dir.glob("*.db") if path.name == "assistant.db"]
    installation.clock.sleep(700)
    forgetting.forget_old(installation.ctx, installation.clock.now() - timedelta(days=30))
    assert b"203.0.113.77" not in file.read_bytes()
    assert file.with_name("assistant.db-wal").stat().st_size == 0


def test_what_nobody_used_for_long_goes_and_all_else_stays(installation: Installation) -> None:
    be(installation, USER)
    for user in (USER, FRIEND):
        read(installation, user)
    installation.clock.sleep(86_400)
    read(installation, "fresh")
    forgetting.forget_unused(installation.ctx, installation.clock.now() - timedelta(hours=12))
    assert kept(installation) == {USER, "fresh"}


def test_models_go_with_their_collector_on_each_machine(installation: Installation) -> None:
    be(installation, USER)
    for user in (USER, FRIEND, "elsewhere"):
        read(installation, user)
    roots = {
        user: versions_of(installation.ctx.settings, installation.owner, UserName(user), shared=False).root
        for user in (USER, FRIEND, "elsewhere", "forgotten on another machine")
    }
    for root in roots.values():
        root.mkdir(parents=True)
    forgetting.forget_collector(installation.ctx, installation.owner, FRIEND)
    assert {user for user, root in roots.items() if not root.exists()} == {FRIEND}
    forget_left_models(installation.ctx)
    assert {user for user, root in roots.items() if root.exists()} == {USER, "elsewhere"}


def test_nobody_keeps_more_collectors_than_so_many(installation: Installation) -> None:
    ctx = hosted(installation, collectors_per_person=2)
    be(installation, USER)
    read(installation, FRIEND)
    ask(ctx, installation.owner, "second")
    for read_again in (USER, "Digger", FRIEND, "Friend", "second"):
        ask(ctx, installation.owner, read_again)
    with pytest.raises(ConflictError, match="the records of 2 other collectors"):
        ask(ctx, installation.owner, "third")
    with pytest.raises(ConflictError, match="Remove some"):
        import_profile_files(ctx, installation.owner, "third", FILE, None)
    forgetting.forget_collector(ctx, installation.owner, FRIEND)
    assert ask(ctx, installation.owner, "third").status == "new"


def test_another_person_and_local_mode_feel_nothing_of_it(installation: Installation) -> None:
    ctx = hosted(installation, collectors_per_person=0)
    with pytest.raises(ConflictError):
        ask(ctx, installation.owner, FRIEND)
    other = accounts.add_account(ctx.db, "other", installation.clock.now())
    assert ask(ctx, other, "other").status == "new"
    local = installation.with_settings(mode=Mode.LOCAL, collectors_per_person=0).ctx
    assert ask(local, installation.owner, FRIEND).status == "new"
