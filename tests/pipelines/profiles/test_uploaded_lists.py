"""One list uploaded as a file, the other one at Discogs: each is as new as where it comes from."""

from __future__ import annotations

import pytest
from tests.pipelines.installation import House
from tests.pipelines.profiles.test_sync import COLLECTION_CSV, WANTLIST_CSV, ensure, sync
from tests.uploads import import_profile_files

from discogs_assistant.errors import PrivateError
from discogs_assistant.model.ids import UserName
from discogs_assistant.store.profiles import items, profiles
from discogs_assistant.store.profiles.profiles import ProfileState
from discogs_sandbox.world.entities import Account

UPLOADED = {202}


@pytest.fixture
def account(house: House) -> Account:
    """A collector with both lists open."""
    return next(
        one
        for one in house.world.collectors
        if not one.private_collection and not one.private_wantlist and len(one.items) > 100
    )


def state(house: House, account: Account) -> ProfileState:
    found = profiles.profile(house.ctx.db, house.owner, UserName(account.name))
    assert found is not None
    return found


def owned(house: House, account: Account) -> set[int]:
    held = items.collection(house.ctx.db, house.owner, UserName(account.name))
    return {int(one.instance_id) for one in held}


def wanted(house: House, account: Account) -> set[int]:
    return {int(id) for id in items.wanted(house.ctx.db, house.owner, UserName(account.name))}


def hand_in(house: House, account: Account, collection: bytes | None, wantlist: bytes | None) -> None:
    import_profile_files(house.ctx, house.owner, account.name, collection, wantlist)


def test_the_list_beside_an_uploaded_one_stays_as_new_as_discogs(
    house: House, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "private_wantlist", True)
    assert "wantlist" in str(sync(house, account.name)["partial"])
    hand_in(house, account, None, WANTLIST_CSV)
    new = house.world.add_item(account.name, account.items[0].release)
    assert ensure(house.ctx, house, account.name).partial == ()
    assert new.instance in owned(house, account)
    assert wanted(house, account) == UPLOADED
    assert state(house, account).uploaded == ("wantlist",)
    house.world.remove_item(account.name, new.instance)
    ensure(house.ctx, house, account.name)
    assert new.instance not in owned(house, account)


def test_recommendations_and_carts_do_not_ask_for_an_uploaded_list(house: House, account: Account) -> None:
    sync(house, account.name)
    hand_in(house, account, None, WANTLIST_CSV)
    before = house.asked
    ensure(house.ctx, house, account.name)
    assert house.asked - before == 2, "the user, and the newest page of the collection"
    assert wanted(house, account) == UPLOADED
    hand_in(house, account, COLLECTION_CSV, None)
    before = house.asked
    ensure(house.ctx, house, account.name)
    assert house.asked == before
    assert not state(house, account).from_discogs


def test_a_file_does_not_make_the_list_beside_it_newer(house: House, account: Account) -> None:
    sync(house, account.name)
    read_at = state(house, account).synced_at
    hand_in(house, account, None, WANTLIST_CSV)
    assert state(house, account).synced_at == read_at
    hand_in(house, account, COLLECTION_CSV, None)
    assert state(house, account).synced_at != read_at


@pytest.mark.parametrize("full", [False, True])
def test_a_sync_leads_back_to_discogs_for_both_lists(house: House, account: Account, full: bool) -> None:
    sync(house, account.name)
    hand_in(house, account, COLLECTION_CSV, WANTLIST_CSV)
    sync(house, account.name, full=full)
    assert state(house, account).uploaded == ()
    assert owned(house, account) == {one.instance for one in account.items}
    assert wanted(house, account) == {one.release for one in account.wants}


@pytest.mark.parametrize("full", [False, True])
def test_an_uploaded_list_that_is_private_stays_without_complaint(
    house: House, account: Account, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    monkeypatch.setattr(account, "private_wantlist", True)
    sync(house, account.name)
    hand_in(house, account, COLLECTION_CSV, WANTLIST_CSV)
    assert sync(house, account.name, full=full)["partial"] == []
    now = state(house, account)
    assert (now.uploaded, now.private_wantlist) == (("wantlist",), False)
    assert wanted(house, account) == UPLOADED
    assert owned(house, account) == {one.instance for one in account.items}


def test_a_private_list_beside_an_uploaded_one_is_said(
    house: House, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(house, account.name)
    hand_in(house, account, None, WANTLIST_CSV)
    monkeypatch.setattr(account, "private_collection", True)
    monkeypatch.setattr(account, "private_wantlist", True)
    (sentence,) = ensure(house.ctx, house, account.name).partial
    assert sentence.startswith("The collection of")
    assert "private" in sentence
    assert state(house, account).private_collection
    hand_in(house, account, None, WANTLIST_CSV)
    assert state(house, account).private_collection, "the file held nothing of the collection"
    with pytest.raises(PrivateError, match="Both"):
        sync(house, account.name)


def test_a_list_of_which_nothing_was_ever_read_was_not_uploaded(
    house: House, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(house, account, None, WANTLIST_CSV)
    assert state(house, account).uploaded == ("wantlist",)
    monkeypatch.setattr(account, "private_collection", True)
    assert "The collection of" in str(sync(house, account.name)["partial"])
