"""The world can be changed while it is served, from Python and by admin requests of this machine only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.world.world import NotFoundError, World


@pytest.fixture
def own_world() -> World:
    return small_world(11)


@pytest.fixture
def client(own_world: World) -> TestClient:
    return visit(open_app(own_world), own_world.demo_user)


def newest(client: TestClient, user: str) -> dict[str, Any]:
    params: dict[str, Any] = {"sort": "added", "sort_order": "desc", "per_page": 1}
    page = client.get(f"/users/{user}/collection/folders/0/releases", params=params).json()
    found: dict[str, Any] = page["releases"][0]
    return found


def test_an_added_copy_is_the_newest_of_the_collection(own_world: World, client: TestClient) -> None:
    owned = own_world.account(own_world.demo_user).items[0].release
    for _ in range(2):
        item = own_world.add_item(own_world.demo_user, owned)
        assert newest(client, own_world.demo_user)["instance_id"] == item.instance


def test_a_removed_copy_is_gone(own_world: World, client: TestClient) -> None:
    account = own_world.account(own_world.demo_user)
    count, item = len(account.items), account.items[3]
    own_world.remove_item(own_world.demo_user, item.instance)
    assert client.get(f"/users/{own_world.demo_user}").json()["num_collection"] == count - 1
    with pytest.raises(NotFoundError):
        own_world.remove_item(own_world.demo_user, item.instance)


def test_wants_come_and_go(own_world: World, client: TestClient) -> None:
    release = next(iter(own_world.releases))
    own_world.add_want(own_world.demo_user, release)
    count = client.get(f"/users/{own_world.demo_user}").json()["num_wantlist"]
    own_world.remove_want(own_world.demo_user, release)
    assert client.get(f"/users/{own_world.demo_user}").json()["num_wantlist"] == count - 1


def test_an_offered_copy_is_for_sale_at_its_price(own_world: World, client: TestClient) -> None:
    release = next(iter(own_world.copies))
    before = len(own_world.for_sale(release))
    listing = own_world.offer(own_world.sellers[0].name, release, Decimal("12.34"))
    assert client.get(f"/marketplace/stats/{release}").json()["num_for_sale"] == before + 1
    own_world.change_price(listing.id, Decimal("9.99"))
    shown = client.get(f"/marketplace/listings/{listing.id}").json()["price"]["value"]
    assert shown == float(own_world.listings[listing.id].price.amount)


def test_a_blocked_release_cannot_be_offered(own_world: World) -> None:
    blocked = next(number for number, release in own_world.releases.items() if release.blocked)
    with pytest.raises(NotFoundError):
        own_world.offer(own_world.sellers[0].name, blocked, Decimal("12.34"))


def test_a_sorted_inventory_follows_a_change_of_price(own_world: World, client: TestClient) -> None:
    seller = own_world.sellers[0]
    path = f"/users/{seller.name}/inventory"
    params: dict[str, Any] = {"sort": "price", "per_page": 1}
    client.get(path, params=params)
    dearest = max(seller.listings, key=lambda number: own_world.listings[number].price.amount)
    own_world.change_price(dearest, Decimal("0.01"))
    assert client.get(path, params=params).json()["listings"][0]["id"] == dearest


def test_a_user_who_left_is_404_from_then_on(own_world: World, client: TestClient) -> None:
    name = own_world.sellers[0].name
    assert client.get(f"/users/{name}/inventory").status_code == 200
    own_world.vanish(name)
    assert client.get(f"/users/{name}/inventory").status_code == 404
    assert visit(open_app(own_world), name).get("/oauth/identity").status_code == 401


def test_admin_requests_change_the_world(own_world: World, client: TestClient) -> None:
    user, release = own_world.demo_user, next(iter(own_world.releases))
    added = client.post("/_sandbox/collection", json={"user": user, "release_id": release}).json()["result"]
    assert newest(client, user)["instance_id"] == added
    gone = client.request("DELETE", "/_sandbox/collection", json={"user": user, "instance": added})
    assert gone.status_code == 200
    number = next(iter(own_world.listings))
    client.post("/_sandbox/price", json={"listing_id": number, "price": "42.00"})
    assert own_world.listings[number].price.amount == Decimal("42.00")
    client.post("/_sandbox/sell", json={"listing_id": number})
    assert own_world.listings[number].status == "Sold"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"colour": 1}', b"{}"])
def test_an_admin_request_with_wrong_arguments_is_422(client: TestClient, body: bytes) -> None:
    assert client.post("/_sandbox/sell", content=body).status_code == 422


def test_hours_pass_by_an_admin_request(own_world: World, client: TestClient) -> None:
    before = own_world.now
    changes = client.post("/_sandbox/hours", json={"hours": 7}).json()["result"]
    sold = [listing for listing in own_world.listings.values() if listing.status == "Sold"]
    assert own_world.now - before == timedelta(hours=7)
    assert changes.keys() == {"sold", "withdrawn", "repriced", "listed"}
    assert changes["sold"] == len(sold) > 0


def test_a_sorted_inventory_follows_hours_that_pass(own_world: World, client: TestClient) -> None:
    seller = max(own_world.sellers, key=lambda seller: len(seller.listings))
    path, params = f"/users/{seller.name}/inventory", {"sort": "listed", "sort_order": "desc"}
    before = client.get(path, params=params).json()["listings"][0]["id"]
    client.post("/_sandbox/hours", json={"hours": 12})
    newest = max(own_world.offered_by(seller), key=lambda listing: listing.posted).id
    assert client.get(path, params=params).json()["listings"][0]["id"] == newest != before


@pytest.mark.parametrize("hours", [-1, 1001, "soon", None])
def test_hours_that_cannot_pass_are_422(own_world: World, client: TestClient, hours: object) -> None:
    assert client.post("/_sandbox/hours", json={"hours": hours}).status_code == 422
    assert own_world.hours == 0


@pytest.mark.parametrize("price", ["dear", None, [1]])
def test_a_price_that_is_not_a_number_is_422(own_world: World, client: TestClient, price: object) -> None:
    number = next(iter(own_world.listings))
    assert client.post("/_sandbox/price", json={"listing_id": number, "price": price}).status_code == 422


def test_an_admin_request_for_an_unknown_listing_is_404(client: TestClient) -> None:
    assert client.post("/_sandbox/sell", json={"listing_id": 1}).status_code == 404


def test_admin_requests_are_for_this_machine_only(own_world: World) -> None:
    stranger = visit(open_app(own_world), address="192.0.2.7")
    assert stranger.get("/_sandbox/stats").status_code == 403
    assert stranger.post("/_sandbox/reset").status_code == 403


def test_the_list_of_users_has_tokens_and_true_counts(own_world: World, client: TestClient) -> None:
    first = client.get("/_sandbox/users").json()[0]
    assert first["user"] == own_world.demo_user
    headers = {"Authorization": f"Discogs token={first['token']}"}
    assert client.get("/oauth/identity", headers=headers).json()["username"] == own_world.demo_user
    assert first["collection"] == len(own_world.account(own_world.demo_user).items)
