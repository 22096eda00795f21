"""How well the recommender finds what people have, beside what anyone would take, and how it grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bench import recommender_sizes
from bench.figures import Figure
from discogs_assistant.engine.recommendations.learning.evaluation import Scorer
from discogs_assistant.engine.recommendations.learning.evaluation import measure as measured
from discogs_assistant.engine.recommendations.learning.holdout import Given, HeldOutUser, held_out, split
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions
from discogs_assistant.engine.recommendations.learning.item_features import Statements, item_features
from discogs_assistant.engine.recommendations.learning.metrics import paired
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.files.evaluate import EvaluateOptions, EvaluateResult, evaluate_on_files
from discogs_assistant.pipelines.files.training_data import training_data

FOLDER = Path(__file__).parents[2] / "shared" / "real" / "recs"
INTERACTIONS, TAGS = FOLDER / "lastfm_interactions.csv.gz", FOLDER / "lastfm_item_tags.csv.gz"
TRAINING = (1, 5, 20, 100, 500, None)
FLOORS = {1: 0.345, 20: 0.355, 100: 0.373, None: 0.440}
PARTS = ("popularity", "content", "als", "local-ease")
_SEED = 0


def measure() -> list[Figure]:
    """Figures of the public set beside the project, where it is there, and of made-up sets."""
    return [*_quality(), *recommender_sizes.measure()]


def _quality() -> list[Figure]:
    if not INTERACTIONS.exists():
        return [Figure("the public set: skipped, its folder is missing", 0, "")]
    figures = [figure for users in TRAINING for figure in _beside_parts(users, TAGS)]
    figures += [figure for users in TRAINING for figure in _beside_parts(users, None)]
    return [*figures, *_beside_library()]


def _beside_parts(users: int | None, tags: Path | None) -> list[Figure]:
    """The blend, and how many standard errors of the difference it is above its best part."""
    result = _evaluated(users, tags, (*(PARTS if tags else (p for p in PARTS if p != "content")), "hybrid"))
    models = result.models
    best = max((name for name in models if name != "hybrid"), key=lambda name: models[name]["ndcg@100"])
    gap = next(row for row in result.differences if (row.model, row.against) == (best, "hybrid"))
    where = f"{users or 'all'} training users, {'with' if tags else 'without'} tags"
    floor = (FLOORS.get(users) if tags else (None if users else 0.420)) or 0.0
    ours, errors = 1000 * models["hybrid"]["ndcg@100"], -gap.ndcg / gap.error
    return [
        Figure(f"NDCG@100 in thousandths, {where}", ours, "", _at_least(floor)),
        Figure(f"above its best part, {best}, in standard errors", errors, "", "at least -1"),
        Figure("learning", models["hybrid"]["seconds"], "s"),
    ]


def _at_least(floor: float) -> str:
    return f"at least {1000 * floor:.0f}" if floor else ""


def _evaluated(users: int | None, tags: Path | None, models: Sequence[str]) -> EvaluateResult:
    return evaluate_on_files(
        EvaluateOptions(
            interactions=INTERACTIONS,
            features=tags,
            test_users=300,
            val_users=150,
            train_users=users,
            seed=_SEED,
            models=",".join(models),
        ),
        SystemClock(),
    )


def _beside_library() -> list[Figure]:
    ours, plain, first = beside_library(_SEED)
    short = paired(ours, 1.2 * first)
    return [
        Figure("implicit's ALS as it comes, in thousandths", 1000 * plain.mean(), ""),
        Figure("the same with the first version's weights 1 and 2", 1000 * first.mean(), ""),
        Figure("the blend with tags against the first", above(ours, plain), "%", "at least 20 %"),
        Figure("the blend with tags against the second", above(ours, first), "%", "at least 20 %"),
        Figure("above 1.2 times the second, in standard errors of that", short.mean / short.error, ""),
    ]


def beside_library(seed: int) -> tuple[Floats, Floats, Floats]:
    """(300,) each: NDCG@100 of this split's test users by the blend with tags, by implicit's ALS as it comes
    and with weights all 1, and by the same with the first version's 1 and 2."""
    data, said = training_data(INTERACTIONS, TAGS)
    parts = split(len(data.users), 300, 150, seed)
    train = data.only(np.sort(parts.train).tolist())
    users = held_out(data, parts.test.tolist(), seed)
    hidden = {data.users[user] for user in (*parts.test, *parts.validation)}
    ours = _ndcg(fit_model(train, item_features(_said(said).without(hidden), train.items), seed), users)
    alone, _ = training_data(INTERACTIONS, None)
    known = alone.only(np.sort(parts.train).tolist())
    users = held_out(alone, parts.test.tolist(), seed)
    plain, first = (
        _ndcg(_library(known, seed, equal_weights=equal_weights), users) for equal_weights in (True, False)
    )
    return ours, plain, first


def above(ours: Floats, theirs: Floats) -> float:
    """By how many per cent the mean is higher."""
    return float(100 * (ours.mean() / theirs.mean() - 1))


def _ndcg(scorer: Scorer, users: Sequence[HeldOutUser]) -> Floats:
    return measured(scorer, users).values["ndcg@100"]


def _said(statements: Statements | None) -> Statements:
    assert statements is not None
    return statements


def _library(train: Interactions, seed: int, *, equal_weights: bool) -> Scorer:
    weights = sparse.csr_matrix(train.weights, dtype=np.float32)
    if equal_weights:
        weights.data[:] = 1.0
    from implicit.cpu.als import AlternatingLeastSquares  # which needs libgomp1 of the system

    model = AlternatingLeastSquares(random_state=seed, num_threads=2)
    model.fit(weights, show_progress=False)
    return _Library(model, equal_weights)


class _Library:
    """implicit's own fold-in, which scores every item."""

    def __init__(self, model: Any, equal_weights: bool) -> None:
        self._model, self._equal_weights = model, equal_weights

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.array([self._of(user) for user in users], dtype=np.float64)

    def _of(self, user: Given) -> Floats:
        values = np.ones(len(user.items)) if self._equal_weights else user.weights
        row = sparse.csr_matrix(
            (values.astype(np.float32), (np.zeros(len(values), np.int64), user.items)),
            shape=(1, len(self._model.item_factors)),
        )
        return np.asarray(self._model.item_factors @ self._model.recalculate_user(0, row))
