"""Small made-up communities: users of a few kinds, each kind with items and features of its own."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.recommendations.learning.interactions import Interactions, interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    ItemFeatures,
    Statements,
    item_features,
)


def community(
    seed: int, users: int = 40, items: int = 60, kinds: int = 3
) -> tuple[Interactions, ItemFeatures]:
    """Users have items of their kind four times out of five; all items have features, some nobody has."""
    draw = np.random.default_rng(seed)
    kind_of = np.arange(items) % kinds
    rows = [
        (user, item)
        for user in range(users)
        for item in range(items - kinds)
        if draw.random() < (0.4 if kind_of[item] == user % kinds else 0.05)
    ]
    user, item = np.array(rows or [(0, 0)]).T
    names = tuple(f"item {number:03}" for number in range(items))
    data = interactions(
        user, tuple(f"user {number:03}" for number in range(users)), item, names,
        draw.choice([1.0, 2.0], len(user)), names,
    )  # fmt: skip
    return data, item_features(statements(draw, names, kind_of), data.items)


def statements(draw: np.random.Generator, names: tuple[str, ...], kind_of: np.ndarray) -> Statements:
    """Each item has its kind's feature and two of ten others."""
    features = tuple(f"kind {kind}" for kind in range(int(kind_of.max()) + 1)) + tuple("abcdefghij")
    first_other = len(features) - 10
    rows = [
        (item, feature)
        for item in range(len(names))
        for feature in (kind_of[item], *(first_other + draw.choice(10, 2, replace=False)))
    ]
    item, feature = np.array(rows).T
    return Statements(item, names, feature, features, np.ones(len(item)))
