"""The plan engine against every allowed plan of small markets, on hundreds of them of each kind.

In `make long` on thousands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checker.dice import AT_ONCE, Dice, dice, many_dice
from tests.checker.plan_instances import BYTES, ONCE_IN, QUESTIONS, SHIPPING_KINDS, Case, case
from tests.checker.plan_oracle import (
    Copy,
    Outcome,
    all_plans,
    cheapest,
    fewest,
    most,
    outcome,
    unavailable,
)
from tests.checker.shipping import FREE
from tests.durations import examples
from tests.engine.carts.columns import copies_of, tariffs_of, wants_of

from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.errors import BadInputError

SEVERAL = "methods", "crossing", "free_from", "everything"
BANDED = "items_bands", "grams_bands", "value_bands", "min_orders", *SEVERAL
WANTED = examples(2000)
EXAMPLES = {kind: WANTED if kind in BANDED else WANTED // 2 for kind in SHIPPING_KINDS}
"""Of each kind of bands as many as are wanted of each feature over all kinds."""
FREE_SEEN = {"free_from": examples(60), "everything": examples(20)}
"""At least so many parcels are worth exactly what is free from, so many more than that, so many less."""


def answer(case: Case) -> Plan | None:
    """The engine's plan; None where required releases cannot be had."""
    copies, limits = copies_of(case.copies), case.limits
    rules = PlanRules(Question(case.question), limits.budget, limits.max_sellers, limits.premium)
    try:
        return best_plan(copies, wants_of(case.wants), rules, tariffs_of(copies, case.shipping_terms))
    except BadInputError:
        return None


def check(case: Case, plan: Plan) -> Outcome:
    """The plan rebuilt from its rows alone."""
    bought: list[tuple[Copy, int]] = []
    copies = copies_of(case.copies)
    for parcel in plan.parcels:
        lines = [(case.copies[row], count) for row, count in zip(parcel.rows, parcel.quantities, strict=True)]
        assert {copy.seller for copy, _ in lines} == {copies.sellers[parcel.seller]}
        assert [copy.listing for copy, _ in lines] == sorted({copy.listing for copy, _ in lines})
        assert all(0 < count <= copy.quantity for copy, count in lines)
        assert parcel.merchandise_minor == sum(copy.price * count for copy, count in lines)
        bought += lines
    made = outcome(tuple(bought), case.wants, case.limits, case.shipping_terms)
    assert made is not None
    assert len(plan.parcels) == made.parcels
    counts = {want.release: 0 for want in case.wants}
    for copy, count in bought:
        counts[copy.release] += count
    assert counts == {want.release: want.copies * (want.release in made.covered) for want in case.wants}
    groups = [want.group for want in case.wants if want.release in made.covered and want.group is not None]
    assert len(groups) == len(set(groups))
    assert plan.total_minor == made.total == sum(parcel.total_minor for parcel in plan.parcels)
    assert plan.score_micro == made.score
    assert {case.wants[row].release for row in plan.covered} == made.covered
    assert {case.wants[row].release for row in plan.unavailable} == unavailable(case.copies, case.wants)
    return made


def expected(case: Case) -> tuple[int, ...] | None:
    plans = list(all_plans(case.copies, case.wants, case.limits, case.shipping_terms))
    if case.question == "fewest":
        return fewest(plans, case.limits.premium)
    return cheapest(plans) if case.question == "cheapest" else most(plans)


def reached(made: Outcome, question: str) -> tuple[int, ...]:
    return {
        "cheapest": (-len(made.covered), made.total),
        "most": (-made.score, made.total),
        "fewest": (-len(made.covered), made.parcels, made.total),
    }[question]


def at_free_from(case: Case, made: Outcome) -> list[str]:
    """On which side of what is free each parcel is, of those of sellers where something is."""
    worth: Counter[str] = Counter()
    for copy, count in made.bought:
        worth[copy.seller] += copy.worth * count
    sides = []
    for seller, minor in worth.items():
        terms = FREE if case.shipping_terms is None else case.shipping_terms[seller]
        if terms.free_from is not None:
            major = terms.major(minor)
            above = "free" if major > terms.free_from else "paid"
            sides.append("exactly free" if major == terms.free_from else above)
    return sides


def compare(case: Case) -> list[str]:
    """Fails where the plan is not the best; on which side of what is free its parcels are."""
    plan, best = answer(case), expected(case)
    if plan is None or best is None:
        assert plan is None
        assert best is None
        return []
    made = check(case, plan)
    assert reached(made, case.question) == best
    assert plan.proof == "optimal"
    assert plan.gap == 0.0
    totals = {"most": plan.score_micro, "cheapest": plan.total_minor, "fewest": plan.total_minor}
    assert plan.bound == totals[case.question]
    return at_free_from(case, made)


@pytest.mark.parametrize("kind", SHIPPING_KINDS)
def test_a_plan_is_as_good_as_the_best_of_all_plans(kind: str) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES[kind] // AT_ONCE, deadline=None, derandomize=True, database=None)
    @given(many_dice(BYTES))
    def claim(all_thrown: list[Dice]) -> None:
        for thrown in all_thrown:
            instance = case(thrown, kind)
            seen.update(instance.features)
            seen.update(compare(instance))

    claim()
    of_all = sum(EXAMPLES.values()) / EXAMPLES[kind]
    assert min(seen[feature] for feature in (*ONCE_IN, *QUESTIONS)) * of_all >= WANTED
    assert min(seen[side] for side in ("exactly free", "free", "paid")) >= FREE_SEEN.get(kind, 0)


@pytest.mark.parametrize("kind", ["value_bands", "min_orders", "foreign", "everything"])
def test_in_numbers_too_large_to_be_exact_no_wrong_plan_is_called_proven(kind: str) -> None:
    @settings(max_examples=examples(200), deadline=None, derandomize=True, database=None)
    @given(dice(BYTES))
    def claim(thrown: Dice) -> None:
        instance = case(thrown, kind)
        odd = tuple(
            replace(copy, price=10**9 * copy.price - copy.listing, worth=10**9 * copy.worth - copy.listing)
            for copy in instance.copies
        )
        instance = replace(
            instance,
            copies=odd,
            limits=replace(instance.limits, budget=10**9 * (instance.limits.budget or 60)),
        )
        plan, best = answer(instance), expected(instance)
        if plan is None or best is None:
            assert plan is None
            assert best is None
            return
        made = reached(check(instance, plan), instance.question)
        assert made >= best
        if plan.proof == "optimal":
            assert made == best
        if instance.question == "most":
            assert plan.bound >= -best[0]
        elif made[0] == best[0]:
            assert plan.bound <= best[-1]

    claim()


@settings(max_examples=examples(300), deadline=None, derandomize=True, database=None)
@given(dice(BYTES), st.sampled_from(SHIPPING_KINDS))
def test_the_order_of_rows_changes_no_plan(thrown: Dice, kind: str) -> None:
    instance = case(thrown, kind)
    other = replace(instance, copies=instance.copies[::-1], wants=instance.wants[::-1])
    assert bought_in(instance) == bought_in(other)


def bought_in(case: Case) -> set[tuple[int, int]] | None:
    plan = answer(case)
    if plan is None:
        return None
    return {
        (case.copies[row].listing, count)
        for parcel in plan.parcels
        for row, count in zip(parcel.rows, parcel.quantities, strict=True)
    }
