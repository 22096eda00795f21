"""`train`, `rank`, `evaluate`: the recommender alone, on files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from discogs_assistant.cli.output import AsJson, print_document, print_table, say, say_partial

if TYPE_CHECKING:
    from discogs_assistant.pipelines.files.evaluate import EvaluateResult

Interactions = Annotated[Path, typer.Option(help="CSV of who has which item: user,item[,weight].")]
Features = Annotated[Path | None, typer.Option(help="CSV of the features of items: item,feature[,value].")]
Seed = Annotated[
    int, typer.Option(min=0, help="The same number gives the same users and the same start values.")
]


def train(
    out: Annotated[
        Path, typer.Option(help="Folder for the model; an existing model is replaced at the end.")
    ],
    interactions: Annotated[
        Path | None, typer.Option(help="CSV of who has which item: user,item[,weight].")
    ] = None,
    features: Features = None,
    seed: Seed = 0,
    snapshot: Annotated[
        Path | None,
        typer.Option(help="Folder to store the training data in, as Parquet, or to train from."),
    ] = None,
    engine: Annotated[
        Literal["local", "spark"], typer.Option(help="What trains the factors: this program, or Spark.")
    ] = "local",
    spark_master: Annotated[
        str, typer.Option(help="Where Spark runs: cores of this machine, or a cluster's address.")
    ] = "local[2]",
    spark_memory: Annotated[str, typer.Option(help="Memory for Spark, and for each of its workers.")] = "2g",
    as_json: AsJson = False,
) -> None:
    """Train a model on who has which item and on the features of items."""
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.files.train import TrainOptions, train_on_files
    from discogs_assistant.sources.recommendations.spark_factors import SparkFactors
    from discogs_assistant.sources.recommendations.spark_session import Spark

    elsewhere = SparkFactors(Spark(spark_master, spark_memory)) if engine == "spark" else None
    options = TrainOptions(
        out=out, interactions=interactions, features=features, seed=seed, snapshot=snapshot
    )
    result = train_on_files(options, SystemClock(), elsewhere)
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    rows = [(part.name, getattr(result, part.name)) for part in fields(result) if part.name != "partial"]
    print_table("The model", ("", "what"), rows)


def rank(
    model: Annotated[Path, typer.Option(help="Folder that train wrote.")],
    given: Annotated[Path, typer.Option(help="CSV of the items that new users have: user,item[,weight].")],
    out: Annotated[Path, typer.Option(help="CSV to write: user,rank,item,score.")],
    top: Annotated[int, typer.Option(min=1, help="Number of items per user.")] = 100,
    reasons: Annotated[bool, typer.Option("--reasons", help="Add the given items that count most.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rank items for users that the model has never seen."""
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.files.rank import RankOptions, rank_on_files

    options = RankOptions(model=model, given=given, out=out, top=top, reasons=reasons)
    result = rank_on_files(options, SystemClock())
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    say(f"{result.rows:,} rows for {result.users:,} users are in {out}.")


def evaluate(
    interactions: Interactions,
    features: Features = None,
    test_users: Annotated[int | None, typer.Option(min=1, help="300, or a fifth of few users.")] = None,
    val_users: Annotated[int | None, typer.Option(min=0, help="150, or a tenth of few users.")] = None,
    train_users: Annotated[
        int | None, typer.Option(min=1, help="Number of users to train on; without it, all.")
    ] = None,
    seed: Seed = 0,
    models: Annotated[
        str | None, typer.Option(help="Which models, comma-separated; without it, the default ones.")
    ] = None,
    on: Annotated[
        Literal["test", "validation"],
        typer.Option(help="The users to measure on; choose settings on validation."),
    ] = "test",
    as_json: AsJson = False,
) -> None:
    """Measure how well models find hidden items of users."""
    from discogs_assistant.model.ports import SystemClock
    from discogs_assistant.pipelines.files.evaluate import EvaluateOptions, evaluate_on_files

    options = EvaluateOptions(
        interactions=interactions,
        features=features,
        test_users=test_users,
        val_users=val_users,
        train_users=train_users,
        seed=seed,
        models=models,
        on=on,
    )
    result = evaluate_on_files(options, SystemClock())
    if as_json:
        return print_document(result)
    say_partial(result.partial)
    _show(result)


def _show(result: EvaluateResult) -> None:
    metrics = ("recall@20", "recall@50", "ndcg@100")
    title = f"{result.users:,} {result.on} users, {result.train_users:,} to train on"
    print_table(
        f"{title}, {result.items:,} items, {result.features:,} features",
        ("model", *metrics, "seconds", "MB"),
        [
            (name, *(f"{row[m]:.4f} ± {row[f'{m}_se']:.4f}" for m in metrics), row["seconds"], row["peak_mb"])
            for name, row in result.models.items()
        ],
    )
    print_table(
        "Differences on the same users, NDCG@100",
        ("model", "against", "better by"),
        [(row.model, row.against, f"{row.ndcg:+.4f} ± {row.error:.4f}") for row in result.differences],
    )
