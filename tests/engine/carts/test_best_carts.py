"""The cart engine on sellers made to be slow, on huge numbers, and on its own certificate's terms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from discogs_assistant.engine.carts.best_carts import CartAnswer, best_carts
from discogs_assistant.engine.carts.certificate import certificate
from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.carts.proof import Proof
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.tariffs import Step, Tariff
from discogs_assistant.model.shipping import Confidence, ShippingUnit

BUDGET = 30_001
BY_GRAMS = Tariff(
    ShippingUnit.GRAMS,
    (Step(0, 1999, 0, 500, 0), Step(2000, 20_000, 2000, 900, 1)),
    7,
    0,
    Confidence.KNOWN,
)


def of_one_seller(price: Ints, score: Ints) -> Copies:
    rows = np.arange(len(price), dtype=np.int64)
    return Copies(
        sellers=("s",),
        listing=rows + 1,
        seller=np.zeros_like(rows),
        release=rows,
        group=rows,
        price=price,
        worth=price,
        score=score,
        grams=60 + 170 * (rows % 3),
        quantity=np.ones_like(rows),
        media=np.full_like(rows, 6),
        sleeve=np.full_like(rows, 6),
    )


def hard_seller(kind: str) -> Copies:
    """5,000 copies of one seller on which a bound alone says little."""
    price = np.random.default_rng(5).integers(100, 10_000, 5000)
    scores = {
        "equal ratios": 1000 * price,
        "correlated": 1000 * price + 500_000,
        "against each other": 1000 * (20_000 - price),
        "near ties": 10**6 + price % 5,
        "even prices": 2000 * price,
    }
    return of_one_seller(2 * price if kind == "even prices" else price, scores[kind])


@pytest.mark.parametrize("tariffs", [None, [BY_GRAMS]], ids=["free", "by grams"])
@pytest.mark.parametrize(
    "kind", ["equal ratios", "correlated", "against each other", "near ties", "even prices"]
)
def test_a_search_cut_short_states_a_bound_that_no_longer_search_exceeds(
    kind: str, tariffs: list[Tariff | None] | None
) -> None:
    copies = hard_seller(kind)
    short, long = (best_carts(copies, Rules(BUDGET), tariffs, node_limit=limit) for limit in (2000, 400_000))
    (early,), (late,) = short.carts, long.carts
    assert early.objective_micro <= late.objective_micro <= late.bound_micro
    assert late.objective_micro <= early.bound_micro
    assert late.total_minor <= BUDGET
    for answer in (short, long):
        proven = answer.carts[0].bound_micro == answer.carts[0].objective_micro
        assert (answer.carts[0].proof is Proof.OPTIMAL) == proven == answer.optimal
        assert (answer.gap > 0) == (not proven)


def small_market(seed: int) -> Copies:
    dice = np.random.default_rng(seed)
    copies = of_one_seller(dice.integers(1, 60, 40), dice.integers(0, 1000, 40))
    sellers = dice.integers(0, 4, 40)
    return replace(copies, sellers=("a", "b", "c", "d"), seller=sellers, group=dice.integers(0, 25, 40))


def shown(answer: CartAnswer, scale: int = 1) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(cart.objective_micro // scale, cart.total_minor, cart.rows) for cart in answer.carts]


@pytest.mark.parametrize("seed", range(8))
def test_numbers_beyond_64_bits_give_the_carts_of_small_ones(seed: int) -> None:
    copies, huge = small_market(seed), 10**15 + 37
    rules, tariffs = Rules(100), [BY_GRAMS] * 4
    larger = replace(copies, score=copies.score * huge)
    for policies in (None, tariffs):
        small = best_carts(copies, rules, policies, per_seller=2)
        assert small.optimal
        assert shown(best_carts(larger, rules, policies, per_seller=2), huge) == shown(small)


def test_the_certificate_bounds_every_seller_and_none_that_is_not_shown_above_the_last() -> None:
    copies = small_market(1)
    answer = best_carts(copies, Rules(100), top=2)
    sellers = {one["seller"]: one for one in certificate(answer, copies)["sellers"]}
    assert list(sellers) == list(copies.sellers)
    objectives = {copies.sellers[cart.seller]: cart.objective_micro for cart in answer.carts}
    last = answer.carts[-1].objective_micro
    for name, one in sellers.items():
        if name in objectives:
            assert one["bound_micro"] >= objectives[name]
        else:
            assert one["bound_micro"] <= last


def test_a_seller_without_a_tariff_is_not_considered_where_others_have_one() -> None:
    copies = small_market(2)
    answer = best_carts(copies, Rules(100), [BY_GRAMS, None, BY_GRAMS, None])
    assert {cart.seller for cart in answer.carts} == {0, 2}


def test_no_copies_make_no_cart() -> None:
    empty = small_market(3).take(np.zeros(40, dtype=np.bool_))
    answer = best_carts(empty, Rules(100))
    assert (answer.carts, answer.optimal, answer.bound_micro) == ((), True, 0)
    assert [one["proof"] for one in certificate(answer, empty)["sellers"]] == ["none"] * 4
