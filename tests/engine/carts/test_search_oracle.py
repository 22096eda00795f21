"""The cart engine against every allowed cart of small markets, on hundreds of them of each kind.

In `make long` on thousands.
"""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checker.cart_instances import BYTES, ONCE_IN, SCORES, SHIPPING_KINDS, Market, market
from tests.checker.cart_oracle import (
    Cart,
    Demand,
    cart_of,
    carts_of_each,
    mean_grade,
    named,
    per_record,
    ranking,
)
from tests.checker.dice import AT_ONCE, Dice, dice, many_dice
from tests.checker.shipping import FREE
from tests.durations import examples
from tests.engine.carts.columns import copies_of, tariffs_of

from discogs_assistant.engine.carts.best_carts import CartAnswer, FoundCart, best_carts
from discogs_assistant.engine.carts.named_answers import named_answers
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.model.ids import ReleaseId

SEVERAL = "methods", "crossing", "free_from", "everything"
BANDED = "items_bands", "grams_bands", "value_bands", "min_orders", *SEVERAL
WANTED = examples(2000)
EXAMPLES = {kind: examples(2400 if kind in BANDED else 1800) for kind in SHIPPING_KINDS}
"""Of each kind of bands as many as are wanted of each feature over all kinds, and a fifth more: hypothesis
repeats itself within those that it draws at once."""
FREE_SEEN = {"free_from": examples(100), "everything": examples(40)}
"""At least so many best carts are worth exactly what is free from, so many more than that, so many less."""
EVERYTHING = 10**6


def rules_of(demand: Demand) -> Rules:
    must = tuple(frozenset(map(ReleaseId, one_of)) for one_of in demand.must)
    return Rules(demand.budget, demand.min_items, must, demand.min_orders)


def answer(market: Market, top: int = EVERYTHING, per_seller: int = 1) -> CartAnswer:
    copies = copies_of(market.offers)
    tariffs = tariffs_of(copies, market.shipping_terms)
    return best_carts(copies, rules_of(market.demand), tariffs, top=top, per_seller=per_seller)


def rebuilt(market: Market, shown: FoundCart) -> Cart:
    """The cart from its rows alone, after what it says of itself was computed again."""
    offers = tuple(market.offers[row] for row in shown.rows)
    seller = copies_of(market.offers).sellers[shown.seller]
    assert {offer.seller for offer in offers} == {seller}
    assert [offer.listing for offer in offers] == sorted({offer.listing for offer in offers})
    assert len({offer.group for offer in offers}) == len({offer.release for offer in offers}) == len(offers)
    cart = cart_of(
        offers, market.demand, FREE if market.shipping_terms is None else market.shipping_terms[seller]
    )
    assert cart is not None
    assert shown.score_micro == sum(offer.score for offer in offers)
    assert (shown.objective_micro, shown.merchandise_minor, shown.shipping_minor) == (
        cart.objective,
        cart.merchandise,
        cart.shipping,
    )
    assert shown.total_minor == cart.total
    return cart


def at_free_from(market: Market, cart: Cart) -> str:
    """On which side of what is free a cart is; empty where nothing is."""
    terms = FREE if market.shipping_terms is None else market.shipping_terms[cart.seller]
    if terms.free_from is None:
        return ""
    worth = terms.major(sum(offer.worth for offer in cart.offers))
    if worth == terms.free_from:
        return "exactly free"
    return "free" if worth > terms.free_from else "paid"


def key(cart: Cart) -> tuple[int, int, str]:
    return cart.objective, cart.total, cart.seller


@pytest.mark.parametrize("kind", SHIPPING_KINDS)
def test_the_best_cart_of_each_seller_is_the_best_of_all_its_carts(kind: str) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES[kind] // AT_ONCE, deadline=None, derandomize=True, database=None)
    @given(many_dice(BYTES))
    def claim(all_thrown: list[Dice]) -> None:
        assert len(all_thrown) == AT_ONCE
        for thrown in all_thrown:
            instance = market(thrown, kind)
            seen.update(instance.features)
            found = answer(instance)
            expected = ranking(carts_of_each(instance.offers, instance.demand, instance.shipping_terms))
            carts = [rebuilt(instance, cart) for cart in found.carts]
            assert [key(cart) for cart in carts] == expected
            seen.update(at_free_from(instance, cart) for cart in carts)
            assert (found.optimal, found.gap) == (True, 0.0)
            assert {cart.proof for cart in found.carts} <= {Proof.OPTIMAL}
            assert [cart.bound_micro for cart in found.carts] == [
                cart.objective_micro for cart in found.carts
            ]

    claim()
    of_all = sum(EXAMPLES.values()) / EXAMPLES[kind]
    assert min(seen[feature] for feature in (*ONCE_IN, *SCORES)) * of_all >= WANTED
    assert min(seen[side] for side in ("exactly free", "free", "paid")) >= FREE_SEEN.get(kind, 0)


