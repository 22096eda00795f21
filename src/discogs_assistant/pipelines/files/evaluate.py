"""The use case `evaluate`: how well models do on the users of a file, as the document that is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from discogs_assistant.engine.recommendations.learning.evaluation import (
    METRICS,
    Measured,
    differences,
    measure,
)
from discogs_assistant.engine.recommendations.learning.holdout import HeldOutUser, Split, held_out, split
from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    ItemFeatures,
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.named_models import MODELS, USUAL
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.files.peak_memory import forget_peak, peak_mb
from discogs_assistant.pipelines.files.training_data import repeats, training_data

_TEST_USERS, _VALIDATION_USERS = 300, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """The files, how many users are held out, and which models are measured on them."""

    interactions: Path
    features: Path | None = None
    test_users: int | None = None
    val_users: int | None = None
    train_users: int | None = None
    seed: int = 0
    models: str | None = None
    on: Literal["test", "validation"] = "test"


class Difference(BaseModel):
    """By how much a model is better than another on the same users."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    model: str
    against: str
    ndcg: float = Field(serialization_alias="ndcg@100")
    error: float = Field(serialization_alias="ndcg@100_se")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateResult:
    """The document of cli.md's `evaluate`; `models` has the measures of each by name."""

    on: str
    seed: int
    users: int
    train_users: int
    items: int
    features: int
    models: Mapping[str, Mapping[str, float]]
    differences: tuple[Difference, ...]
    partial: tuple[str, ...]


def evaluate_on_files(options: EvaluateOptions, clock: Clock) -> EvaluateResult:
    """Measure models on users who are held out.

    Metrics are of the test users; the models do not see the validation users either, so that the same call
    with `--on validation` chooses between models. `BadInputError` for what is wrong with options or files.
    """
    names = _models(options.models)
    data, item_tags = training_data(options.interactions, options.features)
    parts = _split(options, data)
    train, features = _training(data, item_tags, parts)
    chosen = parts.validation if options.on == "validation" else parts.test
    users = held_out(_vocabulary(data, train), chosen.tolist(), options.seed)
    if not users:
        raise BadInputError(
            "No held-out user has five items that models may know, so nothing can be measured."
        )
    measured, documents = {}, {}
    for name in names:
        measured[name], documents[name] = _one(name, train, features, options.seed, users, clock)
    return EvaluateResult(
        on=options.on,
        seed=options.seed,
        users=len(users),
        train_users=len(train.users),
        items=len(train.items),
        features=len(features.names),
        models=documents,
        differences=tuple(
            Difference(model=model, against=other, ndcg=round(gap.mean, 6), error=round(gap.error, 6))
            for model, other, gap in differences(measured, "ndcg@100")
        ),
        partial=tuple(repeats(data, options.interactions)),
    )


def _models(text: str | None) -> Sequence[str]:
    names = list(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))
    unknown = [name for name in names if name not in MODELS]
    if unknown or (text is not None and not names):
        named = printable(unknown[0], 40) if unknown else "nothing"
        raise BadInputError(f"--models names {named}; there are {', '.join(MODELS)}.")
    return names or USUAL


def _split(options: EvaluateOptions, data: Interactions) -> Split:
    users = len(data.users)
    test, validation = options.test_users, options.val_users
    test = min(_TEST_USERS, users // 5) if test is None else test
    validation = min(_VALIDATION_USERS, users // 10) if validation is None else validation
    parts = split(users, test, validation, options.seed, options.train_users)
    if not len(parts.train):
        held = f"{test:,} for testing and {validation:,} for validation"
        raise BadInputError(
            f"The file has {users:,} users, and {held} leave none to learn from.",
            "Lower --test-users or --val-users.",
        )
    return parts


def _training(
    data: Interactions, item_tags: Statements | None, parts: Split
) -> tuple[Interactions, ItemFeatures]:
    """The training users, and the item features without held-out users' tags."""
    train = data.only(np.sort(parts.train).tolist())
    if item_tags is None:
        used = np.unique(train.weights.indices)
        return train.among(used.tolist()), no_features(len(used))
    hidden = {data.users[user] for user in (*parts.test, *parts.validation)}
    return train, item_features(item_tags.without(hidden), train.items)


def _vocabulary(data: Interactions, train: Interactions) -> Interactions:
    """All users with the items of the training alone."""
    if len(data.items) == len(train.items):
        return data
    place = {item: at for at, item in enumerate(data.items)}
    return data.among([place[item] for item in train.items])


def _one(
    name: str,
    train: Interactions,
    features: ItemFeatures,
    seed: int,
    users: Sequence[HeldOutUser],
    clock: Clock,
) -> tuple[Measured, dict[str, float]]:
    forget_peak()
    began = clock.now()
    scorer = MODELS[name](train, features, seed)
    fitted = clock.now()
    found = measure(scorer, users)
    document: dict[str, float] = {}
    for metric in METRICS:
        mean, error = found.estimate(metric)
        document |= {metric: round(mean, 6), f"{metric}_se": round(error, 6)}
    document["seconds"] = round((fitted - began) / timedelta(seconds=1), 3)
    document["measure_seconds"] = round((clock.now() - fitted) / timedelta(seconds=1), 3)
    document["peak_mb"] = peak_mb()
    return found, document
