"""Inventories, listings and lowest prices, with Discogs' special cases."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.world.prices import CURRENCIES, convert
from discogs_sandbox.world.world import World


def listing_in(world: World, currency: str) -> int:
    return next(n for n, listing in world.listings.items() if listing.price.currency == currency)


def test_an_inventory_sorted_by_price_goes_up_and_down(anyone: TestClient, world: World) -> None:
    seller = max(world.sellers, key=lambda seller: len(seller.listings)).name
    path = f"/users/{seller}/inventory"
    prices = {
        order: [
            listing["price"]["value"]
            for listing in anyone.get(
                path, params={"sort": "price", "sort_order": order, "per_page": 100}
            ).json()["listings"]
        ]
        for order in ("asc", "desc")
    }
    assert prices["asc"] == sorted(prices["asc"])
    assert prices["desc"] == sorted(prices["desc"], reverse=True)
    assert prices["asc"][0] < prices["desc"][0]


def test_100_pages_of_anothers_inventory_can_be_read_and_all_of_ones_own() -> None:
    world = World.generate(2, releases=100, users=2, sellers=1, listings=10_150)
    seller = world.sellers[0].name
    path, app = f"/users/{seller}/inventory", open_app(world)
    assert len(visit(app).get(path, params={"page": 100, "per_page": 100}).json()["listings"]) == 100
    for size in (100, 50, 1):
        refused = visit(app).get(path, params={"page": 101, "per_page": size})
        assert refused.status_code == 403
        assert refused.json() == {
            "message": "Pagination above 100 disabled for inventories besides your own."
        }
    assert len(visit(app, seller).get(path, params={"page": 102, "per_page": 100}).json()["listings"]) == 50


def test_the_number_of_pages_includes_those_that_cannot_be_read() -> None:
    world = World.generate(2, releases=100, users=2, sellers=1, listings=10_150)
    path = f"/users/{world.sellers[0].name}/inventory"
    pagination = visit(open_app(world)).get(path, params={"per_page": 100}).json()["pagination"]
    assert (pagination["pages"], pagination["items"]) == (102, 10_150)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["listed", "price", "item", "artist", "label", "catno", "audio", "status"])
def test_an_inventory_is_sorted_by_each_key_in_both_orders(
    anyone: TestClient, world: World, sort: str, order: str
) -> None:
    seller = max(world.sellers, key=lambda seller: len(seller.listings))
    path, found = f"/users/{seller.name}/inventory", []
    for page in range(1, -(-len(seller.listings) // 100) + 1):
        params: dict[str, Any] = {"sort": sort, "sort_order": order, "per_page": 100, "page": page}
        found += [row["id"] for row in anyone.get(path, params=params).json()["listings"]]
    assert sorted(found) == sorted(seller.listings)


def test_an_inventory_cannot_be_sorted_by_location(anyone: TestClient, world: World) -> None:
    path = f"/users/{world.sellers[0].name}/inventory"
    assert anyone.get(path, params={"sort": "location"}).status_code == 422


def test_the_status_asked_for_counts_only_for_ones_own_inventory() -> None:
    world = small_world(10)
    number, listing = next(iter(world.listings.items()))
    world.sell(number)
    app, path = open_app(world), f"/users/{listing.seller}/inventory"
    params: dict[str, Any] = {"status": "Sold", "per_page": 100}
    for_sale = len(world.account(listing.seller).listings) - 1
    assert visit(app).get(path, params=params).json()["pagination"]["items"] == for_sale
    own = visit(app, listing.seller).get(path, params=params).json()["listings"]
    assert [row["id"] for row in own] == [number]


def test_a_profile_says_how_many_copies_are_for_sale() -> None:
    world = small_world(10)
    number, listing = next(iter(world.listings.items()))
    client, seller = visit(open_app(world)), world.account(listing.seller)
    assert client.get(f"/users/{seller.name}").json()["num_for_sale"] == len(seller.listings)
    world.sell(number)
    assert client.get(f"/users/{seller.name}").json()["num_for_sale"] == len(seller.listings) - 1


def test_rows_say_how_many_own_and_want_the_release(anyone: TestClient, world: World) -> None:
    rows = anyone.get(f"/users/{world.sellers[0].name}/inventory").json()["listings"]
    expected = [world.releases[row["release"]["id"]] for row in rows]
    assert rows
    assert [row["release"]["stats"]["community"] for row in rows] == [
        {"in_wantlist": release.want, "in_collection": release.have} for release in expected
    ]


def test_a_collector_without_a_shop_has_an_empty_inventory(anyone: TestClient, world: World) -> None:
    answer = anyone.get(f"/users/{world.demo_user}/inventory").json()
    assert (answer["listings"], answer["pagination"]["items"], answer["pagination"]["pages"]) == ([], 0, 1)


def test_ratings_are_text_and_comments_are_escaped(anyone: TestClient, world: World) -> None:
    number = next(n for n, listing in world.listings.items() if "<b>" in listing.comments)
    answer = anyone.get(f"/marketplace/listings/{number}").json()
    assert isinstance(answer["seller"]["stats"]["rating"], str)
    assert "<" not in answer["comments"]
    assert unescape(answer["comments"]) == world.listings[number].comments


def test_a_listings_release_has_no_master_genres_or_styles(anyone: TestClient, world: World) -> None:
    release = anyone.get(f"/marketplace/listings/{next(iter(world.listings))}").json()["release"]
    assert not {"master_id", "genres", "styles"} & release.keys()


def test_the_artists_of_a_row_are_one_text_without_ids() -> None:
    world = World.generate()
    client = visit(open_app(world))
    copies = [
        world.for_sale(release.id)[0].id
        for release in world.releases.values()
        if len(world.work_of(release).artists) > 1 and world.for_sale(release.id)
    ]
    rows = [client.get(f"/marketplace/listings/{copy}").json()["release"] for copy in copies]
    texts = [row["artist"] for row in rows]
    assert rows
    assert [row for row in rows if "artists" in row] == []
    assert any(", " in text and " & " in text for text in texts)
    assert any(" / " in text for text in texts)
    assert any(" feat. " in text for text in texts)
    assert any(re.search(r" \(\d+\)", text) for text in texts)


def test_yen_have_no_decimals(anyone: TestClient, world: World) -> None:
    number = listing_in(world, "JPY")
    answer = anyone.get(f"/marketplace/listings/{number}").json()
    assert answer["price"] == {"value": world.listings[number].price.amount, "currency": "JPY"}


def test_a_price_is_in_the_requested_currency_beside_the_original(anyone: TestClient, world: World) -> None:
    number = listing_in(world, "JPY")
    answer = anyone.get(f"/marketplace/listings/{number}", params={"curr_abbr": "GBP"}).json()
    expected = convert(world.listings[number].price, "GBP")
    assert answer["price"] == {"value": float(expected.amount), "currency": "GBP"}
    assert answer["original_price"]["curr_abbr"] == "JPY"


def test_an_unknown_currency_is_422(anyone: TestClient, world: World) -> None:
    for path in (
        f"/marketplace/listings/{next(iter(world.listings))}",
        f"/releases/{next(iter(world.releases))}",
    ):
        assert anyone.get(path, params={"curr_abbr": "XXX"}).status_code == 422


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_lowest_price_is_that_of_a_copy_for_sale(anyone: TestClient, world: World, currency: str) -> None:
    release = max(world.copies, key=lambda number: len(world.copies[number]))
    stats = anyone.get(f"/marketplace/stats/{release}", params={"curr_abbr": currency}).json()
    prices = [convert(listing.price, currency) for listing in world.for_sale(release)]
    assert stats["lowest_price"] == {"value": float(min(prices).amount), "currency": currency}
    assert stats["num_for_sale"] == len(prices)


def test_the_lowest_price_is_null_where_none_is_for_sale(anyone: TestClient, world: World) -> None:
    release = next(number for number in world.releases if not world.for_sale(number))
    assert anyone.get(f"/marketplace/stats/{release}").json()["lowest_price"] is None
    assert anyone.get(f"/releases/{release}").json()["lowest_price"] is None


def test_a_sold_listing_has_that_status_and_leaves_the_inventory() -> None:
    world = small_world(10)
    number, listing = next(iter(world.listings.items()))
    client = visit(open_app(world))
    path = f"/users/{listing.seller}/inventory"
    before = client.get(path).json()["pagination"]["items"]
    world.sell(number)
    assert client.get(f"/marketplace/listings/{number}").json()["status"] == "Sold"
    assert client.get(path).json()["pagination"]["items"] == before - 1


def test_a_withdrawn_listing_is_404() -> None:
    world = small_world(10)
    number = next(iter(world.listings))
    world.withdraw(number)
    assert visit(open_app(world)).get(f"/marketplace/listings/{number}").status_code == 404
