"""Metrics and the protocol, against sums done by hand and against slower ways."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.recommendations.communities import community

from discogs_assistant.engine.recommendations.learning.evaluation import measure
from discogs_assistant.engine.recommendations.learning.holdout import held_out, split
from discogs_assistant.engine.recommendations.learning.item_features import no_features
from discogs_assistant.engine.recommendations.learning.metrics import estimate, gains, ndcg, paired, recall
from discogs_assistant.engine.recommendations.learning.popularity import fit_popularity
from discogs_assistant.pipelines.files.training_data import training_data

NONE = np.zeros(0, dtype=np.int64)


def test_a_hit_at_the_second_rank_is_worth_its_discount() -> None:
    gain = gains(np.array([3.0, 2.0, 1.0, 0.0]), NONE, np.array([1]), 100)
    assert ndcg(gain, 1, 100) == pytest.approx(1 / np.log2(3))
    assert recall(gain, 1, 1) == 0
    assert recall(gain, 1, 2) == 1


def test_given_items_take_no_rank() -> None:
    gain = gains(np.array([9.0, 2.0, 1.0]), np.array([0]), np.array([1]), 100)
    assert ndcg(gain, 1, 100) == 1


def test_recall_is_against_what_fits_the_depth() -> None:
    gain = gains(np.arange(50.0)[::-1], NONE, np.arange(30), 100)
    assert recall(gain, 30, 20) == 1
    assert recall(gain, 30, 50) == 1


@given(
    scores=st.lists(st.integers(0, 2), min_size=2, max_size=6),
    hidden=st.sets(st.integers(0, 1), min_size=1),
    depth=st.integers(1, 7),
)
def test_equal_scores_count_as_the_mean_of_all_their_orders(
    scores: list[int], hidden: set[int], depth: int
) -> None:
    count = len(scores)
    found_gains = gains(np.array(scores, float), NONE, np.array(sorted(hidden)), depth)
    orders = [o for o in permutations(range(count)) if sorted(scores, reverse=True) == [scores[i] for i in o]]
    slow = np.zeros(depth)
    for order in orders:
        for rank, item in enumerate(order[:depth]):
            slow[rank] += (item in hidden) / len(orders)
    assert found_gains == pytest.approx(slow)


def test_what_only_rounding_tells_apart_is_equal() -> None:
    scores = np.array([0.3, 0.1 + 0.2, 0.3, 0.0, 1.0])
    gain = gains(scores, np.array([4]), np.array([2]), 3)
    assert gain == pytest.approx([1 / 3] * 3)


def test_the_standard_error_is_that_of_a_mean() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0])
    assert estimate(values).error == pytest.approx(np.std(values, ddof=1) / 2)
    assert paired(values, values) == (0, 0)


def test_users_are_held_out_by_the_permutation() -> None:
    order = np.random.default_rng(3).permutation(20)
    parts = split(20, 4, 2, 3, train=5)
    assert parts.test.tolist() == order[:4].tolist()
    assert parts.validation.tolist() == order[4:6].tolist()
    assert parts.train.tolist() == order[6:11].tolist()


def test_a_fifth_of_a_users_items_is_hidden_independently_of_other_users() -> None:
    data, _ = community(0)
    alone = held_out(data.only([7]), [0], 5)[0]
    among = held_out(data, range(40), 5)
    assert any(alone.hidden.tolist() == user.hidden.tolist() for user in among)
    count = len(alone.given.items) + len(alone.hidden)
    assert len(alone.hidden) == max(1, int(0.2 * count))
    assert not set(alone.given.items) & set(alone.hidden)


def test_users_with_fewer_than_five_items_are_left_out() -> None:
    data, _ = community(0, users=30, items=22)
    sizes = np.diff(data.weights.indptr)
    assert 0 < len(held_out(data, range(30), 0)) == (sizes >= 5).sum() < 30


def test_popularity_on_a_known_set_gives_the_figures_published_with_it(real: Path) -> None:
    data, _ = training_data(real / "recs" / "lastfm_interactions.csv.gz", None)
    parts = split(len(data.users), 300, 150, 0)
    train = data.only(np.sort(parts.train).tolist())
    used = np.unique(train.weights.indices).tolist()
    found = measure(
        fit_popularity(train.among(used), no_features(len(used)), 0),
        held_out(data.among(used), parts.test.tolist(), 0),
    )
    found_gains = {metric: round(found.estimate(metric).mean, 4) for metric in found.values}
    assert found_gains == {"recall@20": 0.1166, "recall@50": 0.2094, "ndcg@100": 0.1751}
