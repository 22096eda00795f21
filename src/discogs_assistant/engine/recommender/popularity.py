"""What most users have: what any other model must beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.recommender.interactions import Floats, Interactions
from discogs_assistant.engine.recommender.item_features import ItemFeatures
from discogs_assistant.engine.recommender.protocol import Given


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
