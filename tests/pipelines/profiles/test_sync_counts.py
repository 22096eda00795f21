"""What Discogs counts in a list, against what it shows and what is let in: changes are found, and cheaply."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import update
from tests.pipelines.installation import House
from tests.pipelines.profiles.test_sync import sync

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.ports import Page
from discogs_assistant.model.profile import CollectionItem
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import open_http
from discogs_assistant.store import schema
from discogs_assistant.store.profiles import items, profiles
from discogs_assistant.store.profiles.profiles import Counted
from discogs_sandbox.world.entities import Account

UNCHANGED = 3
"""Requests of a sync that finds nothing: the user, and the newest page of each list."""


class Hiding(DiscogsClient):
    """A Discogs that counts copies of deleted releases and leaves them out of its pages."""

    def __init__(self, api: DiscogsApi, gone: Collection[int]) -> None:
        super().__init__(api)
        self._gone = gone

    def collection_page(self, *values: Any, **more: Any) -> Page[CollectionItem]:
        """A page without what is gone."""
        page = super().collection_page(*values, **more)
        return replace(page, items=tuple(one for one in page.items if one.instance_id not in self._gone))


def hiding(house: House, *gone: int) -> Context:
    """The context of an instance whose Discogs hides these copies."""
    url = house.server.url
    api = DiscogsApi(
        open_http(url, house.clock), house.budget, house.clock, api_url=url, user_agent="Test/1.0 +https://t"
    )

    def client(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        return Hiding(api, gone)

    return house.with_parts(discogs=client).ctx


def limited(house: House, items: int) -> Context:
    """The context of an instance with that limit of items."""
    return house.with_settings(max_profile_items=items).ctx


def counted(house: House, user: str) -> tuple[Counted | None, Counted | None]:
    state = profiles.profile(house.ctx.db, house.owner, UserName(user))
    assert state is not None
    return state.counted_collection, state.counted_wantlist


def test_copies_that_discogs_counts_and_hides_are_looked_for_once(
    house: House, everyone: list[Account]
) -> None:
    account = everyone[0]
    ctx = hiding(house, account.items[5].instance)
    first = sync(house, account.name, ctx)
    before = house.asked
    second = sync(house, account.name, ctx)
    assert house.asked - before == UNCHANGED
    assert second["collection"] == first["collection"] == len(account.items) - 1
    assert "shows" in str(first["partial"])
    assert second["partial"] == first["partial"]


def test_removals_are_found_though_as_many_copies_are_hidden(house: House, everyone: list[Account]) -> None:
    account = everyone[1]
    ctx = hiding(house, *(one.instance for one in account.items[:2]))
    sync(house, account.name, ctx)
    for one in account.items[10:12]:
        house.world.remove_item(account.name, one.instance)
    assert sync(house, account.name, ctx)["removed"] == 2


def test_what_was_added_beside_hidden_copies_is_read_without_the_rest(
    house: House, everyone: list[Account]
) -> None:
    account = everyone[2]
    ctx = hiding(house, account.items[5].instance)
    sync(house, account.name, ctx)
    owned = {one.release for one in account.items}
    house.world.add_item(account.name, next(id for id in house.world.releases if id not in owned))
    for added in (1, 0):
        before = house.asked
        done = sync(house, account.name, ctx)
        assert (done["added"], done["removed"], house.asked - before) == (added, 0, UNCHANGED)


def test_a_removal_within_the_limit_of_a_longer_list_is_found(house: House, everyone: list[Account]) -> None:
    account, ctx = everyone[3], limited(house, 40)
    sync(house, account.name, ctx)
    newest = max(account.items, key=lambda one: one.added)
    house.world.remove_item(account.name, newest.instance)
    done = sync(house, account.name, ctx)
    held = items.collection(house.ctx.db, house.owner, UserName(account.name))
    assert done["collection"] == 40
    assert newest.instance not in {one.instance_id for one in held}


def test_what_is_added_past_the_limit_takes_the_place_of_the_oldest(
    house: House, everyone: list[Account]
) -> None:
    account, ctx = everyone[4], limited(house, 40)
    sync(house, account.name, ctx)
    new = house.world.add_item(account.name, account.items[0].release)
    assert sync(house, account.name, ctx)["collection"] == 40
    held = items.collection(house.ctx.db, house.owner, UserName(account.name))
    assert held[0].instance_id == new.instance


def test_another_limit_counts_from_the_next_sync_on(house: House, everyone: list[Account]) -> None:
    account = everyone[5]
    for limit in (40, 30_000, 50):
        done = sync(house, account.name, limited(house, limit))
        assert done["collection"] == min(limit, len(account.items))


def test_what_an_older_version_left_is_compared_as_it_was_and_noted(
    house: House, everyone: list[Account]
) -> None:
    account = everyone[6]
    sync(house, account.name)
    noted = counted(house, account.name)
    assert noted[0] == Counted(len(account.items), house.ctx.settings.max_profile_items)
    with house.ctx.db.write() as connection:
        connection.execute(update(schema.profile).values(collection_total=None, wantlist_total=None))
    before = house.asked
    sync(house, account.name)
    assert house.asked - before == UNCHANGED
    assert counted(house, account.name) == noted
