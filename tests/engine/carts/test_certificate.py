"""The certificate of carts: an independent checker accepts it, and no other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checker.cart_instances import BYTES, SHIPPING_KINDS, Market, market
from tests.checker.cart_oracle import Demand, Offer
from tests.checker.carts import Stock
from tests.checker.certificate import check_brackets, check_seller, check_ways
from tests.checker.dice import dice
from tests.checker.shipping import FREE, Band, Method, ShippingTerms
from tests.durations import examples
from tests.engine.carts.columns import copies_of, tariffs_of
from tests.engine.carts.test_search_oracle import rules_of

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.certificate import certificate

any_market = st.tuples(dice(BYTES), st.sampled_from(SHIPPING_KINDS)).map(lambda pair: market(*pair))


def stock(instance: Market) -> Stock:
    by_seller: dict[str, tuple[Offer, ...]] = {}
    for offer in instance.offers:
        by_seller[offer.seller] = (*by_seller.get(offer.seller, ()), offer)
    terms = dict.fromkeys(by_seller, FREE) if instance.shipping_terms is None else instance.shipping_terms
    return Stock(by_seller, terms, instance.demand, len(instance.offers))


def proof_of(instance: Market) -> Mapping[str, Any]:
    copies = copies_of(instance.offers)
    tariffs = tariffs_of(copies, instance.shipping_terms)
    return certificate(best_carts(copies, rules_of(instance.demand), tariffs, top=2), copies)


@settings(max_examples=examples(1200), deadline=None, derandomize=True, database=None)
@given(any_market)
def test_every_bound_follows_from_the_copies_and_the_policies(instance: Market) -> None:
    known, shown = stock(instance), proof_of(instance)
    check_ways(known, shown["ways"])
    assert {seller["seller"] for seller in shown["sellers"]} == known.offers.keys()
    for seller in shown["sellers"]:
        if seller["seller"] in known.shipping_terms:
            check_seller(known, seller["seller"], seller, shown["ways"])


OFFERS = tuple(Offer(n, "x", n, n, 100 * n, 100 * n, 10**6) for n in range(1, 6))
SHIPPING = ShippingTerms(
    (
        Method("items", (Band(Decimal(1), Decimal(3), Decimal(2), Decimal(1)),)),
        Method("items", (Band(Decimal(1), Decimal(4), Decimal(3), Decimal(0)),)),
        Method("grams", (Band(Decimal(0), Decimal(2000), Decimal(5), Decimal(0)),)),
    ),
    "USD",
    2,
    Fraction(100),
    free_from=Decimal(9),
)
Change = Callable[[list[dict[str, Any]]], object]
WRONG: dict[str, Change] = {
    "a bracket that costs more": lambda brackets: brackets[0].update(cost=[201, 1]),
    "a bracket that rises faster": lambda brackets: brackets[0].update(per_unit=[200, 1]),
    "a gap between brackets": lambda brackets: brackets[1].update(least=brackets[1]["least"] + 1),
    "a bracket that ends too early": lambda brackets: brackets[1].update(most=3),
    "a method that is missing": lambda brackets: brackets.pop(2),
    "free parcels that are missing": lambda brackets: brackets.pop(),
    "free from too high a value": lambda brackets: brackets[3].update(least_value=901),
}


def brackets() -> list[dict[str, Any]]:
    """Those of `SHIPPING`, by items up to 2, by items to 4, by grams, free by items, free by grams."""
    shown = proof_of(Market(OFFERS, Demand(10_000), {"x": SHIPPING}))
    found: list[dict[str, Any]] = copy.deepcopy(shown["sellers"][0]["brackets"])
    return found


def test_methods_in_the_same_unit_are_one_step_function_and_free_parcels_are_apart() -> None:
    assert [(each["unit"], each["least"], each["most"], each["least_value"]) for each in brackets()] == [
        ("items", 1, 2, 0),
        ("items", 3, 4, 0),
        ("grams", 0, 2000, 0),
        ("items", 1, 4, 900),
        ("grams", 0, 2000, 900),
    ]
    check_brackets(brackets(), SHIPPING)


@pytest.mark.parametrize("wrong", WRONG)
def test_brackets_that_hold_a_parcel_at_more_than_it_costs_are_refused(wrong: str) -> None:
    shown = brackets()
    WRONG[wrong](shown)
    with pytest.raises((AssertionError, ValueError)):
        check_brackets(shown, SHIPPING)
