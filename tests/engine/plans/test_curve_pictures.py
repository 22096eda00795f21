"""The pictures of a curve that come before the last: plans that are allowed, with bounds that are true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checker.dice import Dice, dice
from tests.checker.plan_instances import BYTES, SHIPPING_KINDS, Case, case
from tests.checker.plan_oracle import Outcome, all_plans, cheapest, outcome
from tests.durations import LONG
from tests.engine.carts.columns import copies_of, tariffs_of, wants_of
from tests.engine.plans.markets import plan_market

from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.builder import build_problem
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.most_groups import WORK, sets_with
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question
from discogs_assistant.errors import BadInputError

EXAMPLES = 500 if LONG else 20
CHECKS = 60
"""How often a deadline is looked at before it passes, at most."""


def pictures(case: Case, checks: int) -> Iterator[tuple[Plan, ...]]:
    """What the curve of a case shows until a deadline has been looked at so often."""
    copies, limits = copies_of(case.copies), case.limits
    rules = PlanRules(Question.CHEAPEST, limits.budget, limits.max_sellers, limits.premium)
    deadline = after(checks)
    return curve(
        copies, wants_of(case.wants), rules, tariffs_of(copies, case.shipping_terms), deadline=deadline
    )


def after(checks: int) -> Passed:
    left = iter(range(checks))
    return lambda: next(left, None) is None


def rebuilt(case: Case, plan: Plan) -> Outcome:
    """The plan from its rows alone, where it is allowed."""
    bought = [
        (case.copies[row], count)
        for parcel in plan.parcels
        for row, count in zip(parcel.rows, parcel.quantities, strict=True)
    ]
    made = outcome(tuple(bought), case.wants, case.limits, case.shipping_terms)
    assert made is not None
    return made


@pytest.mark.parametrize("kind", SHIPPING_KINDS)
def test_plans_and_bounds_of_every_picture_are_true(kind: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(dice(BYTES), st.integers(0, CHECKS))
    def claim(thrown: Dice, checks: int) -> None:
        instance = case(thrown, kind)
        try:
            shown = list(pictures(instance, checks))
        except BadInputError:
            return
        assert shown
        for picture in shown:
            for plan in picture:
                check_point(instance, plan)

    claim()


def check_point(case: Case, plan: Plan) -> None:
    made = rebuilt(case, plan)
    assert (len(made.covered), made.total, made.parcels) == (
        len(plan.covered), plan.total_minor, len(plan.parcels),
    )  # fmt: skip
    most = min(made.parcels, case.limits.max_sellers or made.parcels)
    limits = replace(case.limits, max_sellers=most)
    plans = list(all_plans(case.copies, case.wants, limits, case.shipping_terms))
    best = cheapest(plans)
    assert best is not None
    assert (-len(made.covered), made.total) >= best
    assert -best[0] * (1 - plan.gap) <= len(made.covered) + 1e-9
    assert plan.gap > 0 or (-len(made.covered), made.total) == best
    assert plan.bound <= min(found.total for found in plans if len(found.covered) >= len(made.covered))


@pytest.mark.parametrize("kind", ["linear", "items", "grams", "value", "floors"])
@pytest.mark.parametrize("seed", range(6) if LONG else range(1))
def test_a_curve_has_every_number_of_sellers_and_gets_no_worse(kind: str, seed: int) -> None:
    market = plan_market(seed, kind, 40, 12, 160)
    deadline = after(500)
    shown = list(curve(market.copies, market.wants, PlanRules(), market.tariffs, deadline=deadline))
    idle = [
        (few, many)
        for picture in shown
        for few, many in pairwise(picture)
        if len(few.parcels) >= len(many.parcels) or rank(few) <= rank(many)
    ]
    worse = [
        (before, later, parcels)
        for before, later in pairwise(shown)
        for parcels in range(1, 13)
        if best_of(later, parcels) > best_of(before, parcels)
    ]
    assert len(shown) > 1
    assert idle == []
    assert worse == []


def rank(plan: Plan) -> tuple[int, int]:
    return -len(plan.covered), plan.total_minor


def best_of(picture: tuple[Plan, ...], parcels: int) -> tuple[int, int]:
    return min((rank(plan) for plan in picture if len(plan.parcels) <= parcels), default=(0, 0))


def test_each_number_of_sellers_has_a_point_with_a_small_gap_where_shipping_is_linear() -> None:
    market = plan_market(3, "linear", 60, 10, 300)
    *_, points = curve(market.copies, market.wants, PlanRules(), market.tariffs)
    dearest = len(points[-1].parcels)
    assert [len(plan.parcels) for plan in points] == list(range(1, dearest + 1))
    assert all(plan.gap == 0 for plan in points)


def test_a_curve_begins_from_the_cheapest_plan_that_is_known() -> None:
    market = plan_market(5, "grams", 40, 12, 160)
    known = best_plan(market.copies, market.wants, PlanRules(), market.tariffs)
    *_, points = curve(
        market.copies, market.wants, PlanRules(), market.tariffs, cheapest=known, deadline=lambda: True
    )
    assert points[-1].parcels == known.parcels
    assert points[-1].gap == 0


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(20) if LONG else range(3))
def test_all_sets_of_shops_with_the_most_wants_are_found(seed: int, count: int) -> None:
    market = plan_market(seed, "linear", 70, 9, 150)
    problem = build_problem(market.copies, market.wants, market.tariffs)
    groups = [
        set(problem.group[problem.want[problem.shop == shop]].tolist()) for shop in range(len(problem.shops))
    ]
    sizes = {
        shops: len(set[int]().union(*(groups[shop] for shop in shops)))
        for shops in combinations(range(len(groups)), count)
    }
    most = max(sizes.values())
    sets, left = sets_with(problem, count, most, WORK)
    assert sets is not None
    assert {tuple(np.sort(each).tolist()) for each in sets} == {
        shops for shops, size in sizes.items() if size == most
    }
    assert 0 < left <= WORK
