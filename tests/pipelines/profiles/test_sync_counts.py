"""What Discogs counts in a list, against what it shows and what is let in: changes are found, and cheaply."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import update
from tests.pipelines.installation import Installation
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
        return replace(page, items=tuple(item for item in page.items if item.instance_id not in self._gone))


def hiding(installation: Installation, *gone: int) -> Context:
    """The context of an instance whose Discogs hides these copies."""
    url = installation.server.url
    api = DiscogsApi(
        open_http(url, installation.clock),
        installation.budget,
        installation.clock,
        api_url=url,
        user_agent="Test/1.0 +https://t",
    )

    def client(owner: OwnerId, run_id: RunId | None) -> DiscogsClient:
        return Hiding(api, gone)

    return installation.with_parts(discogs=client).ctx


def limited(installation: Installation, items: int) -> Context:
    """The context of an instance with that limit of items."""
    return installation.with_settings(max_profile_items=items).ctx


def counted(installation: Installation, user: str) -> tuple[Counted | None, Counted | None]:
    state = profiles.profile(installation.ctx.db, installation.owner, UserName(user))
    assert state is not None
    return state.counted_collection, state.counted_wantlist


def test_copies_that_discogs_counts_and_hides_are_looked_for_once(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[0]
    ctx = hiding(installation, account.items[5].instance)
    first = sync(installation, account.name, ctx)
    before = installation.asked
    second = sync(installation, account.name, ctx)
    assert installation.asked - before == UNCHANGED
    assert second["collection"] == first["collection"] == len(account.items) - 1
    assert "shows" in str(first["partial"])
    assert second["partial"] == first["partial"]


def test_removals_are_found_though_as_many_copies_are_hidden(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[1]
    ctx = hiding(installation, *(item.instance for item in account.items[:2]))
    sync(installation, account.name, ctx)
    for item in account.items[10:12]:
        installation.world.remove_item(account.name, item.instance)
    assert sync(installation, account.name, ctx)["removed"] == 2


def test_what_was_added_beside_hidden_copies_is_read_without_the_rest(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[2]
    ctx = hiding(installation, account.items[5].instance)
    sync(installation, account.name, ctx)
    owned = {item.release for item in account.items}
    installation.world.add_item(
        account.name, next(id for id in installation.world.releases if id not in owned)
    )
    for added in (1, 0):
        before = installation.asked
        done = sync(installation, account.name, ctx)
        assert (done["added"], done["removed"], installation.asked - before) == (added, 0, UNCHANGED)


def test_a_removal_within_the_limit_of_a_longer_list_is_found(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account, ctx = open_collectors[3], limited(installation, 40)
    sync(installation, account.name, ctx)
    newest = max(account.items, key=lambda item: item.added)
    installation.world.remove_item(account.name, newest.instance)
    done = sync(installation, account.name, ctx)
    held = items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    assert done["collection"] == 40
    assert newest.instance not in {copy.instance_id for copy in held}


def test_what_is_added_past_the_limit_takes_the_place_of_the_oldest(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account, ctx = open_collectors[4], limited(installation, 40)
    sync(installation, account.name, ctx)
    new = installation.world.add_item(account.name, account.items[0].release)
    assert sync(installation, account.name, ctx)["collection"] == 40
    held = items.collection(installation.ctx.db, installation.owner, UserName(account.name))
    assert held[0].instance_id == new.instance


def test_another_limit_counts_from_the_next_sync_on(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[5]
    for limit in (40, 30_000, 50):
        done = sync(installation, account.name, limited(installation, limit))
        assert done["collection"] == min(limit, len(account.items))


def test_what_an_older_version_left_is_compared_as_it_was_and_noted(
    installation: Installation, open_collectors: list[Account]
) -> None:
    account = open_collectors[6]
    sync(installation, account.name)
    noted = counted(installation, account.name)
    assert noted[0] == Counted(len(account.items), installation.ctx.settings.max_profile_items)
    with installation.ctx.db.write() as connection:
        connection.execute(update(schema.profile).values(collection_total=None, wantlist_total=None))
    before = installation.asked
    sync(installation, account.name)
    assert installation.asked - before == UNCHANGED
    assert counted(installation, account.name) == noted
