"""The curve of a plan and what each want does to it, against every allowed plan of small markets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.checker.dice import Dice, dice
from tests.checker.plan_instances import BYTES, SHIPPING_KINDS, Case, case
from tests.checker.plan_oracle import Outcome, all_plans, cheapest, most
from tests.durations import examples
from tests.engine.carts.columns import copies_of, tariffs_of, wants_of
from tests.engine.plans.markets import plan_market

from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.marginals import Marginal, entries, marginals
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.errors import BadInputError

EXAMPLES = examples(100)


def plans(case: Case) -> Iterable[Outcome]:
    return all_plans(case.copies, case.wants, case.limits, case.shipping_terms)


def rules_of(case: Case, question: Question) -> PlanRules:
    return PlanRules(question, case.limits.budget, case.limits.max_sellers, case.limits.premium)


@pytest.mark.parametrize("kind", SHIPPING_KINDS)
def test_each_point_of_the_curve_is_the_best_of_so_many_sellers(kind: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(dice(BYTES))
    def claim(thrown: Dice) -> None:
        instance = case(thrown, kind)
        copies = copies_of(instance.copies)
        rules = rules_of(instance, Question.MOST)
        try:
            *_, points = curve(
                copies, wants_of(instance.wants), rules, tariffs_of(copies, instance.shipping_terms)
            )
        except BadInputError:
            points = ()
        best = cheapest(plans(instance))
        assert (best is None) == (not points)
        if points:
            assert (-len(points[-1].covered), points[-1].total_minor) == best
        for point in points:
            cap = len(point.parcels)
            limits = replace(instance.limits, max_sellers=min(cap, instance.limits.max_sellers or cap))
            assert (-len(point.covered), point.total_minor) == cheapest(
                plans(replace(instance, limits=limits))
            )
            assert point.gap == 0.0
        assert [len(point.parcels) for point in points] == sorted({len(point.parcels) for point in points})

    claim()


def lowest_without(case: Case, plan: Plan, row: int, cap: int | None) -> int | None:
    """The lowest total of the plan's other wants, all of them required; a budget no longer matters."""
    kept = [
        replace(want, must=True)
        for place, want in enumerate(case.wants)
        if place in plan.covered and place != row
    ]
    limits = replace(case.limits, budget=None, max_sellers=cap)
    found = plans(replace(case, wants=tuple(kept), limits=limits))
    return min((plan.total for plan in found), default=None)


def in_the_plan_at(case: Case, row: int, price: int) -> bool:
    """True where some seller, asking `price` for the want's copies, brings it into each best plan."""
    release = case.wants[row].release
    for seller in {copy.seller for copy in case.copies if copy.release == release}:
        copies = tuple(
            replace(copy, price=min(copy.price, price))
            if (copy.release, copy.seller) == (release, seller)
            else copy
            for copy in case.copies
        )
        cheaper = replace(case, copies=copies)
        best = most(plans(cheaper))
        others = [found for found in plans(cheaper) if release not in found.covered]
        if most(others) != best:
            return True
    return False


@pytest.mark.parametrize("kind", SHIPPING_KINDS)
def test_what_a_want_adds_and_saves_and_where_it_enters_is_exact(kind: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(dice(BYTES))
    def claim(thrown: Dice) -> None:
        instance = case(thrown, kind)
        question = Question(instance.question)
        copies, wants = copies_of(instance.copies), wants_of(instance.wants)
        tariffs = tariffs_of(copies, instance.shipping_terms)
        rules = rules_of(instance, question)
        try:
            plan = best_plan(copies, wants, rules, tariffs)
        except BadInputError:
            return
        found_marginals = marginals(copies, wants, rules, tariffs, plan)
        assert [marginal.want for marginal in found_marginals] == sorted(plan.covered + plan.left_out)
        cap = len(plan.parcels) if question is Question.FEWEST else instance.limits.max_sellers
        for marginal in found_marginals:
            if marginal.want in plan.covered:
                lowest = lowest_without(instance, plan, marginal.want, cap)
                adds = None if lowest is None else plan.total_minor - lowest
                assert marginal.adds_minor == adds
            else:
                check_entry(instance, marginal)

    claim()


def check_entry(case: Case, marginal: Marginal) -> None:
    price = marginal.enters_at_minor
    if price is None or case.wants[marginal.want].copies > 1:
        return
    assert price == 0 or in_the_plan_at(case, marginal.want, price)
    assert not in_the_plan_at(case, marginal.want, price + 1)


def test_the_want_with_the_most_score_for_its_price_is_asked_for_first() -> None:
    market = plan_market(2, "linear", 30, 6, 120)
    rules = PlanRules(Question.MOST, 5_000)
    plan = best_plan(market.copies, market.wants, rules, market.tariffs)
    found = entries(market.copies, market.wants, rules, market.tariffs, plan)
    worth = {
        row: market.wants.score[row]
        / market.copies.price[market.copies.release == market.wants.release[row]].min()
        / market.wants.copies[row]
        for row in plan.left_out
    }
    assert len(found) > 1
    assert list(found) == sorted(found, key=lambda row: (-worth[row], row))
