"""The files of `train`, `rank` and `evaluate`: the items of each user, and the features of items."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.sources.files import cells, file_bytes
from discogs_assistant.sources.files.table import Table

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

_GZIP = b"\x1f\x8b"
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class InteractionRows:
    """I.csv, each column (n,): places in the ids beside them, and weights above 0."""

    user: Ints
    users: tuple[str, ...]
    item: Ints
    items: tuple[str, ...]
    weight: Floats

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True, slots=True)
class FeatureRows:
    """F.csv, each column (n,): places in the ids beside them, and values of at least 0.

    `tagger` says who stated the feature, as places in `taggers`; None where the file has no such column.
    """

    item: Ints
    items: tuple[str, ...]
    feature: Ints
    features: tuple[str, ...]
    value: Floats
    tagger: Ints | None
    taggers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.item)


def read_interactions(path: Path) -> InteractionRows:
    """`BadInputError` names line and column of the first empty id or weight that is no number above 0."""
    table = Table(unpacked(path), str(path), required=("user", "item"), optional=("weight",))
    user, users = table.coded("user", cells.name)
    item, items = table.coded("item", cells.name)
    return InteractionRows(user, users, item, items, table.floats("weight", _weight))


def read_features(path: Path) -> FeatureRows:
    """`BadInputError` names line and column of the first empty id or value that is no number from 0 on."""
    table = Table(unpacked(path), str(path), required=("item", "feature"), optional=("value", "tagger"))
    item, items = table.coded("item", cells.name)
    feature, features = table.coded("feature", cells.name)
    tagger, taggers = table.coded("tagger", str)
    value = table.floats("value", _value)
    return FeatureRows(item, items, feature, features, value, tagger if any(taggers) else None, taggers)


def unpacked(path: Path) -> bytes:
    """A file's content, with or without gzip; `BadInputError` if it cannot be read."""
    data = file_bytes(path)
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        name = printable(str(path), 200)
        raise BadInputError(f"{name} is damaged: it cannot be unpacked as gzip to its end.") from None


def _weight(text: str) -> float:
    number = _number(text)
    if not 0 < number <= _LARGEST:
        raise BadInputError(f"“{printable(text, 30)}” is not a weight above 0 and up to {_LARGEST:,.0f}.")
    return number


def _value(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= _LARGEST:
        raise BadInputError(f"“{printable(text, 30)}” is not a value from 0 to {_LARGEST:,.0f}.")
    return number


def _number(text: str) -> float:
    """1 where the cell is empty; -1, which no column allows, for what is no finite number."""
    if not text:
        return 1.0
    number = float(text) if _NUMBER.fullmatch(text) else -1.0
    return number if isfinite(number) else -1.0
