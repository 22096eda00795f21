"""The client survives what Discogs limits, hides and gets wrong, as the made-up Discogs shows it."""

from __future__ import annotations

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world
from tests.sources.discogs.fakes import API_URL, Bench, FakeClock, Handler

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ListingId, UserName
from discogs_assistant.sources.discogs.inventory_paging import InventoryReading
from discogs_sandbox.app import Sandbox
from discogs_sandbox.world.entities import Work
from discogs_sandbox.world.world import World, token_of


def answering(app: Sandbox) -> Handler:
    asked = TestClient(app, base_url=API_URL)

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent = asked.get(str(request.url), headers=dict(request.headers))
        return httpx2.Response(sent.status_code, headers=sent.headers, content=sent.content)

    return answer


@pytest.fixture(scope="module")
def world() -> World:
    return small_world()


def read_inventory(bench: Bench, seller: str) -> tuple[set[ListingId], InventoryReading]:
    client, reading, found = bench.client, InventoryReading(), set[ListingId]()
    while (wanted := reading.next) is not None:
        page = client.inventory_page(seller, wanted.page, order=wanted.order)
        found |= {listing.id for listing, _ in page.items}
        reading = reading.after(page, len(found))
    return found, reading


def test_of_a_seller_of_20_300_copies_20_000_are_read_and_the_rest_is_reported() -> None:
    world = World.generate(2, releases=200, users=2, sellers=1, listings=20_300)
    seller = world.sellers[0]
    found, reading = read_inventory(Bench(answering(open_app(world))), seller.name)
    assert len(found) == 20_000
    assert found < set(seller.listings)
    assert reading.problem(seller.name) == (
        f"Only 20,000 of 20,300 copies that “{seller.name}” sells can be read: Discogs shows no more of "
        "another seller's."
    )


def test_a_page_that_discogs_refuses_is_an_error_of_the_question(world: World) -> None:
    with pytest.raises(BadInputError, match="no more pages"):
        Bench(answering(open_app(world))).client.inventory_page(world.sellers[0].name, 101)


def test_a_limit_without_a_stated_wait_is_waited_out(world: World) -> None:
    clock = FakeClock()
    app = open_app(world, anonymous_rate=3, window=60.0, now=lambda: clock.now().timestamp())
    bench = Bench(answering(app), clock=clock)
    client = bench.client
    names = [client.user(UserName(world.demo_user)).name for _ in range(8)]
    assert names == [world.demo_user] * 8
    assert bench.budget.pauses == [60.0, 60.0]
    assert app.rate.log.over_window == 2


def test_the_rate_follows_what_remains_and_not_what_was_used(world: World) -> None:
    bench = Bench(answering(open_app(world, anonymous_rate=25)))
    client = bench.client
    for _ in range(10):
        client.user(UserName(world.demo_user))
    assert bench.budget.observed == [(False, 25, 24 - number) for number in range(10)]


def test_an_error_with_details_says_what_is_wrong(world: World) -> None:
    with pytest.raises(BadInputError, match="sort_order must be asc or desc"):
        Bench(answering(open_app(world))).client.wants_page(UserName(world.demo_user), 1, order="sideways")


def joined(work: Work) -> str:
    """The artists of a work as a buyer reads them in one line."""
    parts = [(credit.anv or credit.artist.name, credit.join) for credit in work.artists]
    words = "".join(f"{name}{', ' if join == ',' else f' {join} '}" for name, join in parts)
    return words.strip()


def test_a_row_of_several_artists_keeps_their_one_text() -> None:
    world = World.generate(1, releases=600, users=2, sellers=8)
    client = Bench(answering(open_app(world))).client
    several = {
        copy.id: joined(world.work_of(world.releases[copy.release]))
        for copy in world.listings.values()
        if len(world.work_of(world.releases[copy.release]).artists) > 1
    }
    assert len(several) > 20
    assert {number: client.listing(ListingId(number))[0].artist for number in several} == several


def test_copies_that_are_far_too_dear_or_cost_a_cent_are_read_like_others() -> None:
    world = World.generate(3, releases=600, users=2, sellers=12)
    bench = Bench(answering(open_app(world)), token=token_of(world.demo_user))
    by_price = sorted(world.listings.values(), key=lambda copy: copy.price.amount)
    outliers = [*by_price[:3], *by_price[-3:]]
    read = [bench.client.listing(ListingId(copy.id))[0].price for copy in outliers]
    assert [(price.decimal, str(price.currency)) for price in read] == [
        (copy.price.amount, copy.price.currency) for copy in outliers
    ]
    assert by_price[0].price.amount < 1 < 1000 < by_price[-1].price.amount
