"""How the first version scored, kept to measure against: likeness by features, and co-ownership (EASE)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from discogs_assistant.engine.recommendations.learning.interactions import Floats
from discogs_assistant.engine.recommendations.training_data import TrainingData

ENOUGH, HALF_TRUSTED, MOST_TRUST, RIDGE = 20, 50, 0.7, 30.0


class FirstVersion:
    """content_j = Σ w_i t_i·t_j, blended with EASE over who agreed; each divided by its standard deviation.

    B_ij = x_iᵀKx_j / (1 − x_jᵀKx_j) with K = (XXᵀ + ridge·I)⁻¹ (Steck, WWW 2019, in its dual form).
    """

    def __init__(self, training_data: TrainingData, collectors: int) -> None:
        """`collectors` are the people of the training data, counted only where there are twenty at least."""
        self._features = training_data.features.matrix
        self.items = [int(item) for item in training_data.data.items]
        self._place = {item: place for place, item in enumerate(self.items)}
        used = collectors if collectors >= ENOUGH else 0
        self._trust = min(MOST_TRUST, used / (used + HALF_TRUSTED))
        self._x = (training_data.data.weights.toarray()[:used] > 0).astype(np.float64)
        self._kx = np.linalg.solve(self._x @ self._x.T + RIDGE * np.eye(used), self._x)

    def ranked(self, weights: Mapping[int, float], among: Sequence[int]) -> list[int]:
        """The items of `among`, the best first, none that is given."""
        given = np.array([self._place[item] for item in weights], dtype=np.int64)
        offered = [item for item in among if item not in weights]
        places = [self._place[item] for item in offered]
        w = np.array(list(weights.values()))
        content = np.asarray(self._features @ (self._features[given].T @ w))[places]
        score = (1 - self._trust) * _scaled(content)
        if self._trust:
            own = 1 - (self._x * self._kx).sum(axis=0)
            score += self._trust * _scaled((self._x[:, given].sum(axis=1) @ self._kx / own)[places])
        return [offered[at] for at in np.lexsort((np.array(offered), -score))]


def _scaled(scores: Floats) -> Floats:
    return np.asarray(scores / (scores.std() or 1.0))
