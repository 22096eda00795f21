"""The models that `evaluate` can compare, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from discogs_assistant.engine.recommendations.learning.content import fit_content
from discogs_assistant.engine.recommendations.learning.evaluation import Fit, Scorer
from discogs_assistant.engine.recommendations.learning.factors import FactorSettings, fit_factors
from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures, no_features
from discogs_assistant.engine.recommendations.learning.item_weights import (
    WeightSettings,
    fit_cosines,
    fit_item_weights,
)
from discogs_assistant.engine.recommendations.learning.popularity import fit_popularity
from discogs_assistant.engine.recommendations.learning.training import fit_model

_LIBRARY = FactorSettings(factors=100, alpha=1.0, regularization=0.01, power=0.0)
"""What `implicit` 0.7 takes by default."""


def _factors(data: Interactions, features: ItemFeatures, seed: int) -> Scorer:
    return fit_factors(data, features, seed, FactorSettings())


def _weights(data: Interactions, features: ItemFeatures, seed: int) -> Scorer:
    return fit_item_weights(data, features, seed, WeightSettings())


def _library_defaults(data: Interactions, features: ItemFeatures, seed: int) -> Scorer:
    equal = data.weights.copy()
    equal.data[:] = 1.0
    return fit_factors(replace(data, weights=equal), no_features(len(data.items)), seed, _LIBRARY)


def _first_version(data: Interactions, features: ItemFeatures, seed: int) -> Scorer:
    return fit_factors(data, no_features(len(data.items)), seed, replace(_LIBRARY, as_they_are=True))


MODELS: Mapping[str, Fit] = {
    "popularity": fit_popularity,
    "item-cosine": fit_cosines,
    "content": fit_content,
    "als-defaults": _library_defaults,
    "als-first-version": _first_version,
    "als": _factors,
    "local-ease": _weights,
    "hybrid": fit_model,
}
USUAL = tuple(MODELS)
"""What is compared where no model is named."""
