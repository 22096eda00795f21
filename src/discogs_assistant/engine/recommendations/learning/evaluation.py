"""How well models find the held-out items of a file's users, by the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

import numpy as np

from discogs_assistant.engine.recommendations.learning.holdout import Given, HeldOutUser
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.metrics import (
    Estimate,
    estimate,
    gains,
    ndcg,
    paired,
    recall,
)

METRICS = ("recall@20", "recall@50", "ndcg@100")
DEPTH = 100
_AT_ONCE = 32


class Scorer(Protocol):
    """Anything that scores all items for users it has never seen."""

    def scores(self, users: Sequence[Given]) -> Floats:
        """(users, items); the higher, the better. Those of given items mean nothing."""
        ...


Fit = Callable[[Interactions, ItemFeatures, int], Scorer]
"""Learns from interactions and features of the same items, with a seed."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One model's metrics, each (users,) in one order of users for all models."""

    values: Mapping[str, Floats]

    def estimate(self, metric: str) -> Estimate:
        """Mean and standard error over the users."""
        return estimate(self.values[metric])


def measure(scorer: Scorer, users: Sequence[HeldOutUser]) -> Measured:
    """recall@20, recall@50 and NDCG@100 of each user."""
    rows = np.array([row for some in _chunks(users) for row in _rows(scorer, some)]).reshape(-1, len(METRICS))
    return Measured(dict(zip(METRICS, rows.T, strict=True)))


def differences(measured: Mapping[str, Measured], metric: str) -> Iterator[tuple[str, str, Estimate]]:
    """Each pair of models, and by how much the first is better on the same users."""
    for first, second in combinations(measured, 2):
        yield first, second, paired(measured[first].values[metric], measured[second].values[metric])


def _chunks(users: Sequence[HeldOutUser]) -> Iterator[Sequence[HeldOutUser]]:
    return (users[at : at + _AT_ONCE] for at in range(0, len(users), _AT_ONCE))


def _rows(scorer: Scorer, users: Sequence[HeldOutUser]) -> list[tuple[float, ...]]:
    return [
        _metrics(row, user)
        for row, user in zip(scorer.scores([user.given for user in users]), users, strict=True)
    ]


def _metrics(scores: Floats, user: HeldOutUser) -> tuple[float, ...]:
    gain, hidden = gains(scores, user.given.items, user.hidden, DEPTH), len(user.hidden)
    return recall(gain, hidden, 20), recall(gain, hidden, 50), ndcg(gain, hidden, DEPTH)
