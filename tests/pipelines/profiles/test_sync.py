"""Sync against the made-up Discogs: the right profile with as few requests as it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from tests.pipelines.fakes import CutOffError, InlineFlow
from tests.pipelines.installation import Installation, open_installation
from tests.sandbox.sandbox_client import words_of
from tests.uploads import import_profile_files

from discogs_assistant.errors import NotFoundError, PrivateError, UnreachableError
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.profiles.sync import ensure_profile, sync_profile
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import Flow, run_of
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import open_http
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import items
from discogs_assistant.store.runs import runs
from discogs_sandbox.routes.context import RouteContext
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import token_of

COLLECTION_CSV = (
    b"Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added,"
    b"Collection Media Condition,Collection Sleeve Condition,Collection Notes\r\n"
    b"A 1,Somebody,Something,House,LP,4,1999,101,Uncategorized,2020-01-01 10:00:00,Near Mint (NM or M-),,\r\n"
    b"A 1,Somebody,Something,House,LP,,1999,101,Uncategorized,2020-01-02 10:00:00,,,\r\n"
    b"B 1,Nobody,Nothing,House,LP,,2001,none,Uncategorized,2020-01-03 10:00:00,,,\r\n"
)
WANTLIST_CSV = (
    b"Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,Notes\r\n"
    b"C 1,Somebody,Else,House,LP,,1999,202,please\r\n"
)


def sync(
    installation: Installation, user: str, ctx: Context | None = None, **options: Any
) -> dict[str, object]:
    """The result document of one sync."""
    run = installation.open(RunKind.SYNC, user, **options)

    def body(own: Context, flow: Flow) -> None:
        sync_profile(ctx or own, flow)

    return installation.carry_out(body, run)


def signed_in(installation: Installation, user: str) -> Context:
    """The context of somebody whose token is `user`'s own."""

    def client(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        api = DiscogsApi(
            open_http(installation.server.url, installation.clock),
            installation.budget,
            installation.clock,
            api_url=installation.server.url,
            user_agent="Test/1.0 +https://t.test",
            token=token_of(user),
        )
        return DiscogsClient(api)

    return installation.with_parts(discogs=client).ctx


def offline(installation: Installation) -> Context:
    """The context of an instance that cannot reach Discogs."""

    def client(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        url = "http://127.0.0.1:9"
        api = DiscogsApi(
            open_http(url, installation.clock),
            installation.budget,
            installation.clock,
            api_url=url,
            user_agent="Test/1.0",
        )
        return DiscogsClient(api)

    return installation.with_parts(discogs=client).ctx


def ensure(ctx: Context, installation: Installation, user: str) -> Run:
    """A run for which the profile was made as new as can be had."""
    run = installation.open(RunKind.RECOMMEND, user)
    flow = InlineFlow(run.id)
    ensure_profile(ctx, flow, run_of(ctx.db, flow))
    now = runs.run_for_worker(ctx.db, run.id)
    assert now is not None
    return now


def test_the_first_sync_reads_every_copy_and_every_want(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[0]
    done = sync(installation, account.name)
    assert done == {
        "user": account.name,
        "collection": len(account.items),
        "wantlist": len(account.wants),
        "added": len(account.items) + len(account.wants),
        "removed": 0,
        "partial": [],
    }
    held = items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    assert {item.instance_id for item in held} == {item.instance for item in account.items}
    assert all(item.added for item in held)


def test_a_release_owned_twice_counts_twice(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[1]
    copy = installation.world.add_item(account.name, account.items[0].release)
    assert sync(installation, account.name)["collection"] == len(
        installation.world.account(account.name).items
    )
    installation.world.remove_item(account.name, copy.instance)
    assert sync(installation, account.name)["removed"] == 1


def test_an_unchanged_profile_costs_three_requests(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[2]
    sync(installation, account.name)
    before = installation.asked
    done = sync(installation, account.name)
    assert (done["added"], done["removed"]) == (0, 0)
    assert installation.asked - before == 3


def test_what_was_only_added_is_read_without_the_rest(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[3]
    sync(installation, account.name)
    owned = {item.release for item in account.items}
    new = [release for release in installation.world.releases if release not in owned][:3]
    for release in new:
        installation.world.add_item(account.name, release)
    before = installation.asked
    done = sync(installation, account.name)
    assert (done["added"], done["removed"]) == (3, 0)
    assert installation.asked - before == 3


def test_a_removal_is_found(installation: Installation, open_collectors: list[Account]) -> None:
    account = open_collectors[4]
    sync(installation, account.name)
    installation.world.remove_item(account.name, account.items[5].instance)
    installation.world.remove_want(account.name, account.wants[0].release)
    done = sync(installation, account.name)
    now = installation.world.account(account.name)
    assert (done["added"], done["removed"]) == (0, 2)
    assert (done["collection"], done["wantlist"]) == (len(now.items), len(now.wants))


def test_a_removal_hidden_by_an_addition_is_found(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[5]
    sync(installation, account.name)
    owned = {item.release for item in account.items}
    installation.world.remove_item(account.name, account.items[5].instance)
    installation.world.add_item(account.name, next(r for r in installation.world.releases if r not in owned))
    done = sync(installation, account.name)
    assert (done["added"], done["removed"]) == (1, 1)


def test_full_reads_everything_again(installation: Installation, open_collectors: list[Account]) -> None:
    account = open_collectors[6]
    sync(installation, account.name)
    before = installation.asked
    sync(installation, account.name, full=True)
    assert installation.asked - before > 3


def test_the_owners_token_tells_folders_and_notes(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[0]
    sync(installation, account.name, signed_in(installation, account.name))
    held = {
        item.instance_id: item
        for item in items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    }
    names = dict(account.folders)
    assert len(account.items) > 100
    for item in account.items:
        copy = held[item.instance]  # type: ignore[index]
        assert (copy.folder_id, copy.folder) == (item.folder, names[item.folder])
        assert (words_of(copy.media), copy.rating) == (item.media, item.rating)
    folders = items.folders(installation.ctx.db, installation.owner, UserName(account.name))
    assert {folder.id for folder in folders} == set(names)


@pytest.mark.parametrize("missing", ["folders", "fields"])
def test_a_collection_without_names_of_folders_or_fields_is_read_all_the_same(
    installation: Installation, open_collectors: list[Account], monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    account = open_collectors[0]

    def gone(routes: RouteContext, request: Request) -> Account:
        if request.url.path.endswith(f"/collection/{missing}"):
            raise HTTPException(404, "The requested resource was not found.")
        return answers(routes, request)

    answers = RouteContext.account
    monkeypatch.setattr(RouteContext, "account", gone)
    done = sync(installation, account.name, signed_in(installation, account.name))
    assert (done["collection"], done["wantlist"]) == (len(account.items), len(account.wants))
    assert len(done["partial"]) == 1  # type: ignore[arg-type]
    assert "did not give the names" in str(done["partial"])
    copies = items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    by_folder = {copy.folder for copy in copies}
    expected = {None} if missing == "folders" else {name for _, name in account.folders}
    assert by_folder <= expected
    assert by_folder


def test_one_private_list_is_said_and_the_other_read(installation: Installation) -> None:
    account = next(
        a for a in installation.world.collectors if a.private_collection and not a.private_wantlist
    )
    done = sync(installation, account.name)
    assert (done["collection"], done["wantlist"]) == (0, len(account.wants))
    assert len(done["partial"]) == 1  # type: ignore[arg-type]
    assert "private" in str(done["partial"])


def test_two_private_lists_are_an_error_without_the_owners_token(
    installation: Installation, open_collectors: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_collectors[0]
    monkeypatch.setattr(account, "private_collection", True)
    monkeypatch.setattr(account, "private_wantlist", True)
    with pytest.raises(PrivateError, match="private"):
        sync(installation, account.name)
    done = sync(installation, account.name, signed_in(installation, account.name))
    assert (done["collection"], done["wantlist"]) == (len(account.items), len(account.wants))


def test_a_user_who_is_gone_is_not_found(installation: Installation) -> None:
    with pytest.raises(NotFoundError):
        sync(installation, next(iter(installation.world.vanished)))


def test_the_limit_of_items_is_said_when_reached(
    discogs: SandboxServer, tmp_path: Path, open_collectors: list[Account]
) -> None:
    installation, account = (
        open_installation(discogs, tmp_path / "limited", max_profile_items=40),
        open_collectors[7],
    )
    try:
        first, second = sync(installation, account.name), sync(installation, account.name)
        assert first["collection"] == second["collection"] == 40
        assert any("limit" in str(sentence) for sentence in first["partial"])  # type: ignore[attr-defined]
        assert second["partial"] == first["partial"]
        assert (second["added"], second["removed"]) == (0, 0)
    finally:
        installation.ctx.db.close()


@pytest.mark.parametrize("doubled", [False, True])
def test_a_sync_cut_off_after_any_step_ends_the_same(
    installation: Installation, open_collectors: list[Account], doubled: bool
) -> None:
    account = open_collectors[8]
    whole = installation.open(RunKind.SYNC, account.name)
    flow = installation.flow(whole)
    wanted = installation.carry_out(sync_profile, whole, flow)
    assert len(flow.done) > 3
    for cut in range(len(flow.done)):
        fresh = accounts.add_account(installation.ctx.db, f"somebody {cut}", installation.clock.now())
        run = installation.open(RunKind.SYNC, account.name, owner=fresh)
        broken = installation.flow(run, cut_off_after=cut, doubled=doubled)
        with pytest.raises(CutOffError):
            sync_profile(installation.ctx, broken)
        assert installation.carry_out(sync_profile, run, broken.again()) == wanted


def test_recommendations_go_on_with_an_older_profile_while_discogs_is_down(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[9]
    sync(installation, account.name)
    installation.clock.sleep(3 * 3600)
    run = ensure(offline(installation), installation, account.name)
    assert len(run.partial) == 1
    assert "3 hours ago" in run.partial[0]
    assert "reached" in run.partial[0]


def test_without_an_older_profile_discogs_being_down_is_an_error(installation: Installation) -> None:
    with pytest.raises(UnreachableError):
        ensure(offline(installation), installation, "nobody-yet")


def test_a_profile_from_files_is_used_as_it_is(installation: Installation) -> None:
    import_profile_files(installation.ctx, installation.owner, "paper", COLLECTION_CSV, WANTLIST_CSV)
    run = ensure(offline(installation), installation, "paper")
    assert run.partial == ()


def test_a_sync_replaces_a_profile_from_files(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[1]
    import_profile_files(installation.ctx, installation.owner, account.name, COLLECTION_CSV, None)
    done = sync(installation, account.name)
    assert (done["collection"], done["removed"]) == (len(account.items), 2)


def test_files_are_a_run_whose_result_counts_copies_and_names_bad_rows(installation: Installation) -> None:
    run = import_profile_files(installation.ctx, installation.owner, "paper", COLLECTION_CSV, WANTLIST_CSV)
    document = installation.result(run)
    problems = document.pop("partial")
    assert document == {"user": "paper", "collection": 2, "wantlist": 1, "added": 3, "removed": 0}
    assert len(problems) == 1
    assert "line 4" in problems[0]
    assert run.state.ended
    assert run.partial == tuple(problems)


def test_a_list_without_a_file_stays_as_it_was(installation: Installation) -> None:
    import_profile_files(installation.ctx, installation.owner, "paper", COLLECTION_CSV, WANTLIST_CSV)
    run = import_profile_files(installation.ctx, installation.owner, "paper", COLLECTION_CSV, None)
    assert installation.result(run) | {"partial": []} == {
        "user": "paper",
        "collection": 2,
        "wantlist": 1,
        "added": 0,
        "removed": 0,
        "partial": [],
    }
