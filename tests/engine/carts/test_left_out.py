"""What a cart leaves out, and why there is no cart at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from discogs_assistant.engine.carts.best_carts import FoundCart, best_carts
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.left_out import left_out
from discogs_assistant.engine.carts.no_cart import why_no_cart
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.estimates import by_items, free
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import Confidence, ShippingUnit

NAMES = {ReleaseId(1): "A – One", ReleaseId(2): "B – Two", ReleaseId(3): "C – Three"}
POSTED = by_items(100, 50, Confidence.KNOWN)


def copies(*rows: tuple[str, int, int, int]) -> Copies:
    """Copies of (seller, release, price, score); listings from 1, all of 230 grams, ungraded."""
    sellers = tuple(sorted({row[0] for row in rows}))
    count = len(rows)
    return Copies(
        sellers=sellers,
        listing=np.arange(1, count + 1),
        seller=np.array([sellers.index(row[0]) for row in rows], dtype=np.int64),
        release=np.array([row[1] for row in rows], dtype=np.int64),
        group=np.array([row[1] for row in rows], dtype=np.int64),
        price=np.array([row[2] for row in rows], dtype=np.int64),
        worth=np.array([row[2] for row in rows], dtype=np.int64),
        score=np.array([row[3] for row in rows], dtype=np.int64),
        grams=np.full(count, 230),
        quantity=np.ones(count, dtype=np.int64),
        media=np.full(count, -3),
        sleeve=np.full(count, -3),
    )


def best(known: Copies, rules: Rules, tariff: Tariff | None = None) -> FoundCart:
    tariffs = None if tariff is None else [tariff] * len(known.sellers)
    return best_carts(known, rules, tariffs).carts[0]


def beside(known: Copies, budget: int, tariff: Tariff | None = None) -> list[tuple[int, str]]:
    cart = best(known, Rules(budget), tariff)
    return [
        (copy.row, copy.why) for copy in left_out(known, cart, tariff, Money(budget, Currency.USD), most=9)
    ]


def test_what_is_left_out_says_by_how_much_it_breaks_the_budget() -> None:
    known = copies(("a", 1, 600, 50), ("a", 2, 720, 40), ("a", 3, 900, 30), ("b", 4, 1, 1))
    assert beside(known, 1000) == [(1, "over the budget by 3.20 USD"), (2, "over the budget by 5.00 USD")]


def test_the_shipping_that_it_would_add_counts() -> None:
    known = copies(("a", 1, 600, 50), ("a", 2, 720, 40))
    assert beside(known, 1000, POSTED) == [(1, "over the budget by 4.70 USD")]


def test_more_than_the_seller_sends_is_said() -> None:
    single = single_method(ShippingUnit.ITEMS, (Step(1, 1, 1, 100, 0),))
    assert beside(copies(("a", 1, 600, 50), ("a", 2, 700, 40)), 9000, single) == [
        (1, "more than the seller sends in one parcel")
    ]


def test_only_the_cheapest_copy_of_a_record_is_listed_and_the_best_loved_record_first() -> None:
    known = copies(("a", 1, 900, 90), ("a", 2, 990, 40), ("a", 2, 980, 40), ("a", 3, 970, 50))
    assert [row for row, _ in beside(known, 1000)] == [3, 2]
    cart = best(known, Rules(1000))
    assert [copy.row for copy in left_out(known, cart, None, Money(1000, Currency.USD), most=1)] == [3]


def test_a_named_answer_may_do_without_what_would_fit() -> None:
    known = copies(("a", 1, 100, 50), ("a", 2, 200, 40))
    cart = replace(best(known, Rules(100)), rows=(0,), merchandise_minor=100)
    [copy] = left_out(known, cart, None, Money(1000, Currency.USD), most=1)
    assert copy.why == "would fit, but this answer does without it"


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 6), st.integers(1, 60), st.integers(1, 9)),
        min_size=1,
        max_size=9,
    ),
    st.integers(1, 150),
    st.sampled_from([None, by_items(20, 10, Confidence.KNOWN), by_items(9, 0, Confidence.KNOWN)]),
)
@settings(deadline=None)
def test_nothing_left_out_of_a_best_cart_would_fit(
    rows: list[tuple[str, int, int, int]], budget: int, tariff: Tariff | None
) -> None:
    scores = {release: score for _, release, _, score in rows}
    known = copies(*((seller, release, price, scores[release]) for seller, release, price, _ in rows))
    tariffs = None if tariff is None else [tariff] * len(known.sellers)
    carts = best_carts(known, Rules(budget), tariffs).carts
    assume(carts)
    for cart in carts:
        listed = left_out(known, cart, tariff, Money(budget, Currency.USD), most=99)
        assert all(copy.why.startswith("over the budget by ") for copy in listed)
        inside = set(known.release[list(cart.rows)].tolist())
        outside = set(known.release[known.seller == cart.seller].tolist()) - inside
        assert sorted(int(known.release[copy.row]) for copy in listed) == sorted(outside)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (Rules(100), "No seller has a record for 1.00 USD or less."),
        (Rules(10_000, min_items=3), "No seller has 3 records for 100.00 USD or less."),
        (
            Rules(10_000, required=(frozenset({ReleaseId(3)}),)),
            "No copy of “C – Three” that meets your criteria is known to be for sale.",
        ),
        (
            Rules(10_000, required=(frozenset({ReleaseId(8)}), frozenset({ReleaseId(3)}))),
            "No copy of release 8 or “C – Three” that meets your criteria is known to be for sale.",
        ),
        (
            Rules(10_000, required=(frozenset({ReleaseId(1)}), frozenset({ReleaseId(2)}))),
            "No seller has all 2 required records; a has 1 of them.",
        ),
        (
            Rules(400, required=(frozenset({ReleaseId(1)}),)),
            "The required records cost at least 5.00 USD at one seller, "
            "1.00 USD over your budget of 4.00 USD.",
        ),
        (
            Rules(550, min_items=2, required=(frozenset({ReleaseId(1)}),)),
            "No seller has 2 records, the required ones included, for 5.50 USD or less.",
        ),
    ],
)
def test_no_cart_has_its_reason(rules: Rules, sentence: str) -> None:
    known = copies(("a", 1, 500, 50), ("b", 2, 700, 40))
    assert best_carts(known, rules).carts == ()
    assert why_no_cart(known, rules, None, NAMES, Currency.USD) == sentence
    lasting = why_no_cart(known, rules, None, NAMES, Currency.USD, prices=False)
    if "at least" not in sentence:
        assert lasting == sentence
    else:
        assert lasting == "The required records cost more than your budget of 4.00 USD at every seller."


def test_shipping_and_minimum_orders_are_said_where_they_count() -> None:
    known = copies(("a", 1, 500, 50))
    assert why_no_cart(known, Rules(550), [POSTED], NAMES, Currency.USD) == (
        "No seller has a record for 5.50 USD or less, shipping included."
    )
    rules = Rules(900, min_orders=True)
    assert why_no_cart(known, rules, [free(600)], NAMES, Currency.USD) == (
        "No seller has a record for 9.00 USD or less, or none that reaches the minimum order."
    )


def test_no_copy_and_no_seller_who_counts_are_the_same() -> None:
    sentence = "No copy for sale of any candidate meets your criteria."
    assert why_no_cart(copies(), Rules(100), None, NAMES, Currency.USD) == sentence
    assert why_no_cart(copies(("a", 1, 5, 5)), Rules(100), [None], NAMES, Currency.USD) == sentence
