"""The learned model: its parts against slower ways, and what holds of every list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from tests.engine.recommendations.communities import community

from discogs_assistant.engine.recommendations.learning import neighbour_kernels
from discogs_assistant.engine.recommendations.learning.factors import FactorSettings, fit_factors, relative
from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.item_features import (
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.item_weights import WeightSettings, fit_item_weights
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_model

RUNS = 10_000


@pytest.fixture(scope="module")
def model() -> Model:
    return fit_model(*community(1), seed=0)


def some(draw: np.random.Generator, items: int) -> Given:
    """Anything from nothing to all."""
    chosen = draw.permutation(items)[: draw.integers(0, items + 1)]
    return Given(chosen, draw.choice([-1.0, 0.5, 1.0, 2.0, 1000.0], len(chosen)))


def test_no_list_of_ten_thousand_holds_a_given_or_a_repeated_item(model: Model) -> None:
    draw, count = np.random.default_rng(0), len(model.items)
    for _ in range(RUNS // 50):
        people = [some(draw, count) for _ in range(50)]
        tastes = [model.fold_in(*person) for person in people]
        for person, (items, scores) in zip(people, model.top_of(tastes, 20), strict=True):
            assert not set(items.tolist()) & set(person.items.tolist())
            assert len(set(items.tolist())) == len(items) == min(20, count - len(person.items))
            assert (np.diff(scores) <= 0).all()


def test_shares_add_up_to_the_score_by_items_and_by_features(model: Model) -> None:
    draw = np.random.default_rng(1)
    tastes = [model.fold_in(*some(draw, len(model.items))) for _ in range(50)]
    shown = []
    for taste in tastes:
        items, scores = model.top(taste, 5)
        shown += [(taste, *pair) for pair in zip(items.tolist(), scores.tolist(), strict=True)]
    assert len(shown) > 200
    for taste, item, score in shown:
        reasons = model.because(taste, item)
        assert reasons.items.sum() + reasons.known == pytest.approx(score, rel=1e-4, abs=1e-5)
        whole = reasons.shares.sum() + reasons.together + reasons.known
        assert whole == pytest.approx(score, rel=1e-4, abs=1e-5)


def test_the_same_person_gets_the_same_list_in_any_order_of_their_items(model: Model) -> None:
    items, weights = np.array([3, 9, 12, 30]), np.array([1.0, 2.0, 1.0, 2.0])
    ranking = model.top(model.fold_in(items, weights), 30)
    other = model.top(model.fold_in(items[::-1], weights[::-1]), 30)
    assert ranking[0].tolist() == other[0].tolist()
    assert ranking[1].tolist() == other[1].tolist()


def test_what_is_excluded_is_not_listed_and_nothing_else_moves(model: Model) -> None:
    taste = model.fold_in(np.array([3, 9]), np.ones(2))
    whole, _ = model.top(taste, 20)
    without, _ = model.top(taste, 19, exclude=whole[4:5])
    assert without.tolist() == [item for item in whole.tolist() if item != whole[4]]


def test_someone_without_items_gets_what_is_known_best(model: Model) -> None:
    items, _ = model.top(model.fold_in(np.zeros(0, np.int64), np.zeros(0)), 5)
    assert model.known[items].tolist() == sorted(model.known, reverse=True)[:5]


def test_what_is_not_wanted_pushes_its_like_down(model: Model) -> None:
    items = np.array([0, 3, 6, 9, 1])
    before = model.fold_in(items[:4], np.ones(4)).scores()
    after = model.fold_in(items, np.array([1.0, 1, 1, 1, -1])).scores()
    like, unlike = np.arange(4, 60, 3), np.arange(12, 60, 3)
    assert (after - before)[like].mean() < (after - before)[unlike].mean()
    listed, _ = model.top(model.fold_in(items, np.array([1.0, 1, 1, 1, -1])), 60)
    assert 1 not in listed


def test_a_taste_of_one_kind_is_answered_with_that_kind() -> None:
    for data, features in (community(2), (community(2)[0], no_features(60))):
        model = fit_model(data, features, seed=0)
        items, _ = model.top(model.fold_in(np.arange(0, 30, 3), np.ones(10)), 5)
        assert (items % 3 == 0).sum() >= 4


def test_an_item_that_nobody_has_is_found_by_its_features() -> None:
    data, features = community(3)
    unowned = np.flatnonzero(np.bincount(data.weights.indices, minlength=60) == 0)
    model = fit_model(data.only([0]), features, seed=0)
    items, _ = model.top(model.fold_in(np.arange(0, 30, 3), np.ones(10)), 20)
    like_these = {item for item in unowned.tolist() if item % 3 == 0}
    assert like_these
    assert like_these <= set(items.tolist())


@pytest.mark.parametrize(("users", "items"), [(1, 1), (1, 2), (2, 1), (1, 60), (40, 3)])
def test_the_smallest_communities_have_a_model(users: int, items: int) -> None:
    data, features = community(4, users, items, kinds=1)
    for known in (features, no_features(items)):
        found, scores = (model := fit_model(data, known, 0)).top(model.fold_in(np.array([0]), np.ones(1)), 9)
        assert len(set(found.tolist()) - {0}) == len(found) == min(items - 1, 9)
        assert np.isfinite(scores).all()


def test_folded_factors_are_the_least_squares_of_the_person() -> None:
    data, features = community(5)
    factors = fit_factors(data, features, 0, FactorSettings(factors=8))
    items, weights = data.of(0)
    confidence = np.ones(len(data.items))
    confidence[items] = factors.alpha * relative(weights, factors.usual)
    wanted = np.zeros(len(data.items))
    wanted[items] = 1.0
    roots = np.sqrt(confidence)[:, None] * factors.vectors
    regularization = factors.regularization * (confidence[items].sum() + factors.unseen) ** factors.power
    system = np.vstack([roots, np.sqrt(regularization) * np.eye(8)])
    right = np.concatenate([np.sqrt(confidence) * wanted, np.zeros(8)])
    slow = np.linalg.lstsq(system, right)[0]
    assert factors.fold_in(Given(items, weights)).vector == pytest.approx(slow, rel=1e-4, abs=1e-6)


def test_item_weights_are_the_ridge_regression_on_the_nearest_items() -> None:
    data, _ = community(6)
    settings = WeightSettings(neighbours=7, regularization=3.0, plays=0.0, user_power=0.0, item_power=0.0)
    found = fit_item_weights(data, no_features(60), 0, settings).weights.toarray()
    owned = (data.weights.toarray() > 0).astype(float)
    gram = owned.T @ owned
    for item in range(60):
        chosen = np.flatnonzero(found[:, item])
        slow = np.linalg.solve(gram[np.ix_(chosen, chosen)] + 3.0 * np.eye(len(chosen)), gram[chosen, item])
        assert found[chosen, item] == pytest.approx(slow, rel=1e-4, abs=1e-6)
        cosine = gram[item] / np.sqrt(np.diag(gram).clip(1))
        cosine[item] = -1
        if len(chosen):
            assert cosine[chosen].min() >= np.sort(np.delete(cosine, chosen))[-1] - 1e-12


def test_weights_lengths_of_users_and_of_items_count_by_their_powers() -> None:
    data, _ = community(6)
    data.weights.data[:] = np.random.default_rng(0).choice([1.0, 2.0, 500.0], data.weights.nnz)
    found = fit_item_weights(data, no_features(60), 0, WeightSettings(neighbours=59, regularization=3.0))
    rows = data.weights.toarray()
    rows = np.sqrt(relative(rows, np.exp(np.log(rows[rows > 0]).mean())))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows / np.where(lengths > 0, lengths / np.sqrt((lengths**2).mean()), 1.0) ** 0.5
    gram = rows.T @ rows
    worth = np.maximum(np.diag(gram) / np.diag(gram).mean(), 1e-3) ** -0.3
    for item in range(60):
        chosen = np.flatnonzero(found.weights.toarray()[:, item])
        slow = np.linalg.solve(gram[np.ix_(chosen, chosen)] + 3.0 * np.eye(len(chosen)), gram[chosen, item])
        kept = found.weights.toarray()[chosen, item]
        assert kept == pytest.approx(worth[chosen] * slow, rel=1e-4, abs=1e-6)


def test_the_same_data_and_seed_give_the_same_model() -> None:
    first, other = (fit_model(*community(7), seed=3).arrays() for _ in range(2))
    assert {key: array.tobytes() for key, array in first.items()} == {
        key: array.tobytes() for key, array in other.items()
    }


@pytest.mark.parametrize(
    ("extremes", "share"), [((1e-12, 1e10), 0.2), ((1e-300, 1.0), 0.1), ((1e-300, 1e12), 0.99)]
)
def test_weights_as_far_apart_as_can_be_give_a_model_of_numbers(
    extremes: tuple[float, float], share: float
) -> None:
    data, features = community(2)
    weights = data.weights.copy()
    weights.data = np.random.default_rng(0).choice(extremes, len(weights.data), p=(share, 1.0 - share))
    with np.errstate(all="raise", under="ignore"):
        model = fit_model(replace(data, weights=weights), features, seed=0)
    assert all(np.isfinite(part).all() for part in (model.factors.vectors, model.weights.weights.data))
    scores = model.fold_in(np.array([3, 9]), np.array(extremes)).scores()
    assert np.isfinite(scores).all()
    assert scores.std() > 0


def test_products_too_small_for_a_number_touch_nothing() -> None:
    starts, tiny = np.array([0, 3]), np.full(3, 1e-200)
    by_item, by_row = (starts, np.arange(3), tiny), (np.arange(4), np.zeros(3, np.int64), tiny)
    assert neighbour_kernels._together.py_func(0, by_item, by_row, np.zeros(1), np.empty(1, np.int32)) == 0


def test_what_is_hardly_said_of_items_is_still_a_feature() -> None:
    statements = Statements(np.array([0, 1]), ("a", "b"), np.array([0, 0]), ("x",), np.full(2, 1e-200))
    assert item_features(statements, ("a", "b")).matrix.data.tolist() == [1.0, 1.0]


def test_someone_with_only_uninformative_items_gets_what_is_known_best() -> None:
    data, _ = community(1)
    nobody = sparse.csr_array((len(data.users), 1))
    weights = sparse.hstack([data.weights, nobody], format="csr")
    unheard = replace(data, items=(*data.items, "~"), weights=weights)
    model = fit_model(unheard, no_features(len(unheard.items)), seed=0)
    taste = model.fold_in(np.array([len(data.items)]), np.ones(1))
    items, scores = model.top(taste, 5)
    assert model.known[items].tolist() == sorted(model.known, reverse=True)[:5]
    assert model.because(taste, items[0]).known == pytest.approx(scores[0])
