"""One list uploaded as a file, the other one at Discogs: each is as new as where it comes from."""

from __future__ import annotations

import pytest
from tests.pipelines.installation import Installation
from tests.pipelines.profiles.test_sync import COLLECTION_CSV, WANTLIST_CSV, ensure, sync
from tests.uploads import import_profile_files

from discogs_assistant.errors import PrivateError
from discogs_assistant.model.ids import UserName
from discogs_assistant.store.profiles import items, profiles
from discogs_assistant.store.profiles.profiles import ProfileState
from discogs_sandbox.world.entities import Account

UPLOADED = {202}


@pytest.fixture
def account(installation: Installation) -> Account:
    """A collector with both lists open."""
    return next(
        collector
        for collector in installation.world.collectors
        if not collector.private_collection and not collector.private_wantlist and len(collector.items) > 100
    )


def state(installation: Installation, account: Account) -> ProfileState:
    found = profiles.profile(installation.ctx.db, installation.owner, UserName(account.name))
    assert found is not None
    return found


def owned(installation: Installation, account: Account) -> set[int]:
    held = items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    return {int(copy.instance_id) for copy in held}


def wanted(installation: Installation, account: Account) -> set[int]:
    return {int(id) for id in items.wanted(installation.ctx.db, installation.owner, UserName(account.name))}


def hand_in(
    installation: Installation, account: Account, collection: bytes | None, wantlist: bytes | None
) -> None:
    import_profile_files(installation.ctx, installation.owner, account.name, collection, wantlist)


def test_the_list_beside_an_uploaded_one_stays_as_new_as_discogs(
    installation: Installation, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "private_wantlist", True)
    assert "wantlist" in str(sync(installation, account.name)["partial"])
    hand_in(installation, account, None, WANTLIST_CSV)
    new = installation.world.add_item(account.name, account.items[0].release)
    assert ensure(installation.ctx, installation, account.name).partial == ()
    assert new.instance in owned(installation, account)
    assert wanted(installation, account) == UPLOADED
    assert state(installation, account).uploaded == ("wantlist",)
    installation.world.remove_item(account.name, new.instance)
    ensure(installation.ctx, installation, account.name)
    assert new.instance not in owned(installation, account)


def test_recommendations_and_carts_do_not_ask_for_an_uploaded_list(
    installation: Installation, account: Account
) -> None:
    sync(installation, account.name)
    hand_in(installation, account, None, WANTLIST_CSV)
    before = installation.asked
    ensure(installation.ctx, installation, account.name)
    assert installation.asked - before == 2, "the user, and the newest page of the collection"
    assert wanted(installation, account) == UPLOADED
    hand_in(installation, account, COLLECTION_CSV, None)
    before = installation.asked
    ensure(installation.ctx, installation, account.name)
    assert installation.asked == before
    assert not state(installation, account).from_discogs


def test_a_file_does_not_make_the_list_beside_it_newer(installation: Installation, account: Account) -> None:
    sync(installation, account.name)
    read_at = state(installation, account).synced_at
    hand_in(installation, account, None, WANTLIST_CSV)
    assert state(installation, account).synced_at == read_at
    hand_in(installation, account, COLLECTION_CSV, None)
    assert state(installation, account).synced_at != read_at


@pytest.mark.parametrize("full", [False, True])
def test_a_sync_leads_back_to_discogs_for_both_lists(
    installation: Installation, account: Account, full: bool
) -> None:
    sync(installation, account.name)
    hand_in(installation, account, COLLECTION_CSV, WANTLIST_CSV)
    sync(installation, account.name, full=full)
    assert state(installation, account).uploaded == ()
    assert owned(installation, account) == {item.instance for item in account.items}
    assert wanted(installation, account) == {want.release for want in account.wants}


@pytest.mark.parametrize("full", [False, True])
def test_an_uploaded_list_that_is_private_stays_without_complaint(
    installation: Installation, account: Account, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    monkeypatch.setattr(account, "private_wantlist", True)
    sync(installation, account.name)
    hand_in(installation, account, COLLECTION_CSV, WANTLIST_CSV)
    assert sync(installation, account.name, full=full)["partial"] == []
    now = state(installation, account)
    assert (now.uploaded, now.private_wantlist) == (("wantlist",), False)
    assert wanted(installation, account) == UPLOADED
    assert owned(installation, account) == {item.instance for item in account.items}


def test_a_private_list_beside_an_uploaded_one_is_said(
    installation: Installation, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(installation, account.name)
    hand_in(installation, account, None, WANTLIST_CSV)
    monkeypatch.setattr(account, "private_collection", True)
    monkeypatch.setattr(account, "private_wantlist", True)
    (sentence,) = ensure(installation.ctx, installation, account.name).partial
    assert sentence.startswith("The collection of")
    assert "private" in sentence
    assert state(installation, account).private_collection
    hand_in(installation, account, None, WANTLIST_CSV)
    assert state(installation, account).private_collection, "the file held nothing of the collection"
    with pytest.raises(PrivateError, match="Both"):
        sync(installation, account.name)


def test_a_list_of_which_nothing_was_ever_read_was_not_uploaded(
    installation: Installation, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(installation, account, None, WANTLIST_CSV)
    assert state(installation, account).uploaded == ("wantlist",)
    monkeypatch.setattr(account, "private_collection", True)
    assert "The collection of" in str(sync(installation, account.name)["partial"])
