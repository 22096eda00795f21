"""What a profile source keeps to: Discogs' API and the fake of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.sources.discogs.fakes import FakeBudget, FakeClock
from tests.sources.profiles.fakes import Shelf

from discogs_assistant.errors import NotFoundError, SignInNeededError
from discogs_assistant.model.ids import InstanceId, ReleaseId, UserName
from discogs_assistant.model.ports import ProfileSource
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.model.release import Release
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.paging import ASCENDING, DESCENDING
from discogs_assistant.sources.http import open_http
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

NOBODY = UserName("nobody-at-all")
Read = Callable[[ProfileSource, UserName, int, str], list[int]]


@dataclass(frozen=True)
class Known:
    """A source with a collector whose lists are open."""

    source: ProfileSource
    name: UserName


def shelf() -> Known:
    """A collector in memory with several pages of copies."""
    start = FakeClock().now()
    copies = [
        CollectionItem(InstanceId(id), Release(ReleaseId(id), "A"), added=start + timedelta(days=id))
        for id in range(1, 231)
    ]
    wants = [Want(Release(ReleaseId(id), "B"), added=start + timedelta(days=id)) for id in range(1, 121)]
    return Known(Shelf("digger", copies, wants), UserName("digger"))


@pytest.fixture(scope="module")
def discogs() -> Iterator[Known]:
    """The collector with the most copies at the made-up Discogs."""
    world = World.generate(3, releases=800, users=48, sellers=1, listings=10)
    open_ones = [one for one in world.collectors if not (one.private_collection or one.private_wantlist)]
    account = max(open_ones, key=lambda one: len(one.items))
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        clock = FakeClock()
        http = open_http(server.url, clock)
        api = DiscogsApi(http, FakeBudget(), clock, api_url=server.url, user_agent="Test/1.0")
        yield Known(DiscogsClient(api), UserName(account.name))
        http.close()


@pytest.fixture(params=["discogs", "fake"])
def known(request: pytest.FixtureRequest) -> Known:
    return shelf() if request.param == "fake" else request.getfixturevalue("discogs")


def copies(source: ProfileSource, name: UserName, page: int, order: str) -> list[int]:
    return [int(item.instance_id) for item in source.collection_page(name, page, order=order).items]


def wants(source: ProfileSource, name: UserName, page: int, order: str) -> list[int]:
    return [int(want.release_id) for want in source.wants_page(name, page, order=order).items]


def whole(read: Read, known: Known) -> list[int]:
    """All pages in ascending order, up to the first that is empty."""
    found: list[int] = []
    page = 1
    while shown := read(known.source, known.name, page, ASCENDING):
        found += shown
        page += 1
    return found


def test_the_pages_of_a_collection_hold_as_many_copies_as_are_counted(known: Known) -> None:
    total = known.source.collection_page(known.name, 1, order=ASCENDING).total
    assert len(set(whole(copies, known))) == total == known.source.user(known.name).collection
    assert total > 100, "more than a page"


def test_the_wantlist_holds_as_many_wants_as_are_counted(known: Known) -> None:
    total = known.source.wants_page(known.name, 1, order=ASCENDING).total
    assert len(set(whole(wants, known))) == total == known.source.user(known.name).wantlist


@pytest.mark.parametrize("read", [copies, wants])
def test_the_newest_come_first_in_descending_order(known: Known, read: Read) -> None:
    newest = read(known.source, known.name, 1, DESCENDING)[0]
    assert whole(read, known)[-1] == newest


@pytest.mark.parametrize("read", [copies, wants])
def test_past_the_end_a_page_is_empty(known: Known, read: Read) -> None:
    assert read(known.source, known.name, 1_000, ASCENDING) == []


@pytest.mark.parametrize("read", [copies, wants])
def test_an_unknown_collector_is_not_found(known: Known, read: Read) -> None:
    with pytest.raises(NotFoundError):
        read(known.source, NOBODY, 1, ASCENDING)


def test_without_an_account_nobody_is_signed_in(known: Known) -> None:
    assert not known.source.signed_in
    with pytest.raises(SignInNeededError):
        known.source.identity()
