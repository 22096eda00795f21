"""Which styles a model takes for neighbours, and where they lie on a plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.model.search_words import name_key

_NEIGHBOURS = 3
_FEWEST = 3
"""Records of a style, below which the model has too little to go by."""
_NEIGHBOURLY = 0.2
"""Likeness below which two styles have little more in common than any two."""
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Near:
    """A style beside another: `likeness` is the cosine of their vectors, from −1 to 1."""

    name: str
    likeness: float


@dataclass(frozen=True, slots=True)
class MappedStyle:
    """A style of which `records` are owned, at `x`, `y`; `near` are its neighbours on the map, nearest first.

    `beyond` is the nearest neighbour of which nothing is owned. Who has no neighbour stands alone.
    """

    name: str
    records: int
    x: float
    y: float
    near: tuple[Near, ...]
    beyond: Near | None


@dataclass(frozen=True, slots=True)
class StyleMap:
    """`kept`: how much of the differences between the styles the plane keeps, from 0 to 1.

    `unplaced`: how many of the owned styles the model knows too little of.
    """

    styles: tuple[MappedStyle, ...]
    kept: float
    unplaced: int


def style_map(learned: Learned, owned: Mapping[str, int], most: int) -> StyleMap | None:
    """The `most` biggest of the owned styles (records by name) as the model sees them; None below two.

    A style's vector is the mean of the vectors of its items, each of length 1 and seen from the mean of all
    items, so that what all records share does not count. Styles lie as classical scaling puts them.
    """
    known, vectors = _style_vectors(learned)
    row = {name_key(name): number for number, name in enumerate(known)}
    biggest = sorted(owned, key=lambda name: (-owned[name], name))
    placed = [name for name in biggest if name_key(name) in row]
    shown = placed[:most]
    if len(shown) < 2:
        return None
    rows = np.array([row[name_key(name)] for name in shown])
    mine = {name_key(name) for name in owned}
    others = np.array([number for key, number in row.items() if key not in mine], dtype=np.int64)
    plane, kept = scaled(vectors[rows])
    alike = vectors[rows] @ vectors.T

    def styled(number: int, name: str) -> MappedStyle:
        x, y = plane[number].tolist()
        near = _nearest(shown, alike[number, rows], number)
        return MappedStyle(name, owned[name], x, y, near, _beyond(known, others, alike[number]))

    styles = tuple(styled(number, name) for number, name in enumerate(shown))
    return StyleMap(styles, kept, len(owned) - len(placed))


def scaled(vectors: Floats) -> tuple[Floats, float]:
    """(n, 2) of points whose distances are as near to those of `vectors` (n, width) as a plane allows.

    Classical scaling: B = −½ J D² J with J = I − 11ᵀ/n, of squared distances D²; the points are Q √Λ of its
    two largest eigenvalues (Torgerson, Psychometrika 1952; Gower, Biometrika 1966). Of Euclidean distances
    that is the principal components, B being the inner products of the centred vectors. The sign of an axis
    is free: its longest coordinate is positive. Second comes Σλ of the two over Σλ of all.
    """
    centred = vectors - vectors.mean(axis=0)
    values, axes = np.linalg.eigh(centred @ centred.T)
    values = np.maximum(values[::-1], 0.0)
    points = axes[:, ::-1][:, :2] * np.sqrt(values[:2])
    longest = points[np.abs(points).round(9).argmax(axis=0), [0, 1]]
    points = points * np.where(longest < 0, -1.0, 1.0)
    total = float(values.sum())
    return points, float(values[:2].sum()) / total if total > _NOTHING else 1.0


def _style_vectors(learned: Learned) -> tuple[list[str], Floats]:
    """The styles of which the model knows enough, and (styles, width) of vectors of length 1."""
    styles = [number for number, feature in enumerate(learned.features) if feature.kind == "style"]
    model = learned.model
    has: Any = sparse.csr_array(model.content.by_feature[styles], copy=True)
    has.data = np.ones_like(has.data)
    counts = np.diff(has.indptr)
    items = _of_length_one(model.factors.vectors.astype(np.float64))
    means = (has @ items) / np.maximum(counts, 1)[:, None] - items.mean(axis=0)
    shown = np.flatnonzero((counts >= _FEWEST) & (np.linalg.norm(means, axis=1) > _NOTHING))
    return [learned.features[styles[row]].name for row in shown], _of_length_one(means[shown])


def _of_length_one(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _NOTHING))


def _nearest(names: Sequence[str], alike: Floats, itself: int) -> tuple[Near, ...]:
    order = [row for row in np.argsort(-alike, kind="stable") if row != itself and alike[row] >= _NEIGHBOURLY]
    return tuple(Near(names[row], float(alike[row])) for row in order[:_NEIGHBOURS])


def _beyond(names: Sequence[str], others: Ints, alike: Floats) -> Near | None:
    row = int(others[alike[others].argmax()]) if len(others) else None
    return None if row is None or alike[row] < _NEIGHBOURLY else Near(names[row], float(alike[row]))
