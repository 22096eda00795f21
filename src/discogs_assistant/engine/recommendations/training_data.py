"""From records and collectors to what a model learns from: who has which item, and what items are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.features import stated
from discogs_assistant.engine.recommendations.learning.content import fit_content
from discogs_assistant.engine.recommendations.learning.factors import Factors
from discogs_assistant.engine.recommendations.learning.fold_in import Blend
from discogs_assistant.engine.recommendations.learning.interactions import Interactions, interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    ItemFeatures,
    Statements,
    item_features,
)
from discogs_assistant.engine.recommendations.learning.item_weights import ItemWeights
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.popularity import known
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.model.release import Release

LONE = Blend(0.2, 0.8, 0.6, 0.0)
"""For one person's own model. For 16 lone users of three sandboxes, each after 40 requests, it found
NDCG@100 .555, the usual blend .545 (docs/recommender.md)."""

# A main artist counts more than a session player: without that .526 (as above).
_KIND_WEIGHT = {"artist": 2.0}
_FORMAT = "2"
"""Raised with each change of what is learned from the same records, so that models are trained again."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a model learns from. Items are called by `Release.item_key`, people by nothing but their place."""

    data: Interactions
    features: ItemFeatures

    @property
    def fingerprint(self) -> str:
        """Equal for equal training data alone; what one person alone has does not count, since it is folded
        in."""
        digest = sha256(_FORMAT.encode())
        for names in (self.data.items, self.features.names):
            digest.update("\n".join(names).encode())
        many = [self.data.weights] if len(self.data.users) > 1 else []
        for matrix in (*many, self.features.matrix):
            for array in (matrix.indptr, matrix.indices, matrix.data):
                digest.update(np.ascontiguousarray(array).astype(np.float64).tobytes())
        return digest.hexdigest()

    def only(self, people: Sequence[int]) -> TrainingData:
        """The same items, as these people have them."""
        return TrainingData(self.data.only(people), self.features)


def training_data(people: Sequence[Mapping[int, float]], releases: Iterable[Release]) -> TrainingData:
    """`people`: weights above 0 by item, items that are not among `releases` are left out."""
    described = statements(releases)
    place = {int(item): number for number, item in enumerate(described.items)}
    rows = [
        (number, place[item], weight)
        for number, weights in enumerate(people)
        for item, weight in weights.items()
        if item in place
    ]
    user, item, weight = (
        (np.array(column) for column in zip(*rows, strict=True)) if rows else [np.zeros(0)] * 3
    )
    names = [str(number) for number in range(len(people))]
    data = interactions(
        user.astype(np.int64), names, item.astype(np.int64), described.items, weight.astype(float)
    )
    return TrainingData(data, item_features(described, data.items))


def learn(from_: TrainingData, seed: int = 0) -> Model:
    """A whole model, that of one person blended for that; of nothing, one that knows nothing."""
    if not (from_.data.weights.nnz or from_.features.known):
        return content_alone(from_)
    model = fit_model(from_.data, from_.features, seed)
    return replace(model, blend=LONE) if len(from_.data.users) < 2 else model


def content_alone(from_: TrainingData) -> Model:
    """A model that knows only what items are made of, and learns nothing: for a few records at once."""
    items = len(from_.data.items)
    nothing = np.zeros((items, 1), dtype=np.float32)
    return Model(
        from_.data.items,
        from_.features.names,
        Factors(nothing, 1.0, 1.0, 1.0, 0.0, 0.0),
        ItemWeights(sparse.csr_array((items, items), dtype=np.float32)),
        fit_content(from_.data, from_.features, 0),
        known(from_.data, from_.features) if items else np.zeros(0),
        Blend(0.0, 0.0, 1.0, 0.0),
    )


def statements(releases: Iterable[Release]) -> Statements:
    """What the items of `releases`, ascending, are made of; features as `Feature.text`."""
    found = stated(releases)
    weight = np.array([_KIND_WEIGHT.get(feature.kind, 1.0) for feature in found.features] or [1.0])
    return Statements(
        found.item,
        [str(item) for item in found.items],
        found.feature,
        [feature.text for feature in found.features],
        # tf is ln(1 + value): so many times that of the count.
        (1.0 + found.times) ** weight[found.feature] - 1.0,
    )
