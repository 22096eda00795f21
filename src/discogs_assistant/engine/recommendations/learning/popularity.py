"""Popularity, the baseline of every other model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions, Singles
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures


@dataclass(frozen=True, slots=True)
class Popularity:
    """`users`: (items,) how many users have each item."""

    users: Floats

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.tile(self.users, (len(users), 1))


def fit_popularity(data: Interactions, features: ItemFeatures, seed: int) -> Popularity:
    """Counts users."""
    return Popularity(np.bincount(data.weights.indices, minlength=len(data.items)).astype(np.float64))


def known(data: Interactions, features: ItemFeatures) -> Singles:
    """(items,) the standard score of ln(1 + users); of the evidence on items, where all have as many
    users."""
    users = np.log1p(np.bincount(data.weights.indices, minlength=len(data.items)))
    counts = users if users.std() > 0 else features.evidence
    return np.asarray((counts - counts.mean()) / (counts.std() or 1.0), dtype=np.float32)
