"""`python -m bench.spark_quality`: models whose factors Spark learned, beside those learned here.

NDCG@100 of the Last.fm set's test users, seed 0, by the protocol; needs `make setup-spark` and Java 17.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.recommender import INTERACTIONS, TAGS
from discogs_assistant.engine.recommendations.learning.evaluation import measure
from discogs_assistant.engine.recommendations.learning.holdout import held_out, split
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.metrics import estimate
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.pipelines.files.spark_training import fit_with
from discogs_assistant.pipelines.files.training_data import keep_snapshot, training_data
from discogs_assistant.sources.recommendations.spark_factors import SparkFactors
from discogs_assistant.sources.recommendations.spark_session import Spark

TOLERANCE = 0.01
"""How far below the local engine's NDCG@100 that with Spark's factors may be."""

_SEED = 0


def main() -> int:
    """Print the table; 1 where the tolerance is passed."""
    print("| Last.fm | local | s | Spark | s | Spark is better by |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    gaps = [_row(name, tags) for name, tags in (("with tags", TAGS), ("without", None))]
    return int(min(gaps) < -TOLERANCE)


def _row(name: str, tags: Path | None) -> float:
    data, statements = training_data(INTERACTIONS, tags)
    parts = split(len(data.users), 300, 150, _SEED)
    train = data.only(np.sort(parts.train).tolist())
    if statements is None:
        used = np.unique(train.weights.indices).tolist()
        data, train = data.among(used), train.among(used)
    else:
        statements = statements.without({data.users[user] for user in (*parts.test, *parts.validation)})
    users = held_out(data, parts.test.tolist(), _SEED)

    def measured(fit: Callable[[], Model]) -> tuple[Floats, float]:
        began = perf_counter()
        model = fit()
        seconds = perf_counter() - began
        return measure(model, users).values["ndcg@100"], seconds

    local, here = measured(lambda: _local(train, statements))
    spark, there = measured(lambda: _by_spark(train, statements))
    gap = estimate(spark - local)
    print(
        f"| {name} | {local.mean():.4f} | {here:.0f} | {spark.mean():.4f} | {there:.0f} "
        f"| {gap.mean:+.4f} ± {gap.error:.4f} |",
        flush=True,
    )
    return gap.mean


def _local(train: Interactions, statements: Statements | None) -> Model:
    features = no_features(len(train.items)) if statements is None else item_features(statements, train.items)
    return fit_model(train, features, _SEED)


def _by_spark(train: Interactions, statements: Statements | None) -> Model:
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder) / "snapshot"
        keep_snapshot(snapshot, train, statements)
        return fit_with(SparkFactors(Spark()), snapshot, train, statements, _SEED)


if __name__ == "__main__":
    sys.exit(main())
