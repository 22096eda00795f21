"""A model whose factors another engine learns from a snapshot, and whose other parts are learned here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from discogs_assistant.engine.recommendations.learning.factors import Factors, usual_weight
from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    ENOUGH_TAGGERS,
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_around
from discogs_assistant.engine.recommendations.learning.tuning import Settings, usual_settings
from discogs_assistant.sources.recommendations.spark_factors import FactorsAsked, FactorsLearned
from discogs_assistant.store.recommendations.training_snapshots import INTERACTIONS, STATEMENTS


class FactorsElsewhere(Protocol):
    """Learns item vectors from the Parquet files of a snapshot."""

    def fit(self, interactions: Path, statements: Path | None, asked: FactorsAsked) -> FactorsLearned: ...


def fit_with(
    elsewhere: FactorsElsewhere, snapshot: Path, data: Interactions, item_tags: Statements | None, seed: int
) -> Model:
    """The usual settings: trying others would take as many more rounds of the other engine.

    Item weights and likeness are learned here; they need the sparse data alone and no vectors.
    """
    features = no_features(len(data.items)) if item_tags is None else item_features(item_tags, data.items)
    settings = usual_settings(data, features)
    asked = _asked(data, settings, seed)
    statements = None if item_tags is None else snapshot / STATEMENTS
    learned = elsewhere.fit(snapshot / INTERACTIONS, statements, asked)
    # A row's ridge is so much of each entry's; by confidences, of which a user's entries have `alpha` each.
    factors = Factors(learned.vectors, asked.usual, asked.alpha, learned.ridge / asked.alpha, 1.0, 0.0)
    return fit_around(factors, data, features, seed, settings)


def _asked(data: Interactions, settings: Settings, seed: int) -> FactorsAsked:
    factors = settings.factors
    return FactorsAsked(
        items=len(data.items),
        width=min(factors.factors, len(data.items)),
        rounds=factors.iterations,
        seed=seed,
        alpha=factors.alpha,
        usual=usual_weight(data.weights.data),
        ridge=factors.regularization,
        feature_base=factors.feature_base,
        feature_slope=factors.feature_slope,
        taggers=ENOUGH_TAGGERS,
    )
