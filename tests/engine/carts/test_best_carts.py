"""The cart engine on sellers made to be slow, at the bound of exact sums, and against its certificate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from discogs_assistant.engine.carts.best_carts import CartAnswer, best_carts
from discogs_assistant.engine.carts.certificate import certificate
from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.carts.exact_sums import LARGEST_OBJECTIVE
from discogs_assistant.engine.carts.kernels.options import LARGEST_SUM
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.estimates import free
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.errors import SumTooLargeError
from discogs_assistant.model.shipping import ShippingUnit

BUDGET = 30_001
BY_GRAMS = single_method(
    ShippingUnit.GRAMS, (Step(0, 1999, 0, 500, 0), Step(2000, 20_000, 2000, 900, 1)), den=7
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


FREE_OR_BY_GRAMS = pytest.mark.parametrize("tariffs", [None, [BY_GRAMS] * 4], ids=["free", "by grams"])


@FREE_OR_BY_GRAMS
@pytest.mark.parametrize("seed", range(8))
def test_scores_at_the_bound_of_exact_sums_give_the_carts_of_small_ones(
    seed: int, tariffs: list[Tariff | None] | None
) -> None:
    copies = small_market(seed)
    most = int(np.bincount(copies.seller).max())
    scale = LARGEST_OBJECTIVE // (most**2 * int(copies.score.max()))
    larger = replace(copies, score=copies.score * scale)
    small = best_carts(copies, Rules(100), tariffs, per_seller=2)
    assert small.optimal
    assert shown(best_carts(larger, Rules(100), tariffs, per_seller=2), scale) == shown(small)


@pytest.mark.parametrize("tariffs", [None, [free(0)] * 4], ids=["without shipping", "free"])
@pytest.mark.parametrize("seed", range(8))
def test_prices_at_the_bound_of_exact_sums_give_the_carts_of_small_ones(
    seed: int, tariffs: list[Tariff | None] | None
) -> None:
    copies = small_market(seed)
    scale = LARGEST_SUM // int(np.bincount(copies.seller, copies.price).max())
    larger = replace(copies, price=copies.price * scale, worth=copies.worth * scale)
    small = best_carts(copies, Rules(100), tariffs)
    large = best_carts(larger, Rules(100 * scale), tariffs)
    assert [(cart.objective_micro, cart.total_minor // scale, cart.rows) for cart in large.carts] == shown(
        small
    )


def test_the_highest_scores_that_add_up_exactly_are_accepted_and_higher_ones_refused() -> None:
    copies = of_one_seller(np.array([10, 20]), np.array([LARGEST_OBJECTIVE // 4, 1]))
    assert best_carts(copies, Rules(30)).carts[0].objective_micro == 2 * (LARGEST_OBJECTIVE // 4 + 1)
    above = replace(copies, score=np.array([LARGEST_OBJECTIVE // 4 + 2**10, 1]))
    with pytest.raises(SumTooLargeError, match="scores are too large to add up exactly"):
        best_carts(above, Rules(30))


@pytest.mark.parametrize("tariffs", [None, [free(0)]], ids=["without shipping", "free"])
def test_the_highest_prices_that_add_up_exactly_are_accepted_and_higher_ones_refused(
    tariffs: list[Tariff | None] | None,
) -> None:
    half = LARGEST_SUM // 2
    copies = of_one_seller(np.array([half, half]), np.array([1, 1]))
    cart = best_carts(copies, Rules(LARGEST_SUM), tariffs).carts[0]
    assert (cart.total_minor, cart.rows) == (LARGEST_SUM, (0, 1))
    above = replace(copies, price=np.array([half, half + 2**10]))
    with pytest.raises(SumTooLargeError, match="prices and the shipping of s are too large"):
        best_carts(above, Rules(LARGEST_SUM), tariffs)


def test_a_shipping_policy_in_too_small_fractions_is_refused_and_without_its_seller_there_is_a_cart() -> None:
    copies = replace(
        of_one_seller(np.array([1000, 2000]), np.array([1, 1])), sellers=("a", "b"), seller=np.array([0, 1])
    )
    fine = single_method(ShippingUnit.ITEMS, (Step(1, None, 1, 10**15, 1),), den=10**15 + 7)
    with pytest.raises(SumTooLargeError, match="the shipping of a are too large") as refused:
        best_carts(copies, Rules(5000), [fine, free(0)])
    assert refused.value.next_step.startswith("Exclude this seller")
    assert [cart.seller for cart in best_carts(copies, Rules(5000), [None, free(0)]).carts] == [1]


def test_a_budget_above_all_sums_buys_everything() -> None:
    copies = of_one_seller(np.array([10, 20]), np.array([1, 1]))
    assert best_carts(copies, Rules(10**30)).carts[0].rows == (0, 1)
    assert best_carts(copies, Rules(10**30), [free(0)]).carts[0].rows == (0, 1)


def test_a_price_far_above_the_budget_is_no_reason_to_refuse() -> None:
    copies = of_one_seller(np.array([10, 20, 10**18]), np.array([1, 1, 1]))
    assert best_carts(copies, Rules(100)).carts[0].rows == (0, 1)
    assert best_carts(copies, Rules(100), [BY_GRAMS]).carts[0].rows == (0,)


def test_the_certificate_bounds_every_seller_and_none_that_is_not_shown_above_the_last() -> None:
    copies = small_market(1)
    answer = best_carts(copies, Rules(100), top=2)
    sellers = {seller["seller"]: seller for seller in certificate(answer, copies)["sellers"]}
    assert list(sellers) == list(copies.sellers)
    objectives = {copies.sellers[cart.seller]: cart.objective_micro for cart in answer.carts}
    last = answer.carts[-1].objective_micro
    for name, seller in sellers.items():
        if name in objectives:
            assert seller["bound_micro"] >= objectives[name]
        else:
            assert seller["bound_micro"] <= last


def test_a_seller_without_a_tariff_is_not_considered_where_others_have_one() -> None:
    copies = small_market(2)
    answer = best_carts(copies, Rules(100), [BY_GRAMS, None, BY_GRAMS, None])
    assert {cart.seller for cart in answer.carts} == {0, 2}


def test_no_copies_make_no_cart() -> None:
    empty = small_market(3).take(np.zeros(40, dtype=np.bool_))
    answer = best_carts(empty, Rules(100))
    assert (answer.carts, answer.optimal, answer.bound_micro) == ((), True, 0)
    assert [seller["proof"] for seller in certificate(answer, empty)["sellers"]] == ["none"] * 4
