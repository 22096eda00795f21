"""Items × features as sparse tf-idf, from who or what states each feature."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.interactions import (
    Floats,
    Ints,
    Matrix,
    ascending,
    places,
)

ENOUGH_TAGGERS = 5
_LEAST = 1e-9
"""Of a feature's value: squares of less would be 0."""


@dataclass(frozen=True, slots=True)
class ItemFeatures:
    """`matrix`: (items, features) of tf-idf, rows of length 1 or 0; `names` of its columns.

    `evidence`: (items,) how much evidence there is of each, Σ ln(1 + sum of values). `source`: what all that
    came from.
    """

    names: tuple[str, ...]
    matrix: Matrix
    evidence: Floats
    source: Source | None = None

    @property
    def known(self) -> bool:
        """Whether anything is known of any item."""
        return bool(self.matrix.nnz)

    def without(self, taggers: Collection[str]) -> ItemFeatures:
        """The features that other taggers gave the same items."""
        if self.source is None or self.source.statements.tagger is None:
            return self
        return item_features(self.source.statements.without(taggers), self.source.items)


class Source(NamedTuple):
    """What features were made from, and for which items."""

    statements: Statements
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Statements:
    """Rows (n,) that state a feature of an item: places among the ids beside them, and how much of it.

    `tagger` are places in `taggers`, or None where the tagger is not known.
    """

    item: Ints
    items: Sequence[str]
    feature: Ints
    features: Sequence[str]
    value: Floats
    tagger: Ints | None = None
    taggers: Sequence[str] = ()

    def without(self, taggers: Collection[str]) -> Statements:
        """The statements of other taggers."""
        if self.tagger is None:
            return self
        named = np.array([name in taggers for name in self.taggers], dtype=np.bool_)
        return self._kept(~named[self.tagger])

    def common(self) -> Statements:
        """Features that at least five taggers state, where taggers are known."""
        if self.tagger is None or not len(self.item):
            return self
        pairs = np.unique(np.stack([self.feature, self.tagger]), axis=1)
        count = np.bincount(pairs[0], minlength=len(self.features))
        return self._kept(count[self.feature] >= ENOUGH_TAGGERS)

    def _kept(self, rows: NDArray[np.bool_]) -> Statements:
        tagger = None if self.tagger is None else self.tagger[rows]
        return Statements(
            self.item[rows],
            self.items,
            self.feature[rows],
            self.features,
            self.value[rows],
            tagger,
            self.taggers,
        )


def item_features(statements: Statements, items: Sequence[str]) -> ItemFeatures:
    """Features of `items`; statements on other items are left out.

    recommender.md: tf = ln(1 + sum of values), idf = ln((n + 1) / (df + ½)) with n items of which df have the
    feature, rows L2-normalised, features on a single item dropped.
    """
    stated = statements.common()
    names = ascending(stated.features[place] for place in np.unique(stated.feature))
    rows, columns = places(stated.items, items)[stated.item], places(stated.features, names)[stated.feature]
    kept = (rows >= 0) & (stated.value > 0)
    shape = (len(items), len(names))
    sums = sparse.csr_array((stated.value[kept], (rows[kept], columns[kept])), shape=shape)
    sums.sum_duplicates()
    frequency = np.bincount(sums.indices, minlength=len(names))
    shared = np.flatnonzero(frequency > 1)
    sums = sparse.csr_array(sums[:, shared])
    sums.data = np.log1p(np.maximum(sums.data, _LEAST))
    return ItemFeatures(
        tuple(names[place] for place in shared),
        tf_idf(sums, frequency[shared]),
        np.asarray(sums.sum(axis=1)).ravel(),
        Source(statements, items),
    )


def no_features(items: int) -> ItemFeatures:
    """Nothing known of so many items."""
    return ItemFeatures((), sparse.csr_array((items, 0), dtype=np.float64), np.zeros(items))


def tf_idf(frequencies: Matrix, frequency: Ints, items: int | None = None) -> Matrix:
    """(items, features) of tf as tf-idf of length 1 or 0.

    `frequency` of so many `items` have each feature; without a count they are the rows.
    """
    matrix = sparse.csr_array(frequencies, dtype=np.float64, copy=True)
    inverse = np.log(((matrix.shape[0] if items is None else items) + 1) / (frequency + 0.5))
    matrix.data *= inverse[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.power(2).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(matrix.indptr))
    return matrix
