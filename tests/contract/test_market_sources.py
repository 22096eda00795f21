"""What each market source keeps to, the real ones and the fakes of tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.sources.discogs.fakes import FakeBudget, FakeClock
from tests.sources.market.fakes import BEGINNING, NumberFiles, PriceList, ShopWindow
from tests.sources.market.sell_pages import Copy, page, row_2026

from discogs_assistant.model.ids import ListingId, OwnerId, ReleaseId
from discogs_assistant.model.market import FileRequest, MarketBatch, ReleaseRequest, SellerRequest
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import MarketSource
from discogs_assistant.model.tally import MemoryTally
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import Http, open_http
from discogs_assistant.sources.market.inventory_files import ListingFiles
from discogs_assistant.sources.market.page_fetcher import PageFetcher
from discogs_assistant.sources.market.price_floors import PriceFloors
from discogs_assistant.sources.market.saved_pages import SavedPages
from discogs_assistant.sources.market.seller_inventory import SellerInventory
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

OWNER = OwnerId(1)
NOW = FakeClock().now()
TABLE = b"listing_id,seller,release_id,price,currency\n103,seller_3,7,5.00,EUR\n"
JSON = b"""{"listings": [{"id": 105, "price": {"value": 5, "currency": "EUR"}, "seller": {"username": "s"},
"release": {"id": 7, "title": "Work 7"}}]}"""
PAGE = page([row_2026(Copy(listing=101))]).encode()


@dataclass(frozen=True)
class Discogs:
    """The made-up Discogs, and how it is reached."""

    server: SandboxServer
    http: Http
    clock: FakeClock

    def client(self, owner: OwnerId, run: object) -> DiscogsClient:
        url = self.server.url
        api = DiscogsApi(self.http, FakeBudget(), self.clock, api_url=url, user_agent="Test/1.0")
        return DiscogsClient(api)

    def fetcher(self, *, enabled: bool = True) -> PageFetcher:
        url = self.server.url
        return PageFetcher(url, self.http, FakeBudget(), self.clock, user_agent="Test/1.0", enabled=enabled)

    @property
    def seller(self) -> str:
        """The seller with the most copies."""
        return max(self.server.world.sellers, key=lambda seller: len(seller.listings)).name

    @property
    def releases(self) -> tuple[ReleaseId, ...]:
        """Three releases that are for sale."""
        found = {copy.release: None for copy in self.server.world.listings.values()}
        return tuple(ReleaseId(id) for id in list(found)[:3])


@pytest.fixture(scope="module")
def discogs() -> Iterator[Discogs]:
    world = World.generate(3, releases=800, users=12, sellers=3, listings=1_000)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        clock = FakeClock()
        http = open_http(server.url, clock)
        yield Discogs(server, http, clock)
        http.close()


def file_request(content: bytes, *, in_archive: bool = False) -> FileRequest:
    file = io.BytesIO(content)
    return FileRequest("a file", file, content[:2_000], NOW, MemoryTally, in_archive=in_archive)


def seller_request(seller: str, **more: Any) -> SellerRequest:
    return SellerRequest(seller, OWNER, None, **more)


def release_request(*releases: int) -> ReleaseRequest:
    return ReleaseRequest(tuple(map(ReleaseId, releases)), Currency.EUR, OWNER, None)


SELLERS: dict[str, Callable[[Discogs], tuple[MarketSource[SellerRequest], str]]] = {
    "inventory": lambda discogs: (SellerInventory(discogs.client), discogs.seller),
    "fake": lambda discogs: (ShopWindow("window", (1, 2)), "window"),
}
RELEASES: dict[str, Callable[[Discogs], MarketSource[ReleaseRequest]]] = {
    "pages": lambda discogs: discogs.fetcher(),
    "floors": lambda discogs: PriceFloors(discogs.client),
    "fake": lambda discogs: PriceList(dict.fromkeys(discogs.releases, 700)),
}
FILES: dict[str, tuple[MarketSource[FileRequest], bytes]] = {
    "page": (SavedPages(), PAGE),
    "table": (ListingFiles(), TABLE),
    "json": (ListingFiles(), JSON),
    "fake": (NumberFiles(), BEGINNING + b"1\n2\n"),
}


def whole(source: MarketSource[SellerRequest], seller: str, requests: int) -> list[MarketBatch]:
    """All batches of an inventory, `requests` at a time, each time with what was held and the state."""
    found: list[MarketBatch] = []
    state: Any = None
    while True:
        held = frozenset(copy.id for batch in found for copy in batch.listings)
        found += source.read(seller_request(seller, requests=requests, state=state, held=held))
        progress = found[-1].progress
        if progress is None or progress.left == 0:
            return found
        state = progress.state


def ids(batches: list[MarketBatch]) -> set[ListingId]:
    return {copy.id for batch in batches for copy in batch.listings}


@pytest.mark.parametrize("name", SELLERS)
def test_an_inventory_read_in_pieces_is_the_same_as_at_once(name: str, discogs: Discogs) -> None:
    source, seller = SELLERS[name](discogs)
    at_once = ids(whole(source, seller, 1_000))
    assert len(at_once) > 1
    assert ids(whole(source, seller, 1)) == at_once


@pytest.mark.parametrize("name", SELLERS)
def test_an_inventory_holds_copies_of_the_seller_who_was_requested(name: str, discogs: Discogs) -> None:
    source, seller = SELLERS[name](discogs)
    batches = whole(source, seller, 1_000)
    assert {copy.seller for batch in batches for copy in batch.listings} == {seller}
    assert {one.name for batch in batches for one in batch.sellers} == {seller}


def test_the_requests_that_an_inventory_still_needs_are_covered(discogs: Discogs) -> None:
    source = SellerInventory(discogs.client)
    (first,) = source.read(seller_request(discogs.seller, requests=1))
    assert first.progress is not None
    coverage = source.covers(seller_request(discogs.seller, state=first.progress.state))
    assert coverage is not None
    assert coverage.requests == first.progress.left == len(whole(source, discogs.seller, 1)) - 1


def test_an_inventory_read_to_its_end_gives_nothing_more(discogs: Discogs) -> None:
    source = SellerInventory(discogs.client)
    progress = whole(source, discogs.seller, 1_000)[-1].progress
    assert progress is not None
    assert progress.complete
    assert list(source.read(seller_request(discogs.seller, state=progress.state))) == []


@pytest.mark.parametrize("name", RELEASES)
def test_a_source_of_releases_tells_about_those_it_covers(name: str, discogs: Discogs) -> None:
    source, request = RELEASES[name](discogs), release_request(*discogs.releases)
    coverage = source.covers(request)
    assert coverage is not None
    assert coverage.releases == discogs.releases
    assert coverage.name
    assert coverage.missing
    batches = list(source.read(request))
    about = {copy.release_id for batch in batches for copy in batch.listings}
    priced = {floor.release_id for batch in batches for floor in batch.floors}
    assert {True: about, False: priced}[coverage.copies] == set(discogs.releases)
    assert len(batches) == len(discogs.releases)


def test_pages_that_may_not_be_fetched_cover_nothing(discogs: Discogs) -> None:
    assert discogs.fetcher(enabled=False).covers(release_request(*discogs.releases)) is None


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_by_the_source_that_covers_it_and_can_be_read_again(name: str) -> None:
    source, content = FILES[name]
    request = file_request(content)
    assert source.covers(request) is not None
    first, second = list(source.read(request)), list(source.read(request))
    assert ids(first)
    assert first == second


@pytest.mark.parametrize("other", [PAGE, BEGINNING, b"body { margin: 0 }"])
@pytest.mark.parametrize("name", ["table", "json"])
def test_in_an_archive_a_file_of_copies_is_distinguished_from_what_lies_beside_it(
    name: str, other: bytes
) -> None:
    source, content = FILES[name]
    assert source.covers(file_request(content, in_archive=True)) is not None
    assert source.covers(file_request(other, in_archive=True)) is None


def test_a_drawing_beside_a_saved_page_is_no_page() -> None:
    drawing = file_request(b"<svg></svg>")
    assert SavedPages().covers(drawing) is not None
    assert SavedPages().covers(replace(drawing, in_archive=True)) is None
