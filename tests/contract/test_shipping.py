"""Policies and orders of the made-up Discogs, as the product reads them, say what its parcels cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from tests.sources.discogs.fakes import FakeBudget, FakeClock

from discogs_assistant.errors import NotFoundError, PrivateError
from discogs_assistant.model.country import find_country
from discogs_assistant.model.ids import ListingId
from discogs_assistant.model.shipping import (
    ANYWHERE,
    OrderNumber,
    ShippingPolicy,
    ShippingProblem,
    ShippingReport,
    ShippingUnit,
)
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import Http, open_http
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.shipping import PACKAGING_GRAMS, PolicyAnswer
from discogs_sandbox.world.world import World, token_of

SELLERS = 150


@dataclass(frozen=True)
class Discogs:
    """The made-up Discogs, and how its users reach it."""

    server: SandboxServer
    http: Http

    @property
    def world(self) -> World:
        return self.server.world

    def client(self, user: str) -> DiscogsClient:
        url, token = self.server.url, token_of(user)
        api = DiscogsApi(
            self.http, FakeBudget(), FakeClock(), api_url=url, user_agent="Test/1.0", token=token
        )
        return DiscogsClient(api)


@pytest.fixture(scope="module")
def discogs() -> Iterator[Discogs]:
    world = World.generate(3, releases=400, users=12, sellers=SELLERS, listings=900, shops=(2, 40))
    with SandboxServer(build_app(world, rate=10**6)) as server:
        http = open_http(server.url, FakeClock())
        yield Discogs(server, http)
        http.close()


@pytest.fixture(scope="module")
def reports(discogs: Discogs) -> dict[str, ShippingReport]:
    client = discogs.client(discogs.world.demo_user)
    return {seller.name: client.shipping(seller.name, seller.id) for seller in discogs.world.sellers}


def policy_to(report: ShippingReport, country: str) -> ShippingPolicy:
    """The policy for a country by Discogs' name."""
    by_destination = {policy.ships_to: policy for policy in report.policies}
    return by_destination.get(find_country(country) or "") or by_destination[ANYWHERE]


def price(policy: ShippingPolicy, items: int, grams: int, merchandise: Decimal) -> Decimal | None:
    """By the bands alone: the cheapest method that carries the parcel."""
    found = []
    for method in policy.methods:
        size = items if method.unit is ShippingUnit.ITEMS else grams + PACKAGING_GRAMS
        found += [b.cost for b in method.bands if b.low <= size and (b.high is None or size <= b.high)]
    if found and policy.free_from is not None and merchandise >= policy.free_from:
        return Decimal(0)
    return min(found, default=None)


def test_the_policies_of_each_seller_are_read_or_unknown_for_the_right_reason(
    discogs: Discogs, reports: dict[str, ShippingReport]
) -> None:
    expected = {
        PolicyAnswer.POLICIES: None,
        PolicyAnswer.EMPTY: ShippingProblem.NONE_STATED,
        PolicyAnswer.REFUSED: ShippingProblem.NO_ANSWER,
        PolicyAnswer.SERVER_ERROR: ShippingProblem.NO_ANSWER,
    }
    answers = {seller.name: seller.shop.answer for seller in discogs.world.sellers if seller.shop}
    wrong = [
        name
        for name, report in reports.items()
        if report.problem is not expected.get(answers[name], ShippingProblem.UNREADABLE)
    ]
    assert len(reports) == SELLERS
    assert wrong == []
    assert Counter(report.problem for report in reports.values())[None] > 0.8 * SELLERS


def test_parcels_cost_what_the_policy_says(discogs: Discogs, reports: dict[str, ShippingReport]) -> None:
    world, wrong, blocked = discogs.world, [], 0
    sellers = [seller for seller in world.sellers if reports[seller.name].problem is None]
    for seller in sellers:
        for country in ("United States", "Germany", "Japan", seller.country):
            policy = policy_to(reports[seller.name], country)
            blocked += policy.blocked
            for count in (1, 2, 5, 40):
                copies = [world.listings[number] for number in seller.listings[:count]]
                charged = world.shipping(seller, country, copies)
                grams = sum(world.releases[copy.release].grams for copy in copies)
                merchandise = sum((copy.price.amount for copy in copies), Decimal(0))
                expected = price(policy, len(copies), grams, merchandise)
                wrong += [] if expected == (charged and charged.amount) else [(seller.name, country, count)]
    assert len(sellers) > 100
    assert blocked > 10
    assert wrong == []


def test_a_copy_states_the_shipping_of_one_record(discogs: Discogs) -> None:
    world = discogs.world
    viewer = world.account(world.demo_user)
    client, sellers = discogs.client(viewer.name), world.sellers[:40]
    read = [client.listing(ListingId(seller.listings[0]))[0] for seller in sellers]
    charged = [expected_statement(world, seller, viewer) for seller in sellers]
    assert sum(amount is not None for amount in charged) > 20
    assert [listing.shipping and listing.shipping.decimal for listing in read] == charged
    assert [listing.shipping_blocked for listing in read] == [
        states(seller) and amount is None for seller, amount in zip(sellers, charged, strict=True)
    ]


def states(seller: Account) -> bool:
    return seller.shop is not None and seller.shop.states_shipping


def expected_statement(world: World, seller: Account, viewer: Account) -> Decimal | None:
    """What the seller charges the viewer for the first copy, where it is stated."""
    charged = world.shipping(seller, viewer.country, [world.listings[seller.listings[0]]])
    return charged.amount if charged is not None and states(seller) else None


def test_an_own_order_says_what_its_parcel_cost(discogs: Discogs) -> None:
    orders = list(discogs.world.orders.values())
    read = [discogs.client(order.buyer).order(OrderNumber(order.number)) for order in orders]
    assert len(orders) > 12
    assert [(order.seller, order.items, order.shipping.decimal, order.ordered_at) for order in read] == [
        (order.seller, len(order.copies), order.shipping.amount, order.created) for order in orders
    ]


def test_somebody_elses_order_is_not_shown_and_an_unknown_one_not_found(discogs: Discogs) -> None:
    order = next(iter(discogs.world.orders.values()))
    stranger = next(one.name for one in discogs.world.collectors if one.name != order.buyer)
    with pytest.raises(PrivateError):
        discogs.client(stranger).order(OrderNumber(order.number))
    with pytest.raises(NotFoundError):
        discogs.client(stranger).order(OrderNumber("1-1"))
