"""Lists longer than a page: how far discographies and pressings are read, and where later runs go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.model.ids import MasterId, ReleaseId
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations.discography_reading import due_pages
from discogs_assistant.pipelines.recommendations.interests import ArtistOrLabel, interests_of
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.sources.discogs import client as wire
from discogs_assistant.store.catalogue import discographies, releases
from discogs_sandbox.routes.catalogue_index import CatalogueIndex
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

SOME = "Only some pressings of"


@pytest.fixture
def long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four entries."""
    monkeypatch.setattr(wire, "PER_PAGE", 4)


def dearest(installation: Installation) -> ArtistOrLabel:
    """The artist that the collector has most of."""
    return interests_of(read_taste(installation.ctx.db, installation.owner, installation.demo())).top(
        "artist"
    )[0]


def ask(installation: Installation) -> dict[str, Any]:
    return installation.carry_out(recommend, installation.open(RunKind.RECOMMEND, installation.demo()))


def read(installation: Installation, label: ArtistOrLabel) -> discographies.PagesRead:
    assert label.id is not None
    return discographies.pages_read(installation.ctx.db, label.kind, [label.id])[label.id]


@pytest.mark.usefixtures("long_lists")
def test_each_run_goes_on_where_the_last_one_stopped(installation: Installation) -> None:
    installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    artist = dearest(installation)
    ask(installation)
    first = read(installation, artist)
    assert first.unread > 0
    assert 1 in first.read
    for _ in range(20):
        installation.clock.sleep(60)
        ask(installation)
        if not read(installation, artist).unread:
            break
    last = read(installation, artist)
    assert not last.unread
    assert {page: last.read[page] for page in first.read} == first.read
    named = discographies.entries(installation.ctx.db, "artist", [artist.id or 0])[artist.id or 0]
    assert (
        len(named) == len(CatalogueIndex(installation.world).of_artist(artist.id or 0)) > 2 * len(first.read)
    )
    years = [entry.year for entry in named if entry.year]
    assert years == sorted(years), "the oldest come first"


def test_what_other_lists_leave_of_the_allowance_goes_to_further_pages(
    discogs: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PER_PAGE", 8)
    rich = open_installation(discogs, tmp_path, discography_requests=1500)
    run = rich.open(RunKind.RECOMMEND, rich.demo())
    rich.carry_out(sync_profile, rich.open(RunKind.SYNC, rich.demo()))
    rich.carry_out(recommend, run)
    interests = interests_of(read_taste(rich.ctx.db, rich.owner, rich.demo()))
    top = [*interests.top("artist"), *interests.top("label")]
    assert {entry.kind for entry in top} == {"artist", "label"}
    assert [entry for entry in top if read(rich, entry).unread] == []
    rich.ctx.db.close()


def test_the_nth_page_of_a_list_is_worth_an_nth_of_its_first(installation: Installation) -> None:
    now = installation.clock.now()
    dear, fair, poor = (
        ArtistOrLabel("artist", f"a{id}", f"A{id}", id, weight) for id, weight in ((1, 9.0), (2, 4), (3, 1))
    )
    discographies.save_page(installation.ctx.db, "artist", 1, 1, 4, [], now)
    discographies.save_page(installation.ctx.db, "artist", 3, 1, 1, [], now - timedelta(days=31))
    due = due_pages(installation.ctx, [dear, fair, poor], 9)
    assert [(id, page) for _, id, _, page in due] == [(1, 2), (2, 1), (1, 3), (1, 4), (3, 1)]
    assert due_pages(installation.ctx, [dear, fair, poor], 1) == due[:1]
    assert due_pages(installation.ctx, [dear, fair, poor], 9, {("artist", 1, 2)}) == due[1:]


@pytest.fixture
def frugal_installation(
    discogs: SandboxServer, synced_installation_folder: Path, tmp_path: Path
) -> Iterator[Installation]:
    """An installation that knows the collector and asks once a run for each wanted record's pressings."""
    built = open_installation(
        discogs, tmp_path, synced_installation_folder, discography_requests=len(wanted_masters(discogs.world))
    )
    yield built
    built.ctx.db.close()


def any_pressing(installation: Installation) -> dict[str, Any]:
    run = installation.open(RunKind.SHOP, installation.demo(), budget="120", ratio=1, any_pressing=True)
    return installation.carry_out(shop, run)


def wanted_masters(world: World) -> dict[int, list[ReleaseId]]:
    """The pressings of each master that the collector wants."""
    wanted = {world.releases[want.release].master for want in world.account(world.demo_user).wants}
    return {id: sorted(map(ReleaseId, world.masters[id].releases)) for id in wanted if id is not None}


def known_pressings(installation: Installation) -> dict[int, list[ReleaseId]]:
    masters = [MasterId(id) for id in wanted_masters(installation.world)]
    return {int(id): found for id, found in releases.pressings(installation.ctx.db, masters).items()}


@pytest.mark.usefixtures("long_lists")
def test_a_list_of_pressings_that_is_cut_is_reported_and_read_on(frugal_installation: Installation) -> None:
    first = any_pressing(frugal_installation)
    assert any(sentence.startswith(SOME) for sentence in first["partial"])
    before = known_pressings(frugal_installation)
    any_pressing(frugal_installation)
    after = known_pressings(frugal_installation)
    assert sum(map(len, after.values())) > sum(map(len, before.values()))


@pytest.mark.usefixtures("long_lists")
def test_all_pressings_of_what_is_wanted_are_read_where_the_allowance_lasts(
    discogs: SandboxServer, synced_installation_folder: Path, tmp_path: Path
) -> None:
    rich = open_installation(discogs, tmp_path, synced_installation_folder, discography_requests=1000)
    document = any_pressing(rich)
    assert document["partial"]
    assert not any(sentence.startswith(SOME) for sentence in document["partial"])
    wanted = wanted_masters(rich.world)
    assert max(map(len, wanted.values())) > 4
    assert known_pressings(rich) == wanted
    rich.ctx.db.close()
