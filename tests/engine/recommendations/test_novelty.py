"""Surprise: from today's list to less known records that are unlike each other, by the stated formulae."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from tests.engine.recommendations.learned import learned_from, listed
from tests.engine.recommendations.records import record, tastes

from discogs_assistant.engine.recommendations.learning.interactions import Matrix
from discogs_assistant.engine.recommendations.novelty import DISCOUNT, UNLIKE, discounted, unlike_each_other
from discogs_assistant.engine.recommendations.ordering import few_of_each_artist
from discogs_assistant.engine.recommendations.taste import Taste, artist_keys
from discogs_assistant.model.recommendation import Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release

surprises = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)])
SAFE = RecommendationFilters()


def rows_of(seed: int, records: int = 40, features: int = 12) -> Matrix:
    """Rows of length 1 with three features each."""
    draw = np.random.default_rng(seed)
    columns = np.concatenate([np.sort(draw.choice(features, 3, replace=False)) for _ in range(records)])
    values = np.full(3 * records, 1 / np.sqrt(3), dtype=np.float32)
    return sparse.csr_array((values, columns, np.arange(0, 3 * records + 1, 3)), shape=(records, features))


def by_the_formula(relevance: np.ndarray, rows: Matrix, surprise: float, limit: int) -> list[int]:
    """Maximal marginal relevance pick by pick, with all likenesses computed beforehand."""
    alike, pull = (rows @ rows.T).toarray().astype(np.float64), UNLIKE * surprise
    best = relevance / relevance.max()
    picked: list[int] = []
    while len(picked) < min(limit, len(relevance)):
        left = [at for at in range(len(relevance)) if at not in picked]
        worth = [
            (1 - pull) * best[at] - pull * max((alike[at, other] for other in picked), default=0.0)
            for at in left
        ]
        top = max(worth)
        picked.append(next(at for at, value in zip(left, worth, strict=True) if value >= top - 1e-9))
    return picked


@given(st.integers(0, 10**6), st.sampled_from([0.1, 0.5, 1.0]), st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_picks_are_those_of_maximal_marginal_relevance(seed: int, surprise: float, limit: int) -> None:
    relevance = np.random.default_rng(seed).integers(1, 9, 40) / 8
    rows = rows_of(seed)
    assert unlike_each_other(relevance, rows, surprise, limit).tolist() == by_the_formula(
        relevance, rows, surprise, limit
    )


def test_popularity_takes_up_to_half_of_a_score() -> None:
    found = discounted(np.array([1.0, 1.0, 0.8]), np.array([1.0, 0.0, 0.5]), 1.0)
    assert found.tolist() == pytest.approx([1 - DISCOUNT, 1.0, 0.8 * (1 - DISCOUNT / 2)])


def test_of_equal_records_the_lower_number_comes_first() -> None:
    rows = sparse.csr_array(np.eye(4, dtype=np.float32))
    assert unlike_each_other(np.ones(4), rows, 1.0, 4).tolist() == [0, 1, 2, 3]


def test_higher_surprise_makes_lists_more_diverse_on_average() -> None:
    def likeness(surprise: float) -> float:
        found = []
        for seed in range(20):
            rows = rows_of(seed)
            relevance = 0.1 + rows @ np.random.default_rng([7, seed]).random(rows.shape[1])
            own = rows[unlike_each_other(relevance, rows, surprise, 10)]
            alike = (own @ own.T).toarray()
            found.append((alike.sum() - np.trace(alike)) / 90)
        return float(np.mean(found))

    levels = [likeness(setting) for setting in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < 0.9 * levels[0]


@given(tastes(), surprises, st.none() | st.integers(1, 2))
@settings(max_examples=25, deadline=None)
def test_a_surprising_list_has_the_same_records_and_scores_and_reasons(
    world: tuple[Taste, list[Release]], surprise: Decimal, most: int | None
) -> None:
    taste, candidates = world
    learned = learned_from(taste, candidates)
    safe = {recommended.release.id: recommended for recommended in listed(taste, candidates, SAFE, learned)}
    mixed = listed(taste, candidates, RecommendationFilters(surprise=surprise, per_artist=most), learned)
    ids = [recommended.release.id for recommended in mixed]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(safe)
    assert most is not None or set(ids) == set(safe)
    assert [recommended.rank for recommended in mixed] == list(range(1, len(mixed) + 1))
    for recommended in mixed:
        assert (recommended.score, recommended.reasons) == (
            safe[recommended.release.id].score,
            safe[recommended.release.id].reasons,
        )
        assert not taste.owns(recommended.release)
        assert not taste.hides(recommended.release)
    assert len({recommended.release.item_key for recommended in mixed}) == len(mixed)


@given(tastes(), surprises)
@settings(max_examples=15, deadline=None)
def test_without_surprise_the_list_is_in_the_order_of_its_scores(
    world: tuple[Taste, list[Release]], surprise: Decimal
) -> None:
    taste, candidates = world
    if not taste.known:
        return
    found = listed(taste, candidates, RecommendationFilters(surprise=Decimal(0)))
    assert found == listed(taste, candidates)
    assert [(-recommended.score, recommended.release.id) for recommended in found] == sorted(
        (-recommended.score, recommended.release.id) for recommended in found
    )


@given(tastes(), st.integers(1, 2), st.just(Decimal(0)) | surprises)
@settings(max_examples=25, deadline=None)
def test_no_artist_has_more_records_than_asked_for(
    world: tuple[Taste, list[Release]], most: int, surprise: Decimal
) -> None:
    taste, candidates = world
    found = listed(taste, candidates, RecommendationFilters(per_artist=most, surprise=surprise))
    met = Counter(artist for recommended in found for artist in artist_keys([recommended.release]))
    assert max(met.values(), default=0) <= most


def test_various_artists_are_no_artist_and_a_record_of_two_counts_for_both() -> None:
    def of(*artists: str) -> Recommendation:
        number = len(artists) * 10 + sum(map(len, artists))
        credits = tuple(record(number, name).artists[0] for name in artists)
        return Recommendation(1, Release(record(number).id, "", artists=credits), 1.0, (), False, False)

    ann, both, bo, various = of("Ann"), of("Ann", "Bo"), of("Bo"), of("Various")
    kept = few_of_each_artist([ann, both, bo, various, various], 1)
    assert kept == [ann, bo, various, various]
    assert few_of_each_artist([ann, ann], None) == [ann, ann]


def test_what_many_have_is_popular_and_what_few_have_is_not() -> None:
    taste = Taste(owned=(record(1, styles=("Dub",)),))
    candidates = [record(number, styles=("Dub",)) for number in (2, 3, 4)]
    collectors = [{-1: 2.0, -2: 2.0} for _ in range(6)] + [{-1: 2.0, -3: 2.0}]
    popularity = learned_from(taste, candidates, collectors).traits([-2, -3, -4]).popularity
    assert popularity.tolist() == pytest.approx([np.log(7) / np.log(8), np.log(2) / np.log(8), 0.0])


def test_nothing_is_popular_where_nobody_elses_records_are_known() -> None:
    taste = Taste(owned=(record(1, styles=("Dub",)),), wanted=(record(2, styles=("Dub",)),))
    traits = learned_from(taste, [record(3, styles=("Dub",))]).traits([-2, -3])
    assert traits.popularity.tolist() == [0.0, 0.0]
    assert traits.rows.shape[0] == 2


def test_only_releases_among_those_allowed_are_shown_and_of_their_works_another_pressing() -> None:
    taste = Taste(owned=(record(1, styles=("Dub",)),))
    first, second = record(2, master=7, styles=("Dub",), year=1970), record(3, master=7, styles=("Dub",))
    other = record(4, styles=("Dub",))
    found = listed(taste, [first, second, other], among={second.id})
    assert [recommended.release.id for recommended in found] == [3]
    assert listed(taste, [first, second, other], among=set()) == ()


def test_a_pressing_that_suits_the_filters_stands_for_its_work() -> None:
    taste = Taste(owned=(record(1, styles=("Dub",), formats=("Vinyl",)),))
    vinyl = record(2, master=7, styles=("Dub",), formats=("Vinyl",))
    disc = record(3, master=7, styles=("Dub",), formats=("CD",))
    found = listed(taste, [vinyl, disc], RecommendationFilters(formats=frozenset({"CD"})))
    assert [recommended.release.id for recommended in found] == [3]
