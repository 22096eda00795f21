"""Factors learned elsewhere make a model of which all else is the same."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.factors import FactorSettings, alternate
from discogs_assistant.engine.recommendations.learning.item_features import item_features
from discogs_assistant.engine.recommendations.learning.metrics import ndcg
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.files.train import TrainOptions, TrainResult, train_on_files
from discogs_assistant.pipelines.files.training_data import training_data
from discogs_assistant.pipelines.recommendations.model_storage import load_model
from discogs_assistant.sources.recommendations.spark_factors import (
    FactorsAsked,
    FactorsLearned,
    SparkFactors,
    confidences,
)
from discogs_assistant.sources.recommendations.spark_session import Spark, spark_session
from discogs_assistant.store.recommendations.training_snapshots import read_snapshot

SMALL = Spark("local[2]", "800m")
needs_spark = pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark: make setup-spark")


class Here:
    """Learns from the snapshot's interactions by the local loops; remembers what it was asked."""

    def fit(self, interactions: Path, statements: Path | None, asked: FactorsAsked) -> FactorsLearned:
        self.asked, self.statements = asked, statements
        self.folder = interactions.parent
        user, item, weight = read_snapshot(interactions.parent).interactions
        confidence = asked.alpha * np.log2(1.0 + weight / asked.usual)
        shape = (int(user.max()) + 1, asked.items)
        rows = sparse.csr_array((confidence.astype(np.float32), (user, item)), shape=shape)
        settings = FactorSettings(factors=asked.width, iterations=asked.rounds)
        return FactorsLearned(alternate(rows, asked.seed, settings), 2.0)


@pytest.fixture
def options(tmp_path: Path) -> TrainOptions:
    """60 users of three kinds, 48 items of which three nobody has, and their kinds as tags."""
    draw = np.random.default_rng(0)
    owned = [
        f"u{user},i{item},{1 + user % 2}"
        for user in range(60)
        for item in range(45)
        if draw.random() < (0.5 if item % 3 == user % 3 else 0.05)
    ]
    (tmp_path / "I.csv").write_text("\n".join(["user,item,weight", *owned]) + "\n")
    said = [f"i{item},kind {item % 3},{tagger}" for item in range(48) for tagger in range(6)]
    (tmp_path / "F.csv").write_text(
        "\n".join(["item,feature,tagger", *said, "i1,rare,1", "i2,rare,2"]) + "\n"
    )
    return TrainOptions(
        interactions=tmp_path / "I.csv",
        features=tmp_path / "F.csv",
        snapshot=tmp_path / "snapshot",
        out=tmp_path / "model",
    )


def snapshot_of(options: TrainOptions) -> Path:
    assert options.snapshot is not None
    return options.snapshot


def interactions_of(options: TrainOptions) -> Path:
    assert options.interactions is not None
    return options.interactions


def trained(options: TrainOptions, elsewhere: Any = None) -> tuple[TrainResult, Any]:
    return train_on_files(options, SystemClock(), elsewhere), load_model(options.out)


def first_of_a_kind(model: Any) -> float:
    """NDCG@10 of a kind's other items for somebody who has three of it."""
    kinds = np.array([int(name[1:]) % 3 for name in model.items])
    found = []
    for kind in range(3):
        given = np.flatnonzero(kinds == kind)[:3]
        items, _ = model.top(model.fold_in(given, np.ones(3)), 10)
        found.append(ndcg((kinds[items] == kind).astype(float), 10, 10))
    return float(np.mean(found))


def test_all_but_the_factors_is_what_is_learned_here(options: TrainOptions) -> None:
    _, here = trained(options)
    engine = Here()
    document, model = trained(options, engine)
    assert document.items == engine.asked.items == 48
    ours, theirs = here.arrays(), model.arrays()
    assert [key for key in ours if not np.array_equal(ours[key], theirs[key])] == ["factors", "factor_facts"]
    assert engine.statements == snapshot_of(options) / "statements.parquet"


def test_the_snapshot_alone_gives_the_same_model(options: TrainOptions) -> None:
    document, _ = trained(options)
    again, _ = trained(replace(options, interactions=None, features=None))
    assert again.model == document.model


def test_a_snapshot_that_was_not_asked_for_is_gone_afterwards(options: TrainOptions) -> None:
    engine = Here()
    trained(replace(options, snapshot=None), engine)
    assert not engine.folder.exists()


@pytest.mark.parametrize(
    ("spark", "sentence"),
    [(Spark("mesos://here"), "--spark-master must be"), (Spark(memory="much"), "--spark-memory must be")],
)
def test_what_spark_cannot_be_given_is_refused(tmp_path: Path, spark: Spark, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence), spark_session(spark, tmp_path):
        pass


def test_what_spark_lacks_is_named_with_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BadInputError) as refused, spark_session(Spark(), tmp_path):
        pass
    assert "Java 17 or newer (apt-get install" in refused.value.sentence
    assert ("make setup-spark" in refused.value.sentence) is (find_spec("pyspark") is None)


@needs_spark
@pytest.mark.timeout(300)
def test_spark_learns_as_good_a_model_and_leaves_nothing_behind(options: TrainOptions) -> None:
    _, here = trained(options)
    _, there = trained(options, SparkFactors(SMALL))
    assert first_of_a_kind(there) == pytest.approx(first_of_a_kind(here), abs=0.01)
    # What only tags tell is known, since features are users too: i45 to i47 are nobody's.
    vectors = there.factors.vectors
    assert np.abs(vectors).sum(axis=1).min() > 0
    reasons = there.because(there.fold_in(np.array([0, 3]), np.ones(2)), 5)
    assert np.isfinite(reasons.items).all()
    assert sorted(path.name for path in snapshot_of(options).iterdir() if path.name.startswith(".")) == []


@needs_spark
@pytest.mark.timeout(300)
def test_spark_reckons_confidences_as_the_local_engine_does(options: TrainOptions) -> None:
    trained(options, Here())
    data, said = training_data(interactions_of(options), options.features)
    assert said is not None
    asked = FactorsAsked(len(data.items), 4, 1, 0, 10.0, 1.0, 30.0, 1.0, 30.0, 5)
    interactions, statements = (
        snapshot_of(options) / f"{name}.parquet" for name in ("interactions", "statements")
    )
    with spark_session(SMALL, snapshot_of(options)) as (session, _):
        rows = confidences(session, interactions, statements, asked).collect()
    tags, owned = item_features(said, data.items).matrix.tocoo(), data.weights.tocoo()
    ours = [
        *zip(tags.row.tolist(), (30.0 * tags.data).tolist(), strict=True),
        *zip(owned.col.tolist(), (10.0 * np.log2(1.0 + owned.data) - 1.0).tolist(), strict=True),
    ]
    theirs = sorted((row.item, row.beyond) for row in rows)
    assert [item for item, _ in theirs] == [item for item, _ in sorted(ours)]
    assert [value for _, value in theirs] == pytest.approx([value for _, value in sorted(ours)], rel=1e-5)
