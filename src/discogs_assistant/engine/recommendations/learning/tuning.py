"""Settings chosen on validation users of the training data, where there are enough of them for a difference
to be measurable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import inf

import numpy as np

from discogs_assistant.engine.recommendations.learning.evaluation import measure
from discogs_assistant.engine.recommendations.learning.factors import FactorSettings, fit_factors
from discogs_assistant.engine.recommendations.learning.fold_in import Blend
from discogs_assistant.engine.recommendations.learning.holdout import Given, HeldOutUser, held_out
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.item_weights import WeightSettings, fit_item_weights
from discogs_assistant.engine.recommendations.learning.metrics import paired
from discogs_assistant.engine.recommendations.learning.popularity import known

FEWEST_USERS = 300
MOST_INTERACTIONS = 1_000_000
"""With fewer users no difference would be measurable; with more interactions it would take too long."""

_MANY_ITEMS, _A_CATALOGUE = 100_000, 1_000_000
_VALIDATION_USERS = 400
# Two errors of the difference and a fiftieth of the mean. With one error alone the choice followed the noise
# of 200 users: on the Last.fm set NDCG@100 of other users fell from .457 to .451.
_SURE, _WORTH = 2.0, 0.02
_DRAW = 20_01
_REGULARIZATIONS = (100.0, 300.0)
_ALPHAS_AND_REGULARIZATIONS = ((10.0, 100.0), (3.0, 10.0))
_FACTORS = ((50, 0.5), (FEWEST_USERS, 0.6), (inf, 0.75))
"""How much factors count without features, for fewer users than so many: on validation users of the Last.fm
set neither better nor worse than 0.75, on its tags as items and on its items as users better."""
_FACTOR_SHARES = (1.0, 0.85, 0.5, 0.3, 0.0)
_FAMES = (0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of factors and item weights, and how both are blended."""

    factors: FactorSettings
    weights: WeightSettings
    blend: Blend


def usual_settings(data: Interactions, features: ItemFeatures) -> Settings:
    """Those of recommender.md, narrower for very many items, so that all of them are scored in time.

    Without features and with few users, factors add little to item weights.
    """
    factors, weights, items = FactorSettings(), WeightSettings(), len(data.items)
    share = 0.75 if features.known else next(share for most, share in _FACTORS if len(data.users) < most)
    if items > _MANY_ITEMS:
        factors = replace(factors, factors=64)
    if items > _A_CATALOGUE:
        factors, weights = replace(factors, iterations=8), replace(weights, neighbours=30)
    return Settings(factors, weights, Blend(share, 1.0 - share, 0.05, 0.0))


def chosen_settings(data: Interactions, features: ItemFeatures, seed: int) -> Settings:
    """What does best for users held out of `data`; what is usual, unless another is surely better.

    Surely: by more than two standard errors of the difference on the same users and by a fiftieth, NDCG@100.
    """
    usual = usual_settings(data, features)
    if len(data.users) < FEWEST_USERS or data.weights.nnz > MOST_INTERACTIONS:
        return usual
    trial = Trial.of(data, features, seed)
    factored = trial.by_factors(usual.factors)
    weights, weighed = trial.best_weights(usual, factored)
    factors, factored = trial.best_factors(usual, factored, weighed)
    return Settings(factors, weights, trial.best_blend(factored, weighed, usual.blend))


@dataclass(frozen=True)
class Trial:
    """Training users without the validation ones, and these with their known and their hidden items."""

    data: Interactions
    features: ItemFeatures
    seed: int
    users: Sequence[HeldOutUser]

    @classmethod
    def of(cls, data: Interactions, features: ItemFeatures, seed: int) -> Trial:
        order = np.random.default_rng([seed, _DRAW]).permutation(len(data.users))
        chosen = order[: min(_VALIDATION_USERS, len(order) // 5)]
        names = {data.users[user] for user in chosen}
        rest = data.only(np.sort(order[len(chosen) :]).tolist())
        return cls(rest, features.without(names), seed, held_out(data, chosen.tolist(), seed))

    def by_factors(self, settings: FactorSettings) -> Floats:
        """(users, items) scores by factors trained with these settings."""
        return fit_factors(self.data, self.features, self.seed, settings).scores(self._given)

    def by_weights(self, settings: WeightSettings) -> Floats:
        """(users, items) scores by item weights trained with these settings."""
        return fit_item_weights(self.data, self.features, self.seed, settings).scores(self._given)

    def best_weights(self, usual: Settings, factored: Floats) -> tuple[WeightSettings, Floats]:
        """The settings of item weights that do best beside these factors, and the users' scores by them.

        Beside them and not alone: what does better alone may repeat the factors.
        """
        settings = [
            usual.weights,
            *(replace(usual.weights, regularization=regularization) for regularization in _REGULARIZATIONS),
        ]
        beside = usual.blend.factors * standard(factored)
        place, best = self._best((self.by_weights(each) for each in settings), beside, usual.blend.weights)
        return settings[place], best

    def best_factors(
        self, usual: Settings, factored: Floats, weighed: Floats
    ) -> tuple[FactorSettings, Floats]:
        """The settings of factors that do best beside these item weights, and the users' scores by them.

        `factored` are the scores by the usual settings.
        """
        others = [replace(usual.factors, alpha=a, regularization=r) for a, r in _ALPHAS_AND_REGULARIZATIONS]
        beside = usual.blend.weights * standard(weighed)
        candidates = chain([factored], (self.by_factors(each) for each in others))
        place, best = self._best(candidates, beside, usual.blend.factors)
        return [usual.factors, *others][place], best

    def best_blend(self, factors: Floats, weights: Floats, usual: Blend) -> Blend:
        """How much factors count against weights, and beside both how well known an item is."""
        by_factors, by_weights = standard(factors), standard(weights)
        shares = [usual.factors / (usual.factors + usual.weights), *_FACTOR_SHARES]
        place, learned = self._best(
            (share * by_factors + (1.0 - share) * by_weights for share in shares), 0.0, 1.0
        )
        fames, fame = (usual.known, *_FAMES), known(self.data, self.features)
        famed, _ = self._best((learned + share * fame for share in fames), 0.0, 1.0)
        return replace(usual, factors=shares[place], weights=1.0 - shares[place], known=fames[famed])

    @property
    def _given(self) -> list[Given]:
        return [user.given for user in self.users]

    def _best(self, candidates: Iterable[Floats], beside: Floats | float, share: float) -> tuple[int, Floats]:
        """The first one, or the best of those that are surely better, each by its share `beside` another."""
        best, first, kept, gain = 0, None, None, 0.0
        for place, scores in enumerate(candidates):
            found = measure(KnownScores(beside + share * standard(scores)), self.users).values["ndcg@100"]
            if first is None or kept is None:
                first, kept = found, scores
                continue
            gap = paired(found, first)
            if gap.mean > max(gain, _SURE * gap.error, _WORTH * float(first.mean())):
                best, kept, gain = place, scores, gap.mean
        return best, np.zeros((0, 0)) if kept is None else kept


class KnownScores:
    """Scores that are known already, in the order of the users asked for."""

    def __init__(self, scores: Floats) -> None:
        self._rows = iter(scores)

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.array([next(self._rows) for _ in users])


def standard(scores: Floats) -> Floats:
    """Divided by each row's standard deviation."""
    deviation = scores.std(axis=1, keepdims=True)
    return np.asarray(scores / np.where(deviation > 0, deviation, 1.0))
