"""A client that others wrote for Discogs reads the sandbox, unchanged but for the address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of

discogs_client = pytest.importorskip("discogs_client")


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    world = World.generate(4, releases=300, users=6, sellers=6)
    with SandboxServer(build_app(world, rate=10_000)) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Any:
    foreign = discogs_client.Client("ForeignClient/1.0", user_token=token_of(server.world.demo_user))
    foreign._base_url = server.url
    return foreign


def test_a_token_identifies_its_owner(server: SandboxServer, client: Any) -> None:
    me = client.identity()
    account = server.world.account(server.world.demo_user)
    assert (me.username, me.num_collection, me.num_wantlist) == (
        account.name,
        len(account.items),
        len(account.wants),
    )


def test_it_reads_every_copy_of_the_collection(server: SandboxServer, client: Any) -> None:
    folder = client.identity().collection_folders[0]
    instances = [item.instance_id for item in folder.releases.sort("added")]
    expected = [item.instance for item in server.world.account(server.world.demo_user).items]
    assert sorted(instances) == sorted(expected)
    assert folder.count == len(expected)


def test_it_reads_the_folders_and_their_copies(server: SandboxServer, client: Any) -> None:
    account = server.world.account(server.world.demo_user)
    folders = client.identity().collection_folders[1:]
    assert folders
    for folder in folders:
        expected = [item.instance for item in account.items if item.folder == folder.id]
        assert sorted(item.instance_id for item in folder.releases) == sorted(expected)


def test_it_reads_the_wantlist(server: SandboxServer, client: Any) -> None:
    wants = [want.id for want in client.identity().wantlist]
    assert sorted(wants) == sorted(
        want.release for want in server.world.account(server.world.demo_user).wants
    )


def test_it_puts_a_release_on_the_wantlist_and_takes_it_off(server: SandboxServer, client: Any) -> None:
    release = next(iter(server.world.releases))
    wantlist = client.identity().wantlist
    wantlist.add(release, rating=4)
    assert [want.rating for want in wantlist if want.id == release] == [4]
    wantlist.remove(release)
    assert release not in [want.id for want in wantlist]


def test_it_reads_a_sellers_inventory(server: SandboxServer, client: Any) -> None:
    seller = server.world.sellers[0]
    prices = {listing.id: listing.price.value for listing in client.user(seller.name).inventory}
    expected = {n: float(server.world.listings[n].price.amount) for n in seller.listings}
    assert prices == expected


def test_it_reads_a_release_with_artists_labels_and_credits(server: SandboxServer, client: Any) -> None:
    world = server.world
    known = next(r for r in world.releases.values() if world.work_of(r).credits and r.master)
    work, release = world.work_of(known), client.release(known.id)
    assert (release.title, release.year) == (work.title, known.year)
    assert [artist.name for artist in release.artists] == [credit.artist.name for credit in work.artists]
    assert [label.name for label in release.labels] == [label.name for label, _ in known.labels]
    assert [artist.role for artist in release.credits] == [credit.role for credit in work.credits]
    assert [track.title for track in release.tracklist] == [track.title for track in work.tracks]
    assert (release.community.have, release.community.want) == (known.have, known.want)


def test_it_walks_from_a_release_to_its_master_and_versions(server: SandboxServer, client: Any) -> None:
    master = max(server.world.masters.values(), key=lambda master: len(master.releases))
    found = client.release(master.releases[0]).master
    assert found.id == master.id
    assert sorted(version.id for version in found.versions) == sorted(master.releases)


def test_it_reads_discographies(server: SandboxServer, client: Any) -> None:
    world = server.world
    work = world.work_of(next(iter(world.releases.values())))
    assert work.title in [entry.title for entry in client.artist(work.artists[0].artist.id).releases]
    assert work.title in [entry.title for entry in client.label(work.label.id).releases]


def test_it_searches(client: Any) -> None:
    found = client.search(style="House", type="release")
    assert found.count
    assert found.page(1)
    assert all("House" in release.styles for release in found.page(1))
