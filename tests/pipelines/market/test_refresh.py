"""Market refresh: what is read, what replaces what, and what is said where something is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from tests.pipelines.fakes import CutOffError
from tests.pipelines.installation import Installation, open_installation

from discogs_assistant.errors import NotFoundError, UnreachableError
from discogs_assistant.model.listing import Origin
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.ports import Page
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.market.inventory_reading import EVERYBODY
from discogs_assistant.pipelines.market.refresh import refresh_market
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.inventory_paging import planned_pages
from discogs_assistant.sources.discogs.wire_market import Offer
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.release_search import find_known
from discogs_assistant.store.market import listings, sellers, shipping_policies
from discogs_assistant.store.runs import runs
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World


@pytest.fixture
def own_installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a world of its own, which the test may change."""
    world = World.generate(5, releases=200, users=10, sellers=6, listings=900)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        built = open_installation(server, tmp_path)
        yield built
        built.ctx.db.close()


def largest(installation: Installation) -> Account:
    return max(installation.world.sellers, key=lambda seller: len(for_sale(installation, seller)))


def for_sale(installation: Installation, seller: Account) -> set[int]:
    return {id for id in seller.listings if installation.world.listings[id].status == "For Sale"}


def known(installation: Installation, seller: Account) -> set[int]:
    since = installation.clock.now() - timedelta(hours=6)
    return {
        int(listing.id)
        for listing in listings.listings_of(installation.ctx.db, installation.owner, seller.name, since)
    }


def test_a_refresh_reads_every_copy_of_the_named_sellers(installation: Installation) -> None:
    two = installation.world.sellers[:2]
    run = installation.open(RunKind.MARKET, sellers=[seller.name for seller in two])
    document = installation.carry_out(refresh_market, run)
    assert [known(installation, seller) for seller in two] == [
        for_sale(installation, seller) for seller in two
    ]
    assert document == {
        "listings": sum(len(for_sale(installation, seller)) for seller in two),
        "sellers": 2,
        "releases": len(
            {
                installation.world.listings[id].release
                for seller in two
                for id in for_sale(installation, seller)
            }
        ),
        "partial": [],
    }
    state = sellers.inventory_states(installation.ctx.db, [two[0].name])[two[0].name]
    assert state.complete
    assert state.total == len(for_sale(installation, two[0]))


def test_the_records_of_an_inventory_can_be_searched_for(installation: Installation) -> None:
    seller = installation.world.sellers[0]
    installation.carry_out(refresh_market, installation.open(RunKind.MARKET, sellers=[seller.name]))
    copy = installation.world.listings[seller.listings[0]]
    title = installation.world.work_of(installation.world.releases[copy.release]).title
    found = find_known(installation.ctx.db, Question(title=title), 100)
    assert copy.release in found


def test_a_later_reading_replaces_what_was_sold_meanwhile(own_installation: Installation) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    sold = min(for_sale(own_installation, seller))
    own_installation.world.sell(sold)
    assert sold in known(own_installation, seller)
    own_installation.clock.sleep(60)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    assert known(own_installation, seller) == for_sale(own_installation, seller)
    assert sold not in known(own_installation, seller)


def hand_in(installation: Installation, seller: Account, *ids: int, **changes: Any) -> None:
    """These copies as the person's own saved page showed them just now."""
    listed = listings.listings_of(installation.ctx.db, EVERYBODY, seller.name, installation.clock.start)
    now = installation.clock.now()
    copies = [
        replace(listing, as_of=now, origin=Origin.PAGE, **changes) for listing in listed if listing.id in ids
    ]
    assert len(copies) == len(ids)
    listings.save_listings(installation.ctx.db, installation.owner, copies, [])


def test_a_whole_reading_ends_what_was_uploaded_before_it_and_sold_meanwhile(
    own_installation: Installation,
) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    sold, stays = sorted(for_sale(own_installation, seller))[:2]
    hand_in(own_installation, seller, sold, stays, shipping=Money(450, Currency.EUR))
    own_installation.world.sell(sold)
    own_installation.clock.sleep(60)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    assert known(own_installation, seller) == for_sale(own_installation, seller)
    assert sold not in known(own_installation, seller)
    reported = shipping_policies.reported_shipping(
        own_installation.ctx.db, own_installation.owner, own_installation.clock.start, shared=False
    )
    assert [copy.shipping for copy in reported] == [Money(450, Currency.EUR)], "what it met still says more"


def test_a_whole_reading_removes_nothing_that_another_person_uploaded(own_installation: Installation) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    sold = min(for_sale(own_installation, seller))
    another = replace(
        own_installation,
        owner=accounts.add_account(own_installation.ctx.db, "another", own_installation.clock.now()),
    )
    for person in (own_installation, another):
        hand_in(person, seller, sold)
    own_installation.world.sell(sold)
    own_installation.clock.sleep(60)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    assert sold not in known(own_installation, seller)
    assert sold in known(another, seller)


