"""A learned model in a folder: written when it is whole, read without copying it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.errors import BadInputError
from discogs_assistant.store.recommendations.model_files import read_arrays, write_arrays


def save_model(model: Model, folder: Path) -> str:
    """Write the model, replacing an existing one; returns its name."""
    arrays = {**model.arrays(), **_packed("items", model.items), **_packed("features", model.features)}
    return _name(write_arrays(folder, arrays, {"seed": str(model.seed)}))


def load_model(folder: Path) -> Model:
    """The model in a folder, mapped into memory and shared by all processes that read it.

    `BadInputError` as `read_arrays`, and for arrays that do not fit each other.
    """
    arrays, facts = read_arrays(folder)
    try:
        items, features = _texts("items", arrays), _texts("features", arrays)
        return Model.of_arrays(items, features, arrays, int(facts["seed"]))
    except (KeyError, ValueError, TypeError, IndexError):
        raise BadInputError(
            f"The model in {folder} is damaged: its parts do not fit each other.", "Train the model again."
        ) from None


def _name(digest: str) -> str:
    return f"hybrid-{digest[:12]}"


def _packed(key: str, texts: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Texts as one array of UTF-8 and where each ends."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)[1:]
    return {f"{key}.text": np.frombuffer(b"".join(encoded), np.uint8), f"{key}.ends": ends}


def _texts(key: str, arrays: dict[str, NDArray[Any]]) -> tuple[str, ...]:
    whole, ends = arrays[f"{key}.text"].tobytes(), arrays[f"{key}.ends"].tolist()
    begins = [0, *ends][:-1]
    return tuple(whole[begin:end].decode() for begin, end in zip(begins, ends, strict=True))
