"""Sellers' shipping policies, what a copy's own answer says of them, and orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, visit

from discogs_sandbox.oauth import APP_KEY, APP_SECRET
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.shipping import PACKAGING_GRAMS, PolicyAnswer
from discogs_sandbox.world.world import World

POLICIES = "/v3/marketplace/shipping/policies"


@pytest.fixture(scope="module")
def large() -> World:
    return World.generate()


@pytest.fixture(scope="module")
def visitor(large: World) -> TestClient:
    return visit(open_app(large), large.demo_user)


def sellers_with(world: World, answer: PolicyAnswer) -> list[Account]:
    return [seller for seller in world.sellers if seller.shop and seller.shop.answer is answer]


def policies_of(client: TestClient, seller: Account, **more: str) -> Any:
    return client.get(POLICIES, params={"seller_id": seller.id, **more}).json()


def price_by_policy(answer: Any, country: str, grams: int, merchandise: float) -> float | None:
    """What one record costs to send by an answer of the endpoint, read as a client would."""
    for policy in answer["policies"]:
        if country not in policy["countries"]:
            continue
        if policy["free_shipping"] and merchandise >= (policy["free_shipping_min_order_val"] or 0):
            return 0.0
        prices = []
        for method in policy["methods"]:
            size = 1 if method["range_type"] == "quantity" else grams + PACKAGING_GRAMS
            fitting = [part["price"] for part in method["ranges"] if not part["max"] or size <= part["max"]]
            prices += fitting[:1]
        return float(min(prices))
    return None


def test_policies_have_the_shape_that_clients_read(large: World, visitor: TestClient) -> None:
    seller = sellers_with(large, PolicyAnswer.POLICIES)[0]
    answer = policies_of(visitor, seller)
    assert answer.keys() == {"seller_uid", "currency", "policies"}
    assert (answer["seller_uid"], answer["currency"]) == (seller.id, seller.currency)
    policy = answer["policies"][0]
    assert policy.keys() == {
        "id",
        "countries",
        "methods",
        "free_shipping",
        "free_shipping_min_order_val",
    }
    assert policy["countries"] == [seller.country]
    assert policy["methods"][0].keys() == {"name", "range_type", "ranges"}
    assert policy["methods"][0]["ranges"][0].keys() == {"price", "max"}


def test_ranges_ascend_and_only_the_last_may_have_no_end(large: World, visitor: TestClient) -> None:
    ranges = [
        [part["max"] for part in method["ranges"]]
        for seller in sellers_with(large, PolicyAnswer.POLICIES)
        for policy in policies_of(visitor, seller)["policies"]
        for method in policy["methods"]
    ]
    assert len(ranges) > 300
    assert [ends for ends in ranges if sorted(set(ends[:-1])) != ends[:-1] or 0 in ends[:-1]] == []
    assert [ends for ends in ranges if ends[-1] and ends[-1] <= max(ends[:-1])] == []


def test_policies_of_a_country_are_those_that_name_it(large: World, visitor: TestClient) -> None:
    seller = sellers_with(large, PolicyAnswer.POLICIES)[0]
    chosen = policies_of(visitor, seller, country=seller.country)["policies"]
    assert chosen == policies_of(visitor, seller)["policies"][:1]
    assert policies_of(visitor, seller, country="Atlantis")["policies"] == []


@pytest.mark.parametrize("parameters", [{}, {"seller_id": "a"}, {"seller_id": "-1"}, {"seller_id": "²"}])
def test_a_seller_id_that_is_no_number_is_422(owner: TestClient, parameters: dict[str, str]) -> None:
    assert owner.get(POLICIES, params=parameters).status_code == 422


def test_a_seller_whom_nobody_knows_is_404(owner: TestClient, world: World) -> None:
    collector = world.account(world.demo_user)
    assert [owner.get(POLICIES, params={"seller_id": id}).status_code for id in (1, collector.id)] == [
        404,
        404,
    ]


def test_policies_and_orders_need_a_persons_token(anyone: TestClient, world: World) -> None:
    application = {"Authorization": f"Discogs key={APP_KEY}, secret={APP_SECRET}"}
    order = next(iter(world.orders))
    paths = (f"{POLICIES}?seller_id={world.sellers[0].id}", f"/marketplace/orders/{order}")
    answers = [anyone.get(path, headers=headers) for path in paths for headers in ({}, application)]
    assert [answer.status_code for answer in answers] == [401] * 4


@pytest.mark.parametrize(
    ("answer", "status"),
    [(PolicyAnswer.REFUSED, 403), (PolicyAnswer.SERVER_ERROR, 500), (PolicyAnswer.EMPTY, 200)],
)
def test_some_sellers_have_no_policies_or_an_answer_that_fails(
    large: World, visitor: TestClient, answer: PolicyAnswer, status: int
) -> None:
    found = sellers_with(large, answer)
    assert found
    assert {visitor.get(POLICIES, params={"seller_id": one.id}).status_code for one in found} == {status}


def test_a_seller_without_policies_has_an_empty_list(large: World, visitor: TestClient) -> None:
    seller = sellers_with(large, PolicyAnswer.EMPTY)[0]
    answer = {"seller_uid": seller.id, "currency": seller.currency, "policies": []}
    assert policies_of(visitor, seller) == answer


def test_the_switch_makes_so_many_answers_fail_and_always_the_same_ones(large: World) -> None:
    client = visit(open_app(large), large.demo_user)
    sound = sellers_with(large, PolicyAnswer.POLICIES)

    def answers() -> list[str]:
        return [client.get(POLICIES, params={"seller_id": seller.id}).text for seller in sound]

    before = answers()
    assert client.post("/_sandbox/policies", json={"failing": 0.3}).status_code == 200
    after = answers()
    changed = sum(old != new for old, new in zip(before, after, strict=True))
    assert 0.2 < changed / len(sound) < 0.4
    assert answers() == after
    client.post("/_sandbox/policies", json={"failing": 0})
    assert answers() == before


@pytest.mark.parametrize("share", [-0.1, 1.1, "all", None])
def test_a_share_of_failures_that_is_none_is_422(owner: TestClient, share: object) -> None:
    assert owner.post("/_sandbox/policies", json={"failing": share}).status_code == 422


def test_one_record_costs_what_the_sellers_policy_says(large: World) -> None:
    app = open_app(large)
    viewers = {account.country: account for account in large.collectors[:60]}
    sellers = sellers_with(large, PolicyAnswer.POLICIES)
    assert len(viewers) > 4
    checked = []
    for country, viewer in viewers.items():
        client = visit(app, viewer.name)
        for seller in sellers[:40]:
            copy = large.listings[seller.listings[0]]
            shown = client.get(f"/marketplace/listings/{copy.id}").json()
            stated = shown["shipping_price"].get("value")
            grams = large.releases[copy.release].grams
            expected = price_by_policy(policies_of(client, seller), country, grams, shown["price"]["value"])
            checked.append((stated, shown["shipping_is_blocked"]) == (expected, expected is None))
    assert len(checked) > 150
    assert False not in checked


def test_most_copies_state_their_shipping_to_who_is_signed_in_and_none_to_others(
    anyone: TestClient, owner: TestClient, world: World
) -> None:
    numbers = list(world.listings)[:: len(world.listings) // 60]
    strangers = [anyone.get(f"/marketplace/listings/{n}").json() for n in numbers]
    signed_in = [owner.get(f"/marketplace/listings/{n}").json() for n in numbers]
    assert [answer["shipping_price"] for answer in strangers] == [{}] * len(numbers)
    assert not [answer for answer in strangers if "shipping_is_blocked" in answer]
    assert sum(bool(answer["shipping_price"]) for answer in signed_in) > len(numbers) / 2


def test_copies_of_a_seller_without_policies_say_nothing_of_shipping(
    large: World, visitor: TestClient
) -> None:
    copy = sellers_with(large, PolicyAnswer.EMPTY)[0].listings[0]
    answer = visitor.get(f"/marketplace/listings/{copy}").json()
    assert (answer["shipping_price"], answer["shipping_is_blocked"]) == ({}, False)


def test_rows_of_inventories_carry_no_shipping(owner: TestClient, world: World) -> None:
    rows = owner.get(f"/users/{world.sellers[0].name}/inventory").json()["listings"]
    assert rows
    assert [row["shipping_price"] for row in rows] == [{}] * len(rows)


def test_most_releases_state_their_weight(anyone: TestClient, world: World) -> None:
    answers = [anyone.get(f"/releases/{number}").json() for number in world.releases]
    weights = {answer["id"]: answer["estimated_weight"] for answer in answers if "estimated_weight" in answer}
    assert 0.8 * len(answers) < len(weights) < len(answers)
    assert weights == {number: world.releases[number].grams for number in weights}


def test_a_buyer_and_a_seller_read_their_order_and_others_do_not(world: World) -> None:
    app, order = open_app(world), next(iter(world.orders.values()))
    stranger = next(one.name for one in world.collectors if one.name != order.buyer)
    statuses = {
        name: visit(app, name).get(f"/marketplace/orders/{order.number}").status_code
        for name in (order.buyer, order.seller, stranger)
    }
    assert statuses == {order.buyer: 200, order.seller: 200, stranger: 403}


@pytest.mark.parametrize("number", ["1-1", "abc", "5000000", "5000000-99999"])
def test_an_order_that_nobody_placed_is_404(owner: TestClient, number: str) -> None:
    assert owner.get(f"/marketplace/orders/{number}").status_code == 404


def test_an_order_has_its_copies_and_what_their_parcel_cost(world: World) -> None:
    order = max(world.orders.values(), key=lambda order: len(order.copies))
    answer = visit(open_app(world), order.buyer).get(f"/marketplace/orders/{order.number}").json()
    seller, buyer = world.accounts[order.seller], world.accounts[order.buyer]
    shipping = world.shipping(seller, buyer.country, order.copies)
    assert len(order.copies) > 2
    assert shipping == order.shipping
    assert (answer["id"], answer["seller"]["username"]) == (order.number, seller.name)
    assert answer["shipping"]["currency"] == seller.currency
    assert Decimal(str(answer["shipping"]["value"])) == order.shipping.amount
    assert [(item["id"], item["release"]["id"]) for item in answer["items"]] == [
        (copy.id, copy.release) for copy in order.copies
    ]


def test_collectors_find_the_numbers_of_their_orders_in_the_list_of_users(
    owner: TestClient, world: World
) -> None:
    listed = {entry["user"]: entry["orders"] for entry in owner.get("/_sandbox/users").json()}
    orders = [(order.buyer, order.number) for order in world.orders.values()]
    assert len(orders) > len(world.collectors)
    assert [number for buyer, number in orders if number not in listed[buyer]] == []