any_market = st.tuples(dice(BYTES), st.sampled_from(SHIPPING_KINDS)).map(lambda pair: market(*pair))


@settings(max_examples=examples(1000), deadline=None, derandomize=True, database=None)
@given(any_market, st.integers(1, 3))
def test_what_is_not_shown_is_no_better_than_the_last_shown(market: Market, top: int) -> None:
    found = answer(market, top=top)
    expected = ranking(carts_of_each(market.offers, market.demand, market.shipping_terms))
    assert [key(rebuilt(market, cart)) for cart in found.carts] == expected[:top]
    assert found.optimal


@settings(max_examples=examples(600), deadline=None, derandomize=True, database=None)
@given(any_market, st.integers(2, 4), st.integers(1, 6))
def test_the_next_carts_of_a_seller_are_the_next_best_of_other_records(
    market: Market, per_seller: int, top: int
) -> None:
    found = answer(market, top=top, per_seller=per_seller)
    expected = ranking(carts_of_each(market.offers, market.demand, market.shipping_terms), per_seller)
    shown = [rebuilt(market, cart) for cart in found.carts]
    if all(cart.proof == "optimal" for cart in found.carts):
        assert list(map(key, shown)) == expected[:top]
    assert len(shown) == len(expected[:top])
    records = {(cart.seller, frozenset(offer.release for offer in cart.offers)) for cart in shown}
    assert len(records) == len(shown)


@settings(max_examples=examples(1000), deadline=None, derandomize=True, database=None)
@given(any_market)
def test_each_named_answer_is_the_best_of_all_carts_by_its_measure(market: Market) -> None:
    copies = copies_of(market.offers)
    near = np.array([offer.near for offer in market.offers], dtype=np.bool_)
    found = named_answers(copies, rules_of(market.demand), tariffs_of(copies, market.shipping_terms), near)
    expected = named(carts_of_each(market.offers, market.demand, market.shipping_terms))
    carts = {name: rebuilt(market, cart) for name, cart in found.items()}
    assert {name: measured(name, cart) for name, cart in carts.items()} == expected


@settings(max_examples=examples(400), deadline=None, derandomize=True, database=None)
@given(any_market, st.lists(st.sampled_from([0, 0, 1, 2, 50]), min_size=1))
def test_the_best_bargains_save_most_and_the_usual_ones_leave_out_what_is_unusual(
    market: Market, amounts: list[int]
) -> None:
    copies = copies_of(market.offers)
    saved = np.array([amounts[row % len(amounts)] for row in range(len(copies))], dtype=np.int64)
    scores, most = copies.score.tolist(), int(np.bincount(copies.seller).max(initial=0))
    both = [save * (sum(scores) + 1) + score for save, score in zip(saved.tolist(), scores, strict=True)]
    scored = most**2 * max(both, default=0) <= 2**60
    of_listing = dict(zip(copies.listing.tolist(), saved.tolist(), strict=True))
    usual = saved == 0
    none = np.zeros(len(copies), dtype=np.bool_)
    tariffs = tariffs_of(copies, market.shipping_terms)
    found = named_answers(copies, rules_of(market.demand), tariffs, none, usual=usual, saved=saved)

    def order(cart: Cart) -> tuple[int, int]:
        scores = sum(offer.score for offer in cart.offers)
        return sum(of_listing[offer.listing] for offer in cart.offers), scores if scored else 0

    every = list(carts_of_each(market.offers, market.demand, market.shipping_terms))
    cart = found.get("best_bargains")
    reached = (0, 0) if cart is None else order(rebuilt(market, cart))
    assert reached == max((each for each in map(order, every) if each[0]), default=(0, 0))
    ordinary = named(cart for cart in every if all(not of_listing[offer.listing] for offer in cart.offers))
    for name in ("cheapest", "most_records"):
        usual_cart = found.get(name)
        shown = None if usual_cart is None else measured(name, rebuilt(market, usual_cart))
        assert shown == ordinary.get(name)


def measured(name: str, cart: Cart) -> tuple[object, ...]:
    if name == "most_records":
        return (-len(cart.offers), *cart.order)
    if name == "cheapest":
        return (per_record(cart), *cart.order)
    if name == "best_quality":
        return (-mean_grade(cart), *cart.order)
    return cart.order


@settings(max_examples=examples(600), deadline=None, derandomize=True, database=None)
@given(any_market, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_cart(market: Market, shuffler: random.Random) -> None:
    offers = list(market.offers)
    shuffler.shuffle(offers)
    other = Market(tuple(offers), market.demand, market.shipping_terms)
    assert listings_in(market) == listings_in(other)


def listings_in(market: Market) -> list[list[int]]:
    return [[market.offers[row].listing for row in cart.rows] for cart in answer(market).carts]
