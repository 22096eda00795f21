"""The rules by which recommendations and wants become candidates, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.engine.carts.candidates import (
    Pool,
    choose_candidates,
    rules_for,
    shares,
    wants_to_plan,
)
from discogs_assistant.model.cart import Candidate
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import MasterId, ReleaseId, UserName
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import Reason, Recommendation
from discogs_assistant.model.release import Release

DAY = date(2026, 11, 24)
USER = UserName("digger")


def usd(minor: int) -> Money:
    return Money(minor, Currency.USD)


def recommended(count: int, first: int = 1) -> list[Recommendation]:
    """`count` of them: ids from `first` on, scores falling from 0.9."""
    return [
        Recommendation(
            rank=n + 1,
            release=Release(ReleaseId(first + n), f"R{n}"),
            score=0.9 - n * 0.001,
            reasons=(Reason("style", "Because of its style.", 0.5),),
            new_artist=False,
            new_label=False,
        )
        for n in range(count)
    ]


def pool(
    recommendations: list[Recommendation],
    wanted: Iterable[int],
    *,
    scores: Mapping[int, float] | None = None,
    prices: Mapping[int, Money] | None = None,
    masters: Mapping[int, int] | None = None,
) -> Pool:
    return Pool(
        recommendations,
        [ReleaseId(id) for id in wanted],
        {ReleaseId(id): score for id, score in (scores or {}).items()},
        {ReleaseId(id): price for id, price in (prices or {}).items()},
        {ReleaseId(id): MasterId(master) for id, master in (masters or {}).items()},
    )


def criteria(ratio: str = "0.5", **more: object) -> CartCriteria:
    return CartCriteria(budget=usd(5000), ratio=Decimal(ratio), **more)  # type: ignore[arg-type]


def chosen(pool_: Pool, asked: CartCriteria, user: UserName = USER, day: date = DAY) -> tuple[Candidate, ...]:
    return choose_candidates(pool_, asked, user, day).candidates


def wanted_ids(candidates: Iterable[Candidate]) -> set[int]:
    return {int(c.release_id) for c in candidates if c.origin == "wanted"}


def recommended_ids(candidates: Iterable[Candidate]) -> set[int]:
    return {int(c.release_id) for c in candidates if c.origin == "recommended"}


WANTS = range(10_001, 10_501)


def test_ratio_0_is_recommendations_only() -> None:
    found = chosen(pool(recommended(300), WANTS), criteria("0"))
    assert (len(recommended_ids(found)), wanted_ids(found)) == (300, set())


def test_ratio_1_is_the_whole_wantlist_only() -> None:
    found = chosen(pool(recommended(300), WANTS), criteria("1"))
    assert (recommended_ids(found), wanted_ids(found)) == (set(), set(WANTS))


def test_between_the_top_recommendations_meet_a_random_share_of_wants() -> None:
    found = chosen(pool(recommended(400), WANTS), criteria("0.3"))
    assert recommended_ids(found) == set(range(1, 281))
    assert len(wanted_ids(found)) == 120
    assert wanted_ids(found) < set(WANTS)
    assert wanted_ids(found) != set(sorted(WANTS)[:120])


def test_the_wants_are_drawn_by_user_and_day() -> None:
    things = pool(recommended(400), WANTS)
    first = wanted_ids(chosen(things, criteria()))
    assert wanted_ids(chosen(pool(recommended(400), reversed(WANTS)), criteria())) == first
    assert wanted_ids(chosen(things, criteria(), day=date(2026, 11, 25))) != first
    assert wanted_ids(chosen(things, criteria(), user=UserName("other"))) != first


def test_a_larger_share_of_wants_only_adds() -> None:
    things = pool(recommended(400), WANTS)
    assert wanted_ids(chosen(things, criteria("0.2"))) < wanted_ids(chosen(things, criteria("0.6")))


def test_a_wantlist_smaller_than_its_share_is_filled_up_with_recommendations() -> None:
    found = chosen(pool(recommended(400), list(WANTS)[:30]), criteria("0.5"))
    assert (len(recommended_ids(found)), len(wanted_ids(found))) == (370, 30)


def test_few_recommendations_are_filled_up_with_wants_to_200() -> None:
    found = chosen(pool(recommended(40), WANTS), criteria("0.5"))
    assert (len(recommended_ids(found)), len(wanted_ids(found))) == (40, 160)


def test_shares_below_200_are_taken_of_200() -> None:
    found = chosen(pool(recommended(150), WANTS), criteria("0.5"))
    assert (len(recommended_ids(found)), len(wanted_ids(found))) == (100, 100)


@given(st.decimals(0, 1, places=2), st.integers(0, 700), st.integers(0, 700))
def test_there_are_at_least_200_candidates_where_200_are_affordable(
    ratio: Decimal, wants: int, recs: int
) -> None:
    want_share, share = shares(ratio, wants, recs)
    assert 0 <= want_share <= wants
    assert 0 <= share <= recs
    if 0 < ratio < 1:
        assert want_share + share >= min(200, wants + recs)
        assert want_share + share <= max(200, recs)


def test_releases_whose_usual_price_is_above_the_budget_drop_out() -> None:
    prices = {1: usd(5001), 2: usd(5000), 10_001: usd(9000)}
    choice = choose_candidates(pool(recommended(3), [10_001, 10_002], prices=prices), criteria(), USER, DAY)
    assert {int(c.release_id) for c in choice.candidates} == {2, 3, 10_002}
    assert choice.too_dear == 2


def test_shares_are_taken_of_the_affordable_recommendations() -> None:
    prices = {n: usd(9000) for n in range(1, 101)}
    found = chosen(pool(recommended(500), WANTS, prices=prices), criteria("0.25"))
    assert recommended_ids(found) == set(range(101, 401))
    assert len(wanted_ids(found)) == 100


def test_wants_carry_the_scores_of_the_persons_own_taste() -> None:
    found = chosen(pool(recommended(3), [10_001, 10_002], scores={10_001: 0.75}), criteria())
    scores = {int(c.release_id): c.score_micro for c in found}
    assert scores[10_001] == 750_000
    assert scores[10_002] == scores[3] == 898_000


def test_uniform_wants_all_have_the_lowest_recommendations_score() -> None:
    found = chosen(pool(recommended(3), [10_001], scores={10_001: 0.75}), criteria(uniform_wants=True))
    assert {int(c.release_id): c.score_micro for c in found}[10_001] == 898_000


def test_uniform_wants_without_recommendations_score_1_each() -> None:
    found = chosen(pool([], [10_001, 10_002], scores={10_001: 0.75}), criteria("1", uniform_wants=True))
    assert [c.score_micro for c in found] == [1_000_000, 1_000_000]


@pytest.mark.parametrize("ratio", ["0", "0.1", "1"])
def test_what_must_be_in_is_always_a_candidate(ratio: str) -> None:
    prices = {7: usd(9000), 10_400: usd(9000), 99_999: usd(9000)}
    must = frozenset(map(ReleaseId, (7, 10_400, 99_999)))
    found = chosen(pool(recommended(300), WANTS, prices=prices), criteria(ratio, must=must))
    assert must <= {c.release_id for c in found}


def test_a_must_that_is_wanted_counts_in_the_share_of_wants() -> None:
    found = chosen(pool(recommended(400), WANTS), criteria("0.3", must=frozenset({ReleaseId(10_400)})))
    assert len(wanted_ids(found)) == 120


def test_a_recommendation_that_is_wanted_is_a_candidate_once() -> None:
    found = chosen(pool(recommended(3), [2]), criteria())
    assert sorted(int(c.release_id) for c in found) == [1, 2, 3]
    assert wanted_ids(found) == {2}


@pytest.mark.parametrize("ratio", ["0.01", "0.5", "1"])
def test_plans_are_for_all_wants_and_musts_whatever_they_cost(ratio: str) -> None:
    prices = {10_001: usd(9000), 99_999: usd(9000)}
    asked = criteria(ratio, must=frozenset({ReleaseId(99_999)}))
    found = wants_to_plan(pool(recommended(300), WANTS, prices=prices), asked, USER, DAY)
    assert wanted_ids(found) == {*WANTS, 99_999}
    assert not recommended_ids(found)


def test_at_ratio_0_plans_are_for_what_must_be_in_alone() -> None:
    asked = criteria("0", must=frozenset({ReleaseId(10_002)}))
    assert wanted_ids(wants_to_plan(pool(recommended(300), WANTS), asked, USER, DAY)) == {10_002}
    assert wants_to_plan(pool(recommended(300), WANTS), criteria("0"), USER, DAY) == ()


@pytest.mark.parametrize("uniform", [True, False])
def test_a_want_scores_the_same_in_plans_and_carts(uniform: bool) -> None:
    things = pool(recommended(300), WANTS, scores={id: 0.7 for id in list(WANTS)[:250]})
    asked = criteria("0.3", uniform_wants=uniform)
    planned = {want.release_id: want for want in wants_to_plan(things, asked, USER, DAY)}
    drawn = [candidate for candidate in chosen(things, asked) if candidate.origin == "wanted"]
    assert drawn
    assert drawn == [planned[candidate.release_id] for candidate in drawn]


def test_of_a_want_any_known_pressing_will_do_in_plans_whatever_it_costs() -> None:
    things = pool([], [10_001], masters={10_001: 600, 83: 600, 84: 600}, prices={84: usd(9000)})
    found = wants_to_plan(things, criteria(any_pressing=True), USER, DAY)
    assert {(int(candidate.release_id), candidate.group) for candidate in found} == {
        (83, 600),
        (84, 600),
        (10_001, 600),
    }


def test_any_pressing_brings_all_known_pressings_of_the_master_as_one_group() -> None:
    masters = {1: 500, 71: 500, 72: 500, 10_001: 600, 10_002: 600, 83: 600}
    prices = {72: usd(9000)}
    things = pool(
        recommended(1), [10_001, 10_002], scores={10_001: 0.2, 10_002: 0.3}, masters=masters, prices=prices
    )
    found = {int(c.release_id): c for c in chosen(things, criteria(any_pressing=True))}
    assert {n for n, c in found.items() if c.group == 500} == {1, 71}
    assert {n for n, c in found.items() if c.group == 600} == {83, 10_001, 10_002}
    assert {c.score_micro for c in found.values() if c.group == 600} == {300_000}
    assert {int(c.release_id) for c in chosen(things, criteria())} == {1, 10_001, 10_002}


def test_of_a_must_any_pressing_will_do_where_that_is_asked() -> None:
    masters = {71: 500, 72: 500}
    asked = criteria(any_pressing=True, must=frozenset(map(ReleaseId, (71, 72, 9))))
    rules = rules_for(asked, chosen(pool([], [], masters=masters), asked))
    assert set(rules.required) == {frozenset({71, 72}), frozenset({9})}
    exact = criteria(must=asked.must)
    assert len(rules_for(exact, chosen(pool([], [], masters=masters), exact)).required) == 3
