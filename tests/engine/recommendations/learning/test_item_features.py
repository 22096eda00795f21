"""Features of items against the formulae that recommender.md states, and settings that are chosen."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.recommendations.communities import community

from discogs_assistant.engine.recommendations.learning.fold_in import Blend
from discogs_assistant.engine.recommendations.learning.holdout import Given, HeldOutUser
from discogs_assistant.engine.recommendations.learning.interactions import ascending, seed_of
from discogs_assistant.engine.recommendations.learning.item_features import (
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.popularity import known
from discogs_assistant.engine.recommendations.learning.tuning import Trial, chosen_settings, usual_settings

ITEMS = ("1", "2", "3", "10")


def statements(*rows: tuple[str, str, float], by: tuple[str, ...] = ()) -> Statements:
    items, features = ascending(row[0] for row in rows), ascending(row[1] for row in rows)
    taggers = ascending(by)
    return Statements(
        np.array([items.index(row[0]) for row in rows]),
        items,
        np.array([features.index(row[1]) for row in rows]),
        features,
        np.array([row[2] for row in rows]),
        np.array([taggers.index(name) for name in by]) if by else None,
        taggers,
    )


def test_features_are_tf_idf_of_length_one() -> None:
    known = item_features(
        statements(("1", "a", 1), ("1", "a", 2), ("2", "a", 1), ("2", "b", 1), ("3", "b", 4), ("3", "c", 1)),
        ITEMS,
    )
    assert known.names == ("a", "b")
    idf = np.log(5 / 2.5)
    second = np.log(2) * idf * np.ones(2)
    slow = np.array([[1, 0], second / np.linalg.norm(second), [0, 1], [0, 0]])
    assert known.matrix.toarray() == pytest.approx(slow)
    assert known.evidence.tolist() == pytest.approx([np.log(4), 2 * np.log(2), np.log(5), 0])


def test_a_value_of_zero_says_nothing() -> None:
    known = item_features(statements(("1", "a", 1), ("2", "a", 1), ("3", "a", 0)), ITEMS)
    assert known.matrix.toarray().ravel().tolist() == [1, 1, 0, 0]


def test_a_feature_needs_five_taggers() -> None:
    rows = [(item, feature, 1.0) for feature in "ab" for item in ("1", "2") for _ in range(5)]
    by = tuple("vwxyz" * 2 + "vwxyv" * 2)
    known = item_features(statements(*rows, by=by), ITEMS)
    assert known.names == ("a",)
    assert known.without({"z"}).names == ()


def test_numbers_are_ordered_as_numbers_and_other_ids_by_code_point() -> None:
    assert ascending(["10", "9", "1"]) == ("1", "9", "10")
    assert ascending(["10", "9", "x"]) == ("10", "9", "x")
    assert ascending(["07", "7", "10"]) == ("07", "10", "7")
    assert (seed_of("12"), seed_of("012") != 12) == (12, True)


def test_few_users_choose_no_settings() -> None:
    data, features = community(0)
    assert chosen_settings(data, features, 0) == usual_settings(data, features)


def test_a_part_that_only_guesses_is_left_out_of_the_blend() -> None:
    data, features = community(0)
    draw = np.random.default_rng(0)
    users = [HeldOutUser(Given(np.arange(3), np.ones(3)), draw.choice(range(3, 60), 4)) for _ in range(80)]
    knows = 0.5 * draw.random((80, 60))
    for user, row in zip(users, knows, strict=True):
        row[user.hidden] += 0.3
    guesses = draw.random((80, 60))
    trial, usual = Trial(data, features, 0, users), Blend(0.5, 0.5, 0.05, 0.0)
    assert trial.best_blend(knows, guesses, usual).factors >= 0.85
    assert trial.best_blend(guesses, knows, usual).weights == 1
    assert trial.best_blend(guesses, guesses, usual) == usual


def test_the_chosen_shares_of_the_learned_parts_add_up_to_one() -> None:
    data, features = community(1, users=300, items=24)
    settings = chosen_settings(data, features, 0)
    assert settings.blend.factors + settings.blend.weights == pytest.approx(1)


def test_where_few_users_are_all_that_tells_of_items_factors_count_less() -> None:
    data, features = community(0)
    few, more = (data.only([place % len(data.users) for place in range(users)]) for users in (20, 60))
    none = no_features(60)
    shares = [usual_settings(*pair).blend.factors for pair in ((few, none), (more, none), (few, features))]
    assert shares == [0.5, 0.6, 0.75]


def test_where_parts_only_guess_what_is_well_known_counts() -> None:
    data, features = community(0)
    draw, famous = np.random.default_rng(0), np.argsort(-known(data, features))[:12]
    users = [
        HeldOutUser(Given(np.arange(3), np.ones(3)), draw.choice(famous[famous > 2], 4, False))
        for _ in range(80)
    ]
    guesses, usual = draw.random((80, 60)), Blend(0.5, 0.5, 0.05, 0.0)
    assert Trial(data, features, 0, users).best_blend(guesses, guesses, usual).known >= 1.0
