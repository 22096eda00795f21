"""`python -m bench.item_weight_powers`: what the powers in item weights give on validation users.

Six folds of 150 users each of the Last.fm set, none of whom is a test user of the protocol's seed 0; the rest
but those test users is learned from. NDCG@100 of the blend, against the same without any power.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from bench.recommender import INTERACTIONS, TAGS
from discogs_assistant.engine.recommendations.learning.content import fit_content
from discogs_assistant.engine.recommendations.learning.evaluation import measure
from discogs_assistant.engine.recommendations.learning.factors import FactorSettings, fit_factors
from discogs_assistant.engine.recommendations.learning.holdout import HeldOutUser, held_out, split
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures, item_features
from discogs_assistant.engine.recommendations.learning.item_weights import WeightSettings, fit_item_weights
from discogs_assistant.engine.recommendations.learning.metrics import estimate
from discogs_assistant.engine.recommendations.learning.tuning import KnownScores, standard
from discogs_assistant.pipelines.files.training_data import training_data

_SEED, _FOLDS, _DRAW = 0, 6, 777
_NONE = WeightSettings(plays=0.0, user_power=0.0, item_power=0.0)
_VARIANTS: Mapping[str, tuple[WeightSettings, float]] = {
    "no powers": (_NONE, 0.3),
    "plays and users": (WeightSettings(item_power=0.0), 0.3),
    "items": (replace(_NONE, item_power=0.3), 0.25),
    "all three": (WeightSettings(), 0.25),
    "all three, items by 0.15": (WeightSettings(item_power=0.15), 0.25),
    "all three, items by 0.4": (WeightSettings(item_power=0.4), 0.25),
    "all three, B counts 0.3": (WeightSettings(), 0.3),
}


def main() -> None:
    """A table for all training users and one for 100 of them."""
    for users in (None, 100):
        found: dict[str, list[Floats]] = {name: [] for name in _VARIANTS}
        for train, features, hidden in _folds(users):
            for name, values in _measured(train, features, hidden):
                found[name].append(values)
        _show(users, {name: np.concatenate(values) for name, values in found.items()})


def _show(users: int | None, found: Mapping[str, Floats]) -> None:
    print(f"\n| {users or 'all'} training users | NDCG@100 | above no powers |\n| --- | ---: | ---: |")
    for name, values in found.items():
        gain = estimate(values - found["no powers"])
        print(f"| {name} | {values.mean():.4f} | {gain.mean:+.4f} ± {gain.error:.4f} |", flush=True)


def _folds(users: int | None) -> Iterator[tuple[Interactions, ItemFeatures, list[HeldOutUser]]]:
    """The protocol's own validation users first, then such as it trains on."""
    data, statements = training_data(INTERACTIONS, TAGS)
    assert statements is not None
    parts = split(len(data.users), 300, 150, _SEED)
    drawn = parts.train[np.random.default_rng(_DRAW).permutation(len(parts.train))]
    everybody = np.concatenate([parts.validation, parts.train])
    for fold in [parts.validation, *np.split(drawn[: 150 * (_FOLDS - 1)], _FOLDS - 1)]:
        train = data.only(np.sort(everybody[~np.isin(everybody, fold)][:users]).tolist())
        out = {data.users[user] for user in (*parts.test, *fold)}
        yield train, item_features(statements.without(out), train.items), held_out(data, fold.tolist(), _SEED)


def _measured(
    train: Interactions, features: ItemFeatures, users: list[HeldOutUser]
) -> Iterator[tuple[str, Floats]]:
    given = [user.given for user in users]
    factors = standard(fit_factors(train, features, _SEED, FactorSettings()).scores(given))
    content = standard(fit_content(train, features, _SEED).scores(given))
    for name, (settings, share) in _VARIANTS.items():
        weights = standard(fit_item_weights(train, features, _SEED, settings).scores(given))
        scores = (1 - share) * factors + share * weights + 0.05 * content
        yield name, measure(KnownScores(scores), users).values["ndcg@100"]


if __name__ == "__main__":
    main()
