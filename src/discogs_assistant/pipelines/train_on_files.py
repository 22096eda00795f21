"""The use case `train`: a model learned from files, as the document that the command prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from discogs_assistant.engine.recommender.item_features import item_features, no_features
from discogs_assistant.engine.recommender.training import fit_model
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.peak_memory import forget_peak, peak_mb
from discogs_assistant.pipelines.trained_model import save_model
from discogs_assistant.pipelines.training_files import repeats, training_data


def train_on_files(raw: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """The document of cli.md's `train`; `raw` holds the options by their names with underscores.

    `BadInputError` for what is wrong with the files, and where the folder cannot be written.
    """
    forget_peak()
    began = clock.now()
    path: Path = raw["interactions"]
    data, said = training_data(path, raw.get("features"))
    features = no_features(len(data.items)) if said is None else item_features(said, data.items)
    model = fit_model(data, features, raw["seed"])
    name = save_model(model, raw["out"])
    return {
        "model": name,
        "users": len(data.users),
        "items": len(data.items),
        "features": len(features.names),
        "interactions": int(data.weights.nnz),
        "seconds": round((clock.now() - began) / timedelta(seconds=1), 3),
        "peak_mb": peak_mb(),
        "partial": repeats(data, path),
    }
