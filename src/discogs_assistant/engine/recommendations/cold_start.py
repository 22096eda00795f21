"""Scores for releases that the model was not trained on, from their features alone (cold start)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.features import Feature, feature_of
from discogs_assistant.engine.recommendations.learning.content import Content
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints, Matrix
from discogs_assistant.engine.recommendations.learning.item_features import tf_idf
from discogs_assistant.engine.recommendations.training_data import statements
from discogs_assistant.model.release import Release

_LEAST = 1e-9
_FEWEST = 2  # items with a feature: on a single item it relates that item to no other


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Records, some of which a model has not learned, in one space of features.

    `places`: where each item (Release.item_key) stands in `rows` (items, features), of length 1 or 0. Their
    columns are the features of the model, and behind them those `features` that it lacks.
    """

    places: Mapping[int, int]
    rows: Matrix
    features: tuple[Feature, ...]


NONE = ColdStart({}, sparse.csr_array((0, 0)), ())


def cold_start(
    releases: Iterable[Release], learned: Container[int], content: Content, features: Sequence[Feature]
) -> ColdStart:
    """`releases` as tf-idf among the items that are `learned` and the others together (`item_features`).

    Learned items count too: the model lacks a feature of one of them alone, and others may have it. What
    the model left out as being on too many items is left out here too.
    """
    described = statements(releases)
    columns, lacking = _columns([feature_of(text) for text in described.features], features)
    shape = (len(described.items), len(features) + len(lacking))
    sums = sparse.csr_array(
        (np.log1p(described.value), (described.item, columns[described.feature])), shape=shape
    )
    sums.sum_duplicates()
    items = [int(item) for item in described.items]
    new = np.array([item not in learned for item in items], dtype=np.bool_)
    frequency = _frequency(sums, new, np.diff(content.by_feature.indptr))
    sums.data[frequency[sums.indices] < _FEWEST] = 0.0
    sums.eliminate_zeros()
    rows = tf_idf(sums, frequency, content.matrix.shape[0] + int(new.sum()))
    return ColdStart({item: row for row, item in enumerate(items)}, rows, lacking)


def worth_of_likeness(scores: Floats, likeness: Floats) -> float:
    """What one more of `likeness` adds to a score on the whole: the least squares of one by the other.

    Both are (items,) of the items that a model has learned; 1 where none of them is like anything.
    """
    squares = float(likeness @ likeness)
    return max(0.0, float(scores @ likeness) / squares) if squares > _LEAST else 1.0


def _frequency(sums: Matrix, new: NDArray[np.bool_], learned: Ints) -> Ints:
    """(features,) on how many items each is: `learned` of the model's are on so many, and `new` rows come."""
    of_model, width = len(learned), sums.shape[1]
    frequency = np.bincount(sums.indices, minlength=width)
    more = np.bincount(sums[new].indices, minlength=width)[:of_model]
    frequency[:of_model] = np.where(learned > 0, learned + more, 0)
    return frequency


def _columns(found: Sequence[Feature], features: Sequence[Feature]) -> tuple[Ints, tuple[Feature, ...]]:
    """The column of each feature found, however its name is spelt, and those that `features` lack."""
    column = {(feature.kind, feature.key, feature.role): place for place, feature in enumerate(features)}
    lacking = tuple(feature for feature in found if (feature.kind, feature.key, feature.role) not in column)
    for feature in lacking:
        column[feature.kind, feature.key, feature.role] = len(column)
    columns = [column[feature.kind, feature.key, feature.role] for feature in found]
    return np.array(columns, dtype=np.int64), lacking
