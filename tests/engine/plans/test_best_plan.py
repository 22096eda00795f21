"""Plans of markets too large for brute force, and what every plan keeps to."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from bench.made_up_market import linear_shipping
from bench.made_up_market import market as made_up_market
from bench.plans import wants_of
from tests.engine.plans.markets import KINDS, PlanMarket, plan_market

from discogs_assistant.engine.carts.kernels.options import LARGEST_SUM
from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.builder import build_problem
from discogs_assistant.engine.plans.found_plan import NOTHING_BOUGHT
from discogs_assistant.engine.plans.measures import Limits, Measure, Reached, Stage
from discogs_assistant.engine.plans.model import solve
from discogs_assistant.engine.plans.rules import PlanRules, Question, Wants, never
from discogs_assistant.engine.shipping.tariffs import Step, single_method
from discogs_assistant.errors import BadInputError, SumTooLargeError
from discogs_assistant.model.shipping import ShippingUnit


def plan(market: PlanMarket, rules: PlanRules) -> Plan:
    return best_plan(market.copies, market.wants, rules, market.tariffs)


def of_one_model(market: PlanMarket, limits: Limits, *measures: Measure) -> list[int]:
    """The same stages by one plain model each of every offer."""
    problem = build_problem(market.copies, market.wants, market.tariffs)
    values = []
    for measure in measures:
        found, _ = solve(problem, measure, limits, never)
        assert found is not None
        values.append(measure.of(found))
        limits = {
            Measure.COVERED: replace(limits, covered=len(found.covered)),
            Measure.SCORE: replace(limits, score=found.score_micro),
            Measure.PARCELS: replace(limits, parcels=len(found.parcels)),
        }.get(measure, limits)
    return values


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("most_sellers", [None, 3])
def test_the_cheapest_plan_is_that_of_a_plain_model(kind: str, seed: int, most_sellers: int | None) -> None:
    market = plan_market(seed, kind, wants=12, sellers=8, listings=48)
    found = plan(market, PlanRules(Question.CHEAPEST, max_sellers=most_sellers))
    limits = Limits(parcels=most_sellers or 99)
    assert found.proof is Proof.OPTIMAL
    assert [-len(found.covered), found.total_minor] == of_one_model(
        market, limits, Measure.COVERED, Measure.TOTAL
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_the_most_for_the_budget_is_that_of_a_plain_model(kind: str, seed: int) -> None:
    market = plan_market(seed, kind, wants=12, sellers=8, listings=48)
    found = plan(market, PlanRules(Question.MOST, budget_minor=6000))
    expected = of_one_model(market, Limits(total=6000), Measure.SCORE, Measure.TOTAL)
    assert found.proof is Proof.OPTIMAL
    assert [-found.score_micro, found.total_minor] == expected
    assert found.bound == found.score_micro


@pytest.mark.parametrize("kind", KINDS)
def test_the_fewest_parcels_are_those_of_a_plain_model(kind: str) -> None:
    market = plan_market(3, kind, wants=12, sellers=8, listings=60)
    cheapest = plan(market, PlanRules())
    limits = Limits(total=cheapest.total_minor * 105 // 100, covered=len(cheapest.covered))
    found = plan(market, PlanRules(Question.FEWEST))
    assert found.proof is Proof.OPTIMAL
    assert [len(found.parcels), found.total_minor] == of_one_model(
        market, limits, Measure.PARCELS, Measure.TOTAL
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_rows_does_not_change_a_plan(kind: str, seed: int) -> None:
    market = plan_market(seed, kind, wants=20, sellers=12, listings=110)
    other = np.random.default_rng(seed).permutation(len(market.copies))
    shuffled = replace(market, copies=market.copies.take(other))
    rules = PlanRules(Question.CHEAPEST)
    first, second = plan(market, rules), plan(shuffled, rules)
    assert [tuple(other[list(parcel.rows)]) for parcel in second.parcels] == [
        parcel.rows for parcel in first.parcels
    ]


def test_a_large_market_is_proven() -> None:
    market = plan_market(1, "linear", wants=400, sellers=800, listings=8000)
    found = plan(market, PlanRules())
    assert found.proof is Proof.OPTIMAL
    assert found.bound == found.total_minor


def test_the_fewest_parcels_of_a_large_market_are_proven() -> None:
    copies = made_up_market(1000, 8000, 400, "recommended")
    rules = PlanRules(Question.FEWEST)
    few = best_plan(copies, wants_of(copies), rules, linear_shipping(1000))
    assert few.proof is Proof.OPTIMAL
    assert len(few.parcels) < len(
        best_plan(copies, wants_of(copies), PlanRules(), linear_shipping(1000)).parcels
    )


@pytest.mark.parametrize("question", Question)
def test_after_the_deadline_the_best_plan_found_tells_its_gap(question: Question) -> None:
    market = plan_market(3, "grams", wants=60, sellers=60, listings=700)
    asked = 0

    def passed() -> bool:
        nonlocal asked
        asked += 1
        return True

    rules = PlanRules(question, budget_minor=30_000 if question is Question.MOST else None)
    found = best_plan(market.copies, market.wants, rules, market.tariffs, deadline=passed)
    assert asked
    assert found.covered
    assert found.proof is Proof.WITHIN
    assert 0 < found.gap < 1
    if question is Question.MOST:
        assert found.total_minor <= 30_000
        assert found.bound > found.score_micro
    if question is Question.CHEAPEST:
        assert found.bound < found.total_minor


def test_fewest_parcels_that_are_not_proven_say_so_whatever_the_total_says() -> None:
    total, parcels = Stage(Measure.TOTAL, 10_000, 9_990), Stage(Measure.PARCELS, 20, 15)
    lowest, score = Stage(Measure.TOTAL, 10_200, 0), Stage(Measure.SCORE, -900, -1000)
    assert Reached(NOTHING_BOUGHT, (total, parcels, lowest)).gap == 0.25
    assert Reached(NOTHING_BOUGHT, (total, parcels)).gap == 0.25
    assert Reached(NOTHING_BOUGHT, (score, lowest)).gap == 0.1
    proven = Stage(Measure.SCORE, -900, -900)
    assert Reached(NOTHING_BOUGHT, (proven, lowest)).gap == 1.0


def test_a_bound_is_never_below_the_cheapest_copies_for_long() -> None:
    """Free shipping from a value on once held the bound at 0, and plans were far from the best."""
    market = plan_market(1, "linear", wants=150, sellers=150, listings=4500)
    steps = (Step(0, 4999, 0, 700, 0), Step(5000, None, 5000, 0, 0))
    free = single_method(ShippingUnit.VALUE, steps)
    copies, wants = market.copies, replace(market.wants, group=market.wants.release)
    found = best_plan(copies, wants, PlanRules(), [free] * 150, deadline=lambda: True)
    prices = [int(copies.price[copies.release == release].min()) for release in wants.release]
    assert found.bound >= sum(
        price * count for price, count in zip(prices, wants.copies.tolist(), strict=True)
    )


def requiring(market: PlanMarket, *rows: int, copies: int = 1) -> Wants:
    wanted = np.isin(np.arange(len(market.wants)), rows)
    return replace(
        market.wants, required=wanted, copies=np.where(wanted, copies, market.wants.copies).astype(np.int64)
    )


def test_musts_that_nobody_has_enough_of_are_named() -> None:
    market = plan_market(1, "linear", wants=10, sellers=5, listings=40)
    with pytest.raises(BadInputError, match=r"required release 4\b.*cannot be bought") as refused:
        best_plan(market.copies, requiring(market, 4, copies=500), PlanRules(), market.tariffs)
    assert refused.value.exit_status == 2


def test_musts_that_do_not_fit_the_limits_are_named() -> None:
    market = plan_market(1, "linear", wants=10, sellers=5, listings=40)
    with pytest.raises(BadInputError, match=r"required releases 4, 7 cannot be bought together"):
        best_plan(market.copies, requiring(market, 4, 7), PlanRules(Question.MOST, 100), market.tariffs)


def test_two_musts_of_a_group_are_refused() -> None:
    market = plan_market(1, "linear", wants=10, sellers=5, listings=40)
    wants = replace(requiring(market, 4, 7), group=np.zeros(10, dtype=np.int64))
    with pytest.raises(BadInputError, match="required releases 4, 7 exclude each other"):
        best_plan(market.copies, wants, PlanRules(), market.tariffs)


@pytest.mark.parametrize("copies", [1, 4])
def test_wants_whose_prices_add_up_exactly_are_accepted_and_more_expensive_ones_refused(copies: int) -> None:
    market = plan_market(1, "linear", wants=1, sellers=1, listings=1)
    wants = replace(market.wants, copies=np.array([copies]))
    offered = replace(market.copies, quantity=np.array([copies]), price=np.array([LARGEST_SUM // copies]))
    assert build_problem(offered, wants, None).price.tolist() == [LARGEST_SUM // copies]
    above = replace(offered, price=offered.price + 2**10)
    with pytest.raises(SumTooLargeError, match="prices or the scores of these wants are too large"):
        best_plan(above, wants, PlanRules(), None)


def test_no_sellers_allowed_is_an_empty_plan() -> None:
    market = plan_market(1, "linear", wants=10, sellers=5, listings=40)
    found = plan(market, PlanRules(max_sellers=0))
    assert (found.parcels, found.total_minor, found.proof) == ((), 0, Proof.OPTIMAL)


def test_a_seller_who_does_not_send_still_offers() -> None:
    market = plan_market(1, "linear", wants=10, sellers=5, listings=40)
    found = best_plan(market.copies, market.wants, PlanRules(), [None] * 5)
    assert found.parcels == ()
    assert found.left_out
    assert not found.unavailable


SPEAKS = """
from tests.engine.plans.markets import plan_market
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.engine.plans.best_plan import best_plan
market = plan_market(2, "grams", wants=12, sellers=8, listings=48)
best_plan(market.copies, market.wants, PlanRules(Question.MOST, 6000), market.tariffs)
"""


def test_the_solver_prints_nothing() -> None:
    said = subprocess.run([sys.executable, "-c", SPEAKS], capture_output=True, text=True, check=True)
    assert said.stdout == ""
