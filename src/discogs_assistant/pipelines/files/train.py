"""The use case `train`: a model learned from files, as the document that the command prints."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import (
    ENOUGH_TAGGERS,
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.files.peak_memory import forget_peak, peak_mb
from discogs_assistant.pipelines.files.spark_training import FactorsElsewhere, fit_with
from discogs_assistant.pipelines.files.training_data import (
    keep_snapshot,
    repeats,
    snapshot_data,
    training_data,
)
from discogs_assistant.pipelines.recommendations.model_storage import save_model

_NO_FEATURE = (
    f"No feature counts, and nothing is known of items: a feature needs two items, "
    f"and {ENOUGH_TAGGERS} taggers where these are known."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """What a model is learned from, and the folder it is written to."""

    out: Path
    interactions: Path | None = None
    features: Path | None = None
    seed: int = 0
    snapshot: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """The document of cli.md's `train`."""

    model: str
    users: int
    items: int
    features: int
    interactions: int
    seconds: float
    peak_mb: float
    partial: tuple[str, ...]


def train_on_files(
    options: TrainOptions, clock: Clock, elsewhere: FactorsElsewhere | None = None
) -> TrainResult:
    """Learn a model from files.

    Factors are learned `elsewhere` where that is given, from a snapshot. `BadInputError` for what is wrong
    with the files, and where a folder cannot be written.
    """
    forget_peak()
    began = clock.now()
    data, item_tags = _read(options)
    features = no_features(len(data.items)) if item_tags is None else item_features(item_tags, data.items)
    model = (
        _learned(options, data, item_tags, elsewhere)
        if elsewhere
        else fit_model(data, features, options.seed)
    )
    name = save_model(model, options.out)
    return TrainResult(
        model=name,
        users=len(data.users),
        items=len(data.items),
        features=len(features.names),
        interactions=int(data.weights.nnz),
        seconds=round((clock.now() - began) / timedelta(seconds=1), 3),
        peak_mb=peak_mb(),
        partial=(
            *(repeats(data, options.interactions) if options.interactions else ()),
            *([_NO_FEATURE] if item_tags is not None and not features.known else ()),
        ),
    )


def _read(options: TrainOptions) -> tuple[Interactions, Statements | None]:
    """What the files say, which the snapshot then holds; what the snapshot says, where there are no files."""
    files, snapshot = options.interactions, options.snapshot
    if files is None and (snapshot is None or options.features is not None):
        raise BadInputError(
            "--interactions is missing.", "Name a CSV file, or a snapshot alone.", field="interactions"
        )
    if files is None:
        return snapshot_data(Path(str(snapshot)))
    data, item_tags = training_data(files, options.features)
    if snapshot is not None:
        keep_snapshot(snapshot, data, item_tags)
    return data, item_tags


def _learned(
    options: TrainOptions, data: Interactions, item_tags: Statements | None, elsewhere: FactorsElsewhere
) -> Model:
    with _snapshot(options, data, item_tags) as folder:
        return fit_with(elsewhere, folder, data, item_tags, options.seed)


@contextmanager
def _snapshot(options: TrainOptions, data: Interactions, item_tags: Statements | None) -> Iterator[Path]:
    """The one that was named, else one that is gone afterwards."""
    if options.snapshot is not None:
        yield options.snapshot
        return
    with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
        keep_snapshot(Path(folder) / "data", data, item_tags)
        yield Path(folder) / "data"
