"""Likeness of what items are made of: the cosine of their features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import (
    Floats,
    Interactions,
    Ints,
    Matrix,
    Singles,
)
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.scoring_kernels import add_rows

_OFTEN = 20_000


@dataclass(frozen=True, slots=True)
class Content:
    """`matrix`: (items, features), rows of length 1 or 0; `by_feature`: the same with features as rows."""

    matrix: Matrix
    by_feature: Matrix

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.array([self.fold_in(user).score() for user in users], dtype=np.float64).reshape(
            len(users), -1
        )

    def fold_in(self, given: Given) -> FoldedContent:
        """The given items by their features; those of unwanted ones count against."""
        rows = self.matrix[given.items]
        features, place = np.unique(rows.indices, return_inverse=True)
        signed = rows.data * np.repeat(given.signs, np.diff(rows.indptr))
        compact = sparse.csr_array((signed, place, rows.indptr), shape=(len(given.items), len(features)))
        return FoldedContent(self, features.astype(np.int64), sparse.csr_array(compact.T))


@dataclass(frozen=True, slots=True)
class FoldedContent:
    """`values`: (features, given) of those `features`, ascending, that any given item has."""

    content: Content
    features: Ints
    values: Matrix

    def score(self) -> Singles:
        """(items,) Σ_i t_i · t_j over the given items i."""
        found = np.zeros(self.content.matrix.shape[0], np.float32)
        known = self.content.by_feature
        profile = np.asarray(self.values.sum(axis=1, dtype=np.float64)).ravel()
        add_rows(known.indptr, known.indices, known.data, self.features, profile, found)
        return found

    def shares(self, item: int) -> tuple[Ints, Floats, Floats]:
        """The features of `item`, (features,) what each adds, and (given,) what each given item adds."""
        matrix = self.content.matrix
        own = slice(matrix.indptr[item], matrix.indptr[item + 1])
        columns, worth = matrix.indices[own].astype(np.int64), matrix.data[own].astype(np.float64)
        places = np.searchsorted(self.features, columns)
        shared = np.flatnonzero(np.append(self.features, -1)[places] == columns)
        by_feature, by_given = np.zeros(len(columns)), np.zeros(self.values.shape[1])
        for at in shared:
            part = slice(self.values.indptr[places[at]], self.values.indptr[places[at] + 1])
            parts = worth[at] * self.values.data[part]
            by_feature[at] = parts.sum()
            by_given[self.values.indices[part]] += parts
        return columns, by_feature, by_given


def fit_content(data: Interactions, features: ItemFeatures, seed: int) -> Content:
    """There is nothing to learn. Of many items, a feature of every fiftieth is little evidence and takes
    long."""
    often = np.bincount(features.matrix.indices, minlength=len(features.names))
    matrix = sparse.csr_array(features.matrix, dtype=np.float32, copy=True)
    matrix.data[(often > max(_OFTEN, len(data.items) // 50))[matrix.indices]] = 0.0
    matrix.eliminate_zeros()
    return Content(matrix, sparse.csr_array(matrix.T))
