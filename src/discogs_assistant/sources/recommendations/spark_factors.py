"""Item vectors from Spark's implicit ALS, which learns them on one machine or on a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from discogs_assistant.errors import AssistantError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.recommendations.spark_session import Spark, spark_session

_LEAST = 1e-3
"""Spark takes a rating of 0 or less for something not had."""


@dataclass(frozen=True, slots=True)
class FactorsAsked:
    """What to learn: an item of weight w has confidence `alpha` · log2(1 + w / `usual`), and one with a
    feature of tf-idf t `feature_base` + `feature_slope` · t. `ridge` is that of a mean row.

    A feature needs `taggers` of those who state features, where they are known.
    """

    items: int
    width: int
    rounds: int
    seed: int
    alpha: float
    usual: float
    ridge: float
    feature_base: float
    feature_slope: float
    taggers: int


@dataclass(frozen=True, slots=True)
class FactorsLearned:
    """`vectors`: (items, width), 0 for items without users and features. `ridge`: per entry of a row."""

    vectors: NDArray[np.float32]
    ridge: float


@dataclass(frozen=True, slots=True)
class SparkFactors:
    """Learns on `spark`; every machine of it must see the folder of the files."""

    spark: Spark

    def fit(self, interactions: Path, statements: Path | None, asked: FactorsAsked) -> FactorsLearned:
        """Users, and below them features as users who have their items, in Spark's implicit ALS.

        `BadInputError` where Spark or Java is missing, `AssistantError` where Spark fails.
        """
        with spark_session(self.spark, interactions.parent) as (session, folder):
            try:
                return _learned(session, interactions, statements, asked, folder)
            except Exception as problem:
                if not type(problem).__module__.startswith(("pyspark", "py4j")):
                    raise
                raise _failed(problem) from problem


def _learned(
    session: Any, interactions: Path, statements: Path | None, asked: FactorsAsked, folder: Path
) -> FactorsLearned:
    from pyspark.ml.recommendation import ALS

    rows = confidences(session, interactions, statements, asked).cache()
    ridge = _ridge(rows, asked)
    als = ALS(
        rank=asked.width, maxIter=asked.rounds, regParam=ridge, alpha=1.0, implicitPrefs=True,
        seed=asked.seed, userCol="row", itemCol="item", ratingCol="beyond",
    )  # fmt: skip
    als.setNumBlocks(max(2, session.sparkContext.defaultParallelism))
    als.fit(rows).itemFactors.write.parquet(str(folder / "vectors"))
    return FactorsLearned(_vectors(folder / "vectors", asked), ridge)


def confidences(session: Any, interactions: Path, statements: Path | None, asked: FactorsAsked) -> Any:
    """A table of row, item and `beyond`, by how much a confidence is above the 1 of what is not had.

    Rows are users by their places, and features from −1 downwards.
    """
    users = _users(session, interactions, asked)
    return users if statements is None else users.unionByName(_features(session, statements, asked))


def _users(session: Any, interactions: Path, asked: FactorsAsked) -> Any:
    from pyspark.sql import functions as f

    confidence = f.lit(asked.alpha) * f.log2(1.0 + f.col("weight") / asked.usual)
    return session.read.parquet(str(interactions)).select(
        f.col("user").cast("long").alias("row"), "item", _beyond(confidence)
    )


def _features(session: Any, statements: Path, asked: FactorsAsked) -> Any:
    """tf-idf as `item_features` has it."""
    from pyspark.sql import functions as f

    tagged = _by_many(session.read.parquet(str(statements)), asked.taggers)
    sums = tagged.where("value > 0").groupBy("item", "feature").agg(f.log1p(f.sum("value")).alias("tf"))
    often = sums.groupBy("feature").agg(f.count("*").alias("items")).where("items > 1")
    inverse = f.log((asked.items + 1.0) / (f.col("items") + 0.5))
    weighted = sums.join(often, "feature").withColumn("tfidf", f.col("tf") * inverse)
    length = weighted.groupBy("item").agg(f.sqrt(f.sum(f.col("tfidf") ** 2)).alias("length"))
    worth = f.lit(asked.feature_base) + asked.feature_slope * f.col("tfidf") / f.col("length")
    return weighted.join(length, "item").select(
        (-1 - f.col("feature").cast("long")).alias("row"), "item", _beyond(worth)
    )


def _by_many(tagged: Any, taggers: int) -> Any:
    from pyspark.sql import functions as f

    often = tagged.groupBy("feature").agg(
        f.countDistinct("tagger").alias("by"), f.min("tagger").alias("first")
    )
    return tagged.join(
        often.where((f.col("by") >= taggers) | (f.col("first") < 0)).select("feature"), "feature"
    )


def _beyond(confidence: Any) -> Any:
    from pyspark.sql import functions as f

    return f.greatest(confidence - 1.0, f.lit(_LEAST)).cast("float").alias("beyond")


def _ridge(rows: Any, asked: FactorsAsked) -> float:
    """The λ of which Spark's ridges, λ for each entry of a row or column, multiply in the mean to `ridge`².

    That product is all that products of vectors feel: one side may be longer where the other is shorter.
    """
    from pyspark.sql import functions as f

    counts = rows.agg(f.count("*"), f.countDistinct("row"), f.countDistinct("item")).first()
    return float(asked.ridge * sqrt(counts[1] * counts[2]) / max(1, counts[0]))


def _vectors(folder: Path, asked: FactorsAsked) -> NDArray[np.float32]:
    table = pq.read_table(folder)
    found = np.zeros((asked.items, asked.width), np.float32)
    flat = table["features"].combine_chunks().flatten().to_numpy().astype(np.float32)
    found[table["id"].to_numpy()] = flat.reshape(-1, asked.width)
    return found


def _failed(problem: Exception) -> AssistantError:
    lines: list[str] = str(problem).strip().splitlines() or [type(problem).__name__]
    return AssistantError(
        f"Spark could not train the factors: {printable(lines[0], 200)}.",
        "Check --spark-master and --spark-memory, or train with --engine local.",
    )
