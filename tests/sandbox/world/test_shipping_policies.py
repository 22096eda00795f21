"""The made-up sellers' shipping policies: every kind occurs, and they agree with the sellers' words."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from discogs_sandbox.world.collectors import END
from discogs_sandbox.world.countries import COUNTRIES
from discogs_sandbox.world.entities import Account, Shop
from discogs_sandbox.world.prices import Price, english
from discogs_sandbox.world.sellers import make_sellers
from discogs_sandbox.world.shipping import PolicyAnswer, RangeType, parcel_price
from discogs_sandbox.world.world import World


@pytest.fixture(scope="module")
def sellers() -> list[Account]:
    return make_sellers(1, 600)


def shop(seller: Account) -> Shop:
    assert seller.shop is not None
    return seller.shop


def test_a_few_sellers_have_no_policies_and_fewer_an_answer_that_fails(sellers: list[Account]) -> None:
    answers = Counter(shop(seller).answer for seller in sellers)
    share = {answer: count / len(sellers) for answer, count in answers.items()}
    assert 0.05 < share[PolicyAnswer.EMPTY] < 0.11
    assert 0.02 < 1 - share[PolicyAnswer.EMPTY] - share[PolicyAnswer.POLICIES] < 0.07


def test_sellers_charge_by_weight_or_number_and_some_offer_two_methods(sellers: list[Account]) -> None:
    methods = [shop(seller).policies[0].methods for seller in sellers]
    last = Counter(several[-1].range_type for several in methods)
    assert min(last[kind] for kind in RangeType) > 0.4 * len(sellers)
    assert 0.15 < sum(len(several) == 2 for several in methods) / len(sellers) < 0.35


def test_some_sellers_send_for_free_from_a_value_on_and_a_few_always(sellers: list[Account]) -> None:
    free = [shop(seller).policies[0].free_from for seller in sellers]
    assert 0.1 < sum(amount is not None and amount > 0 for amount in free) / len(sellers) < 0.25
    assert 0 < sum(amount == 0 for amount in free) / len(sellers) < 0.1


def test_some_sellers_do_not_send_to_every_country(sellers: list[Account]) -> None:
    reached = {seller.name: {c for p in shop(seller).policies for c in p.countries} for seller in sellers}
    whole = sum(countries == set(COUNTRIES) for countries in reached.values())
    assert 0.6 < whole / len(sellers) < 0.95
    assert any(countries == {seller.country} for seller in sellers for countries in [reached[seller.name]])


def test_a_country_is_named_by_one_policy_of_a_seller(sellers: list[Account]) -> None:
    named = [Counter(c for policy in shop(seller).policies for c in policy.countries) for seller in sellers]
    assert max(max(counts.values()) for counts in named) == 1


def test_the_first_record_costs_at_home_what_the_sellers_words_say(sellers: list[Account]) -> None:
    said = [seller for seller in sellers if "(1-2 LPs)" in shop(seller).terms]
    assert len(said) > 50
    wrong = []
    for seller in said:
        price = parcel_price(
            shop(seller).policies, seller.country, items=1, grams=230, merchandise=Decimal("0.01")
        )
        assert price is not None
        if english(Price(price, seller.currency)) not in shop(seller).terms:
            wrong.append(seller.name)
    assert wrong == []


def test_more_records_never_cost_less(sellers: list[Account]) -> None:
    falling = []
    for seller in sellers[:100]:
        costs = [
            parcel_price(
                shop(seller).policies, seller.country, items=n, grams=230 * n, merchandise=Decimal(0)
            )
            for n in range(1, 40)
        ]
        falling += [seller.name] if costs != sorted(costs, key=lambda cost: cost or Decimal(0)) else []
    assert falling == []


def test_collectors_have_orders_and_half_of_them_are_recent() -> None:
    world = World.generate()
    orders = list(world.orders.values())
    recent = sum(END - order.created < timedelta(days=90) for order in orders)
    assert len({order.buyer for order in orders}) > 0.95 * len(world.collectors)
    assert 0.4 < recent / len(orders) < 0.7
    assert {copy.status for order in orders for copy in order.copies} == {"Sold"}
