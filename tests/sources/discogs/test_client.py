"""The client against the stand-in Discogs over a real socket: whole, on bad days, and while it changes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest
from tests.sandbox.sandbox_client import offered, words_of
from tests.sources.discogs.fakes import FakeBudget, FakeClock

from discogs_assistant.errors import NotFoundError, PrivateError, SignInNeededError, TokenRefusedError
from discogs_assistant.model.grade import Grade
from discogs_assistant.model.ids import ArtistId, LabelId, ListingId, MasterId, ReleaseId, UserName
from discogs_assistant.model.listing import Listing
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import Page, SystemClock
from discogs_assistant.model.profile import CollectionItem, Want
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient, SearchQuery
from discogs_assistant.sources.discogs.inventory_paging import InventoryReading
from discogs_assistant.sources.discogs.paging import Outcome, PageRequest, read_all
from discogs_assistant.sources.http import open_http
from discogs_sandbox.app import build_app
from discogs_sandbox.faults import Faults
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World, token_of

RATE = 1_000_000
LIMIT = 30_000


@pytest.fixture(scope="module")
def world() -> World:
    return World.generate(5, releases=400, users=80, sellers=12)


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(build_app(world, rate=RATE, anonymous_rate=RATE)) as server:
        yield server


def client_of(server: SandboxServer, token: str | None = None) -> DiscogsClient:
    clock = FakeClock()
    api = DiscogsApi(
        open_http(server.url, SystemClock()),
        FakeBudget(),
        clock,
        api_url=server.url,
        user_agent="DiscogsAssistant/1.0",
        token=token,
        jitter=lambda: 0.5,
    )
    return DiscogsClient(api)


def open_collectors(world: World) -> list[Account]:
    return [
        account
        for account in world.collectors
        if account.name not in world.vanished and not (account.private_collection or account.private_wantlist)
    ]


def read_collection(client: DiscogsClient, name: str) -> list[CollectionItem]:
    items, reading = read_all(
        lambda request: client.collection_page(UserName(name), request.page, order=request.order),
        lambda item: item.instance_id,
        LIMIT,
    )
    assert reading.outcome == Outcome.COMPLETE
    return items


def read_wants(client: DiscogsClient, name: str) -> list[Want]:
    wants, reading = read_all(
        lambda request: client.wants_page(UserName(name), request.page, order=request.order),
        lambda want: want.release_id,
        LIMIT,
    )
    assert reading.outcome == Outcome.COMPLETE
    return wants


def assert_profile_is_whole(client: DiscogsClient, account: Account) -> None:
    user = client.user(UserName(account.name))
    items, wants = read_collection(client, account.name), read_wants(client, account.name)
    assert {item.instance_id for item in items} == {item.instance for item in account.items}
    assert {want.release_id for want in wants} == {want.release for want in account.wants}
    assert (user.collection, user.wantlist) == (len(items), len(wants))


def test_profiles_are_read_whole(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    for account in open_collectors(world)[:20]:
        assert_profile_is_whole(client, account)


def test_profiles_are_read_whole_by_many_threads_at_once(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda account: assert_profile_is_whole(client, account), open_collectors(world)[:30]))


def test_profiles_are_read_whole_on_bad_days(world: World) -> None:
    app = build_app(world, rate=RATE, anonymous_rate=RATE, flaky=Faults(seed=3, share=0.4, in_a_row=3))
    with SandboxServer(app) as server:
        client = client_of(server)
        for account in open_collectors(world)[:8]:
            assert_profile_is_whole(client, account)
    assert app.faults is not None
    assert len(app.faults.counts) >= 5


@pytest.mark.parametrize("seed", range(6))
def test_a_collection_that_changes_while_it_is_read_is_read_right(seed: int) -> None:
    """By pages of 100 over a socket: what stays is there once, what left before is not."""
    world = World.generate(6, releases=400, users=3, sellers=2)
    name, random = world.demo_user, Random(seed)
    for release in random.choices(sorted(world.releases), k=350):
        world.add_item(name, release)
    with SandboxServer(build_app(world, rate=RATE, anonymous_rate=RATE)) as server:
        client = client_of(server)
        gone = world.account(name).items[5].instance
        world.remove_item(name, gone)
        stays = {item.instance for item in world.account(name).items}
        reads = 0

        def read(request: PageRequest) -> Page[CollectionItem]:
            nonlocal reads
            reads += 1
            for _ in range(random.randrange(6) if 1 < reads < 12 else 0):
                victim = random.choice(world.account(name).items).instance
                world.remove_item(name, victim)
                stays.discard(victim)
                if random.random() < 0.7:
                    world.add_item(name, random.choice(sorted(world.releases)))
            return client.collection_page(UserName(name), request.page, order=request.order)

        items, _ = read_all(read, lambda item: item.instance_id, LIMIT)
    found = [item.instance_id for item in items]
    assert stays <= set(found)
    assert len(found) == len(set(found))
    assert gone not in found


def test_private_lists_have_no_count_and_say_how_to_open_them(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    private = next(account for account in world.collectors if account.private_collection)
    assert client.user(UserName(private.name)).collection is None
    with pytest.raises(PrivateError, match="personal token"):
        client.collection_page(UserName(private.name), 1)


def test_the_owner_of_a_private_list_reads_it_with_notes_and_folders(
    world: World, server: SandboxServer
) -> None:
    owner = next(account for account in world.collectors if account.private_collection)
    client, name = client_of(server, token_of(owner.name)), UserName(owner.name)
    assert client.identity().name == owner.name
    folders = {folder.id: folder.name for folder in client.folders(name)}
    page = client.collection_page(name, 1, folders=folders, note_fields=client.note_fields(name))
    by_instance = {item.instance: item for item in owner.items}
    for item in page.items:
        truth = by_instance[item.instance_id]
        assert (words_of(item.media), words_of(item.sleeve)) == (truth.media, truth.sleeve)
        assert item.folder == dict(owner.folders)[truth.folder]
        assert dict(item.notes).get("Notes", "") == truth.notes.strip()
        assert (item.rating, item.added) == (truth.rating, truth.added)
    assert any(item.media is Grade.NEAR_MINT for item in page.items)


def test_a_user_who_is_gone_is_not_found(world: World, server: SandboxServer) -> None:
    with pytest.raises(NotFoundError):
        client_of(server).user(UserName(sorted(world.vanished)[0]))


def test_an_inventory_is_read_to_the_cent(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    assert len(world.sellers) > 2
    for shop in world.sellers:
        reading, found = InventoryReading(), dict[int, Listing]()
        while (request := reading.next) is not None:
            page = client.inventory_page(shop.name, request.page, order=request.order)
            assert page.problems == ()
            found |= {listing.id: listing for listing, _ in page.items}
            reading = reading.after(page, len(found))
        truth = {n: world.listings[n] for n in shop.listings if world.listings[n].status == "For Sale"}
        assert {n: offered(listing) for n, listing in found.items()} == {
            n: (listing.price, listing.media, listing.sleeve) for n, listing in truth.items()
        }
        assert reading.complete


def test_a_listing_has_the_sellers_own_price_in_whatever_currency_it_is_asked_for(
    world: World, server: SandboxServer
) -> None:
    client = client_of(server, token_of(world.demo_user))
    assert len(world.listings) > 20
    for number in list(world.listings)[:20]:
        truth = world.listings[number]
        shown = [client.listing(ListingId(number), currency)[0] for currency in (None, Currency.JPY)]
        assert [offered(listing)[0] for listing in shown] == [truth.price, truth.price]
        assert replace(shown[0], as_of=shown[1].as_of) == shown[1]
        assert shown[0].comments == (truth.comments.strip() or None)


def test_a_withdrawn_listing_is_not_found(server: SandboxServer) -> None:
    with pytest.raises(NotFoundError, match="listing 4"):
        client_of(server).listing(ListingId(4))


def test_the_database_is_read(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    assert len(world.releases) > 30
    for truth in list(world.releases.values())[:30]:
        release = client.release(ReleaseId(truth.id))
        assert (release.title, release.master_id) == (world.work_of(truth).title.strip(), truth.master)
        assert release.complete
        page = client.release_page(ReleaseId(truth.id), Currency.EUR)
        stats = client.stats(ReleaseId(truth.id), Currency.EUR)
        assert page.stats.lowest == stats.lowest
        assert page.community.have == truth.have
    assert len(world.masters) > 10
    for master in list(world.masters.values())[:10]:
        assert client.master(MasterId(master.id)).main_release == master.releases[0]
        assert {v.id for v in client.master_versions(MasterId(master.id)).items} == set(master.releases)


def test_discographies_are_read_to_their_end(world: World, server: SandboxServer) -> None:
    client = client_of(server)
    artist = ArtistId(next(artist for artist in world.artists if artist != 194))
    first = client.artist_releases(artist)
    assert len(first.items) == min(first.total, 100)
    assert client.artist_releases(artist, first.pages + 1).items == ()
    assert client.label_releases(LabelId(next(iter(world.labels)))).items


def test_a_search_needs_a_token(world: World, server: SandboxServer) -> None:
    query = SearchQuery(style=next(iter(world.works)).styles[0])
    with pytest.raises(SignInNeededError):
        client_of(server).search(query)
    hits = client_of(server, token_of(world.demo_user)).search(query)
    assert hits.items
    assert all(query.style in hit.styles for hit in hits.items)


def test_a_wrong_token_says_so(server: SandboxServer) -> None:
    with pytest.raises(TokenRefusedError, match="does not accept the token"):
        client_of(server, "wrong").identity()
