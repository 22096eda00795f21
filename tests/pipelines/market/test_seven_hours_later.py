"""Seven hours later: nothing that was read before is shown, and a new reading gives what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.model.freshness import Freshness
from discogs_assistant.model.ids import ListingId, ReleaseId
from discogs_assistant.model.listing import Listing
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.market import listings
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World

HOURS = 7


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose Discogs gives covers without a token, with clocks that tests move."""
    world = World.generate(5, releases=200, users=10, sellers=6, listings=900)
    app = build_app(world, rate=10**6, anonymous_rate=10**6, anonymous_images=True)
    with SandboxServer(app) as server:
        built = open_installation(server, tmp_path)
        yield built
        built.ctx.db.close()


def largest(installation: Installation) -> Account:
    return max(installation.world.sellers, key=lambda seller: len(seller.listings))


def pass_hours(installation: Installation) -> None:
    """Move both clocks: Discogs' by its admin route, the product's by a sleep."""
    httpx2.post(f"{installation.server.url}/_sandbox/hours", json={"hours": HOURS}).raise_for_status()
    installation.clock.sleep(timedelta(hours=HOURS).total_seconds())


def shown(installation: Installation, seller: Account) -> dict[ListingId, Listing]:
    """The seller's copies that are young enough to be shown."""
    since = Freshness().since(installation.clock.now())
    found = listings.listings_of(installation.ctx.db, EVERYBODY, seller.name, since)
    return {listing.id: listing for listing in found}


def refresh(installation: Installation, seller: Account) -> None:
    installation.carry_out(refresh_market, installation.open(RunKind.MARKET, sellers=[seller.name]))


def covers(installation: Installation) -> dict[ReleaseId, str]:
    """The links to covers of the demo user's records that are young enough to be shown."""
    account = installation.world.account(installation.demo())
    ids = [ReleaseId(item.release) for item in account.items]
    since = Freshness().since(installation.clock.now())
    return dict(releases.images(installation.ctx.db, ids, since))


def test_copies_that_were_read_before_are_not_shown(installation: Installation) -> None:
    seller = largest(installation)
    refresh(installation, seller)
    assert shown(installation, seller)
    pass_hours(installation)
    assert shown(installation, seller) == {}


def test_a_new_reading_shows_what_is_for_sale_now_at_the_price_of_now(installation: Installation) -> None:
    seller = largest(installation)
    refresh(installation, seller)
    before = shown(installation, seller)
    pass_hours(installation)
    refresh(installation, seller)
    after = shown(installation, seller)
    assert {number: listing.price.decimal for number, listing in after.items()} == {
        copy.id: copy.price.amount for copy in installation.world.offered_by(seller)
    }
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert any(before[number].price != after[number].price for number in before.keys() & after.keys())


def test_covers_that_were_read_before_are_not_shown_and_do_not_open(installation: Installation) -> None:
    installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    links = list(covers(installation).values())
    assert links
    assert httpx2.get(links[0]).status_code == 200
    pass_hours(installation)
    assert covers(installation) == {}
    assert httpx2.get(links[0]).status_code == 403


def test_the_next_sync_brings_new_covers_of_the_newest_records(installation: Installation) -> None:
    installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    before = covers(installation)
    pass_hours(installation)
    installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    items = installation.world.account(installation.demo()).items
    newest = {item.release for item in sorted(items, key=lambda item: item.added)[-24:]}
    after = covers(installation)
    assert newest & before.keys() == newest & after.keys() != set()
    assert [httpx2.get(link).status_code for link in list(after.values())[:5]] == [200] * 5
