"""The sell pages in both layouts and languages, read by the product's own reader of saved pages."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import offered, open_app, small_world, visit

from discogs_assistant.errors import AssistantError
from discogs_assistant.model.listing import Listing
from discogs_assistant.model.market import MarketBatch
from discogs_assistant.sources.market.saved_pages import read_sell_page
from discogs_sandbox.wire.fields import SITE
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.world import entities
from discogs_sandbox.world.prices import convert
from discogs_sandbox.world.world import World

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LAYOUTS = pytest.mark.parametrize("layout", ["2020", "2026"])
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/fr"])


def read(client: TestClient, path: str, **params: str) -> MarketBatch:
    return read_sell_page(client.get(path, params=params).content, as_of=NOW)


def same(read: Listing, made: entities.Listing) -> bool:
    left = (*offered(read), read.release_id, read.seller, read.comments or "")
    return left == (made.price, made.media, made.sleeve, made.release, made.seller, made.comments)


@LAYOUTS
@LANGUAGES
def test_every_copy_of_a_release_is_on_its_page(
    anyone: TestClient, world: World, layout: str, prefix: str
) -> None:
    release = max(world.copies, key=lambda number: len(world.copies[number]))
    batch = read(anyone, f"{prefix}/sell/release/{release}", layout=layout, limit="250")
    assert {listing.id for listing in batch.listings} == set(world.copies[release])
    assert all(same(listing, world.listings[listing.id]) for listing in batch.listings)
    assert batch.problems == ()


@LAYOUTS
@LANGUAGES
def test_my_wants_shows_what_is_for_sale_of_them(
    anyone: TestClient, world: World, layout: str, prefix: str
) -> None:
    user = world.collectors[3]
    batch = read(anyone, f"{prefix}/sell/mywants", layout=layout, limit="250", user=user.name)
    expected = [listing for want in user.wants for listing in world.for_sale(want.release)]
    assert len(batch.listings) == min(250, len(expected))
    assert all(same(listing, world.listings[listing.id]) for listing in batch.listings)


@LAYOUTS
def test_sellers_are_shown_with_rating_ratings_and_country(
    anyone: TestClient, world: World, layout: str
) -> None:
    batch = read(anyone, "/sell/mywants", layout=layout, limit="250")
    shops = {seller.name: world.accounts[seller.name].shop for seller in batch.sellers}
    rated = {name: (shop.rating, shop.ratings) for name, shop in shops.items() if shop and shop.ratings}
    assert rated
    assert {s.name: (s.rating, s.ratings) for s in batch.sellers if s.name in rated} == rated
    assert [seller.name for seller in batch.sellers if not seller.ships_from] == []


@pytest.fixture(scope="module")
def crowded() -> World:
    """A world with one release of which more copies are for sale than a page shows."""
    world = World.generate(7, releases=60, users=2, sellers=6, listings=300)
    release = next(release for release in world.releases.values() if not release.blocked)
    for number in range(320):
        world.offer(world.sellers[number % 6].name, release.id, Decimal(5 + number * 7 % 90))
    return world


def most_offered(world: World) -> int:
    return max(world.copies, key=lambda number: len(world.copies[number]))


@LAYOUTS
@pytest.mark.parametrize(("limit", "shown"), [("", 25), ("50", 50), ("250", 250), ("1000", 25)])
def test_a_page_shows_25_copies_or_as_many_as_the_site_allows(
    crowded: World, layout: str, limit: str, shown: int
) -> None:
    path = f"/sell/release/{most_offered(crowded)}"
    batch = read(visit(open_app(crowded)), path, layout=layout, limit=limit, sort="price,asc")
    total = len(crowded.for_sale(most_offered(crowded)))
    assert len(batch.listings) == shown
    assert batch.problems == (
        f"The page shows copies 1 to {shown} of {total}: save the others too, if you want them.",
    )


@LAYOUTS
def test_the_cheapest_copies_come_first_or_last(crowded: World, layout: str) -> None:
    path, client = f"/sell/release/{most_offered(crowded)}", visit(open_app(crowded))
    pages = {
        sort: [listing.id for listing in read(client, path, layout=layout, limit="250", sort=sort).listings]
        for sort in ("price,asc", "price,desc")
    }
    copies = crowded.for_sale(most_offered(crowded))
    by_price = [copy.id for copy in sorted(copies, key=lambda copy: (convert(copy.price, "EUR"), copy.id))]
    assert pages == {"price,asc": by_price[:250], "price,desc": by_price[::-1][:250]}


@LAYOUTS
def test_all_copies_are_on_the_pages_of_250(crowded: World, layout: str) -> None:
    path, client = f"/sell/release/{most_offered(crowded)}", visit(open_app(crowded))
    params = {"layout": layout, "limit": "250", "sort": "price,asc"}
    found = [read(client, path, page=page, **params).listings for page in ("1", "2")]
    assert {listing.id for part in found for listing in part} == {
        copy.id for copy in crowded.for_sale(most_offered(crowded))
    }


def test_the_new_layout_links_a_copy_below_both_addresses(anyone: TestClient, world: World) -> None:
    number = most_offered(world)
    new, old = (
        anyone.get(f"/sell/release/{number}", params={"layout": layout}).text for layout in ("2026", "2020")
    )
    copy = world.for_sale(number)[0].id
    assert f"/shop/item/{copy}" in new
    assert f"/sell/item/{copy}" in new
    assert "/shop/" not in old


@pytest.mark.parametrize("place", ["sell", "shop"])
def test_a_copy_has_a_page_until_it_is_sold(place: str) -> None:
    world = small_world(13)
    number = next(iter(world.listings))
    client = visit(open_app(world))
    assert [copy.id for copy in read(client, f"/{place}/item/{number}").listings] == [number]
    world.sell(number)
    assert client.get(f"/{place}/item/{number}").status_code == 404


def test_my_wants_of_one_seller_hold_that_sellers_copies(anyone: TestClient, world: World) -> None:
    user = world.collectors[3]
    wanted = [copy for want in user.wants for copy in world.for_sale(want.release)]
    seller = world.accounts[wanted[0].seller]
    batch = read(anyone, "/shop/mywants/", user=user.name, seller=str(seller.id), limit="250")
    assert {copy.id for copy in batch.listings} == {copy.id for copy in wanted if copy.seller == seller.name}


def test_pages_of_25_lead_on_to_the_next(anyone: TestClient, world: World) -> None:
    first = anyone.get("/sell/mywants")
    assert "page=2" in first.text
    shown = [read(anyone, "/sell/mywants", page=str(page)).listings for page in (1, 2)]
    assert not {listing.id for listing in shown[0]} & {listing.id for listing in shown[1]}


def test_titles_are_escaped(world: World) -> None:
    client = visit(open_app(world))
    place = next(n for n, work in enumerate(world.works) if "<script>" in work.title)
    release = next(release.id for release in world.releases.values() if release.work == place)
    cover = PictureAddresses(world).signed(f"{SITE}/images/R-{release}-600.svg").removeprefix(SITE)
    for path in (f"/sell/release/{release}", cover):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_one_release_always_shows_the_bot_check(anyone: TestClient, world: World) -> None:
    answer = anyone.get(f"/sell/release/{next(iter(world.challenged))}")
    assert (answer.status_code, answer.headers["cf-mitigated"]) == (403, "challenge")
    with pytest.raises(AssistantError, match="blocked"):
        read_sell_page(answer.content, as_of=NOW)


def test_with_the_switch_every_page_shows_the_bot_check(world: World) -> None:
    client = visit(open_app(world))
    assert client.get("/sell/mywants").status_code == 200
    client.post("/_sandbox/challenge", json={"on": True})
    assert client.get("/sell/mywants").status_code == 403
    assert client.get(f"/users/{world.demo_user}").status_code == 200


def test_an_unknown_release_or_user_is_404(anyone: TestClient) -> None:
    assert anyone.get("/sell/release/1").status_code == 404
    assert anyone.get("/sell/mywants", params={"user": "nobody"}).status_code == 404
