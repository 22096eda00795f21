"""With dumps lists and carts are no worse, and hardly anything is asked of Discogs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bench.sandbox_dump import write_dump
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.catalogue.dump_coverage import (
    best_known,
    enriched_taste,
    has_discography,
    has_pressings,
    known_of,
)
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.store.profiles.uploaded_releases import put_named
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World

TOP = 50
COLLECTORS = 2


@dataclass
class BothInstallations:
    """The same world once without and once with its dumps; of each collector `hidden` works were owned."""

    without_dumps: Installation
    with_dumps: Installation
    hidden: dict[str, set[int]]

    def both(self) -> tuple[Installation, Installation]:
        return self.without_dumps, self.with_dumps


@pytest.fixture(scope="module")
def both_installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothInstallations]:
    world = World.generate(3, releases=800, users=6, sellers=4, listings=900)
    collectors = [
        collector
        for collector in world.collectors
        if not (collector.private_collection or collector.private_wantlist)
    ]
    hidden = {account.name: hide(world, account) for account in collectors[:COLLECTORS]}
    folder = tmp_path_factory.mktemp("both")
    (folder / "with").mkdir()
    dumps = write_dump(world, folder)
    import_dumps(folder / "with" / "catalogue", dumps, SystemClock(), lambda sentence: None)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        installations = [
            open_installation(server, folder / name, discography_requests=20) for name in ("without", "with")
        ]
        for installation in installations:
            for user in hidden:
                installation.carry_out(sync_profile, installation.open(RunKind.SYNC, user))
        yield BothInstallations(installations[0], installations[1], hidden)
        for installation in installations:
            installation.ctx.db.close()


def hide(world: World, account: Account) -> set[int]:
    """Take a fifth of the works away, and all that tells of them."""
    owned = sorted({world.releases[item.release].work for item in account.items})
    hidden = set(random.Random(1).sample(owned, len(owned) // 5))
    account.items = tuple(item for item in account.items if world.releases[item.release].work not in hidden)
    account.wants = tuple(want for want in account.wants if world.releases[want.release].work not in hidden)
    return hidden


def asked(
    installation: Installation, user: str, body: Any, kind: RunKind, **options: Any
) -> tuple[dict[str, Any], int]:
    """The result, and the requests it took."""
    before = installation.asked
    document = installation.carry_out(body, installation.open(kind, user, **options))
    return document, installation.asked - before


def found(installation: Installation, document: dict[str, Any]) -> set[int]:
    return {
        installation.world.releases[recommendation["release_id"]].work
        for recommendation in document["recommendations"]
    }


def test_lists_find_about_as_many_of_the_hidden_with_a_fifth_of_the_requests(
    both_installations: BothInstallations,
) -> None:
    recalled, requests = [0, 0], [0, 0]
    for user, hidden in both_installations.hidden.items():
        for place, installation in enumerate(both_installations.both()):
            document, spent = asked(installation, user, recommend, RunKind.RECOMMEND, top=TOP)
            recalled[place] += len(found(installation, document) & hidden)
            requests[place] += spent
    assert recalled[1] >= 0.9 * recalled[0] > 0
    assert requests[1] <= requests[0] // 5
    assert len(document["recommendations"]) == TOP
    assert all(recommendation["genres"] for recommendation in document["recommendations"])


def test_any_pressing_is_known_without_a_request_for_it(both_installations: BothInstallations) -> None:
    results = []
    for installation in both_installations.both():
        favourites.add_many(
            installation.ctx.db, installation.owner, [seller.name for seller in installation.world.sellers]
        )
        results.append(
            asked(
                installation,
                installation.demo(),
                shop,
                RunKind.SHOP,
                budget="120",
                currency="EUR",
                ratio=1,
                any_pressing=True,
            )
        )
    (without, more), (with_month, fewer) = results
    assert with_month["candidates"]["for_sale"] >= without["candidates"]["for_sale"] > 0
    assert more - fewer >= 20
    assert with_month["carts"]
    for cart in with_month["carts"]:
        masters = [with_month["releases"][str(line["release_id"])]["master_id"] for line in cart["lines"]]
        assert len({*masters} - {None}) == len([master for master in masters if master is not None])


def test_what_a_file_named_is_completed_from_the_dump(both_installations: BothInstallations) -> None:
    ctx = both_installations.with_dumps.ctx
    id = ReleaseId(
        next(id for id, release in both_installations.with_dumps.world.releases.items() if release.master)
    )
    named = Release(id, "As the file says", grams=300)
    with ctx.db.write() as connection:
        put_named(connection, both_installations.with_dumps.owner, [named], ctx.clock.now())
    known = known_of(ctx, both_installations.with_dumps.owner, [id])[id]
    assert known.complete
    assert known.master_id == both_installations.with_dumps.world.releases[id].master
    taste = enriched_taste(ctx.catalogue, Taste(owned=(named, Release(ReleaseId(1), "Unknown"))))
    assert [release.complete for release in taste.owned] == [True, False]
    assert taste.owned[0].grams == 300


def test_dumps_that_are_too_old_no_longer_spare_the_api(both_installations: BothInstallations) -> None:
    files, now = both_installations.with_dumps.ctx.catalogue, both_installations.with_dumps.clock.start
    world = both_installations.with_dumps.world
    master = next(iter(world.masters.values()))
    artist = world.works[master.work].artists[0].artist.id
    for moment, young in ((now, True), (now + timedelta(days=93), False)):
        assert has_discography(files, "artist", artist, moment) == young
        assert has_pressings(files, master.id, moment) == young  # type: ignore[arg-type]
    assert not has_discography(files, "label", 1, now)


def test_of_an_artist_each_work_comes_once_by_its_main_release(both_installations: BothInstallations) -> None:
    world, files = both_installations.with_dumps.world, both_installations.with_dumps.ctx.catalogue
    assert len(world.works) > 20
    of_artists = [best_known(files, "artist", work.artists[0].artist.id) for work in world.works[:20]]
    for works in of_artists:
        assert works
        assert len({work.item_key for work in works}) == len(works)
    mains = {work.master_id: work.id for works in of_artists for work in works if work.master_id is not None}
    assert mains
    assert {master: world.masters[master].releases[0] for master in mains} == mains


def test_stars_count_though_the_dumps_name_the_rated_records_master(
    both_installations: BothInstallations,
) -> None:
    world = both_installations.with_dumps.world
    id = ReleaseId(next(id for id, release in world.releases.items() if release.master))
    rated = Release(id, "As the file says")
    taste = Taste(owned=(rated,), stars={rated.item_key: 5})
    assert enriched_taste(both_installations.without_dumps.ctx.catalogue, taste).weights == taste.weights
    taste_with_dump = enriched_taste(both_installations.with_dumps.ctx.catalogue, taste)
    assert taste_with_dump.weights == {world.releases[id].master: taste.weights[rated.item_key]}
    assert taste_with_dump.weights != {
        world.releases[id].master: Taste(owned=(rated,)).weights[rated.item_key]
    }
