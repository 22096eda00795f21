"""The use case `train`: a model learned from files, as the document that the command prints."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from discogs_assistant.engine.recommender.interactions import Interactions
from discogs_assistant.engine.recommender.item_features import (
    ENOUGH_TAGGERS,
    Statements,
    item_features,
    no_features,
)
from discogs_assistant.engine.recommender.model import Model
from discogs_assistant.engine.recommender.training import fit_model
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.peak_memory import forget_peak, peak_mb
from discogs_assistant.pipelines.train_on_spark import FactorsElsewhere, fit_with
from discogs_assistant.pipelines.trained_model import save_model
from discogs_assistant.pipelines.training_files import keep_snapshot, repeats, snapshot_data, training_data

_NO_FEATURE = (
    f"No feature counts, and nothing is known of items: one needs two items, and {ENOUGH_TAGGERS} taggers "
    "where these are told."
)


def train_on_files(
    raw: Mapping[str, Any], clock: Clock, elsewhere: FactorsElsewhere | None = None
) -> dict[str, Any]:
    """The document of cli.md's `train`; `raw` holds the options by their names with underscores.

    Factors are learned `elsewhere` where that is given, from a snapshot. `BadInputError` for what is wrong
    with the files, and where a folder cannot be written.
    """
    forget_peak()
    began = clock.now()
    data, said = _read(raw)
    features = no_features(len(data.items)) if said is None else item_features(said, data.items)
    model = _learned(raw, data, said, elsewhere) if elsewhere else fit_model(data, features, raw["seed"])
    name = save_model(model, raw["out"])
    return {
        "model": name,
        "users": len(data.users),
        "items": len(data.items),
        "features": len(features.names),
        "interactions": int(data.weights.nnz),
        "seconds": round((clock.now() - began) / timedelta(seconds=1), 3),
        "peak_mb": peak_mb(),
        "partial": [
            *(repeats(data, raw["interactions"]) if raw.get("interactions") else ()),
            *([_NO_FEATURE] if said is not None and not features.known else ()),
        ],
    }


def _read(raw: Mapping[str, Any]) -> tuple[Interactions, Statements | None]:
    """What the files say, which the snapshot then holds; what the snapshot says, where there are no files."""
    files, snapshot = raw.get("interactions"), raw.get("snapshot")
    if files is None and (snapshot is None or raw.get("features") is not None):
        raise BadInputError(
            "--interactions is missing.", "Name a CSV file, or a snapshot alone.", field="interactions"
        )
    if files is None:
        return snapshot_data(Path(str(snapshot)))
    data, said = training_data(files, raw.get("features"))
    if snapshot is not None:
        keep_snapshot(snapshot, data, said)
    return data, said


def _learned(
    raw: Mapping[str, Any], data: Interactions, said: Statements | None, elsewhere: FactorsElsewhere
) -> Model:
    with _snapshot(raw, data, said) as folder:
        return fit_with(elsewhere, folder, data, said, raw["seed"])


@contextmanager
def _snapshot(raw: Mapping[str, Any], data: Interactions, said: Statements | None) -> Iterator[Path]:
    """The one that was named, else one that is gone afterwards."""
    if raw.get("snapshot") is not None:
        yield raw["snapshot"]
        return
    with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
        keep_snapshot(Path(folder) / "data", data, said)
        yield Path(folder) / "data"
