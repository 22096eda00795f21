"""Trains a whole model on interactions and features."""

from __future__ import annotations

from dataclasses import replace

from discogs_assistant.engine.recommendations.learning.content import fit_content
from discogs_assistant.engine.recommendations.learning.factors import Factors, fit_factors
from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.item_weights import fit_item_weights
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.popularity import known
from discogs_assistant.engine.recommendations.learning.tuning import Settings, chosen_settings


def fit_model(data: Interactions, features: ItemFeatures, seed: int) -> Model:
    """Factors and item weights, each with feature rows, blended by standard scores."""
    settings = chosen_settings(data, features, seed)
    return fit_around(fit_factors(data, features, seed, settings.factors), data, features, seed, settings)


def fit_around(
    factors: Factors, data: Interactions, features: ItemFeatures, seed: int, settings: Settings
) -> Model:
    """A whole model around factors that are trained already."""
    content = settings.blend.content if features.known else 0.0
    return Model(
        items=data.items,
        features=features.names,
        factors=factors,
        weights=fit_item_weights(data, features, seed, settings.weights),
        content=fit_content(data, features, seed),
        known=known(data, features),
        blend=replace(settings.blend, content=content),
        seed=seed,
    )