@dataclass
class Meanwhile:
    """The client; it does something before each page of an inventory, and counts `more` than there are."""

    client: DiscogsClient
    does: Callable[[], None]
    more: int = 0

    def inventory_page(self, seller: str, page: int, *, order: str) -> Page[Offer]:
        self.does()
        found = self.client.inventory_page(seller, page, order=order)
        return replace(found, total=found.total + self.more)


def meanwhile(installation: Installation, does: Callable[[], None], more: int = 0) -> Installation:
    client = cast(
        DiscogsClient, Meanwhile(installation.ctx.sources.discogs(installation.owner, None), does, more)
    )
    return installation.with_parts(discogs=lambda owner, run: client)


def test_what_is_uploaded_while_an_inventory_is_read_stays(own_installation: Installation) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    sold = min(for_sale(own_installation, seller))
    own_installation.world.sell(sold)
    busy = meanwhile(own_installation, lambda: hand_in(own_installation, seller, sold))
    busy.carry_out(refresh_market, busy.open(RunKind.MARKET, sellers=[seller.name]))
    assert sold in known(own_installation, seller)


def test_an_incomplete_reading_hides_nothing_that_was_uploaded(own_installation: Installation) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    sold = min(for_sale(own_installation, seller))
    hand_in(own_installation, seller, sold)
    own_installation.world.sell(sold)
    own_installation.clock.sleep(60)
    short = meanwhile(own_installation, lambda: None, more=1)
    document = short.carry_out(refresh_market, short.open(RunKind.MARKET, sellers=[seller.name]))
    assert "could be read" in document["partial"][0]
    assert sold in known(own_installation, seller)


def test_one_vanished_seller_among_several_is_a_sentence(own_installation: Installation) -> None:
    here, gone = own_installation.world.sellers[:2]
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[gone.name]))
    own_installation.world.vanish(gone.name)
    run = own_installation.open(RunKind.MARKET, sellers=[here.name, gone.name])
    document = own_installation.carry_out(refresh_market, run)
    assert document["sellers"] == 1
    assert document["listings"] == len(for_sale(own_installation, here))
    assert "1 of 2 sellers answered." in document["partial"]
    assert any(gone.name in sentence for sentence in document["partial"])
    assert known(own_installation, gone) == set()
    ended = runs.run(own_installation.ctx.db, own_installation.owner, run.id)
    assert ended is not None
    assert list(ended.partial) == document["partial"]


def test_all_sellers_vanished_is_not_found(installation: Installation) -> None:
    run = installation.open(RunKind.MARKET, sellers=["nobody-at-all", "gone_digger"])
    with pytest.raises(NotFoundError, match="nobody-at-all"):
        installation.carry_out(refresh_market, run)


def test_discogs_down_is_said_and_keeps_what_was_known(own_installation: Installation) -> None:
    seller = largest(own_installation)
    own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=[seller.name]))
    own_installation.server.stop()
    many = [seller.name for seller in own_installation.world.sellers]
    with pytest.raises(UnreachableError):
        own_installation.carry_out(refresh_market, own_installation.open(RunKind.MARKET, sellers=many))
    assert known(own_installation, seller) == for_sale(own_installation, seller)


def test_a_refresh_that_is_cut_off_anywhere_ends_with_the_same_result(installation: Installation) -> None:
    names = [seller.name for seller in installation.world.sellers[:3]]
    whole = installation.carry_out(refresh_market, installation.open(RunKind.MARKET, sellers=names))
    for step in range(12):
        run = installation.open(RunKind.MARKET, sellers=names)
        flow = installation.flow(run, cut_off_after=step, doubled=step % 2 == 0)
        try:
            installation.carry_out(refresh_market, run, flow)
        except CutOffError:
            installation.carry_out(refresh_market, run, flow.again())
        assert installation.result(run) == whole


def test_sellers_not_read_in_time_are_named(installation: Installation) -> None:
    names = [seller.name for seller in installation.world.sellers[:3]]
    run = installation.open(RunKind.MARKET, sellers=names)
    document = installation.carry_out(refresh_market, run, installation.flow(run, late=frozenset({1})))
    late = sorted(names)[1]
    assert document["sellers"] == 2
    assert "2 of 3 sellers answered." in document["partial"]
    assert any(late in sentence and "in time" in sentence for sentence in document["partial"])


@pytest.mark.parametrize(
    ("total", "pages"), [(0, 1), (100, 1), (101, 2), (10_000, 100), (10_001, 102), (10**6, 200)]
)
def test_large_inventories_are_planned_from_both_ends(total: int, pages: int) -> None:
    assert planned_pages(total, 100) == pages


def test_shared_listings_belong_to_nobody(installation: Installation) -> None:
    installation.carry_out(
        refresh_market, installation.open(RunKind.MARKET, sellers=[installation.world.sellers[0].name])
    )
    since = installation.clock.now() - timedelta(hours=1)
    assert listings.listings_of(installation.ctx.db, EVERYBODY, installation.world.sellers[0].name, since)
