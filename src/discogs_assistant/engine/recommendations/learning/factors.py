"""Weighted matrix factorisation by alternating least squares, with features as users who have their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.factor_kernels import improve
from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import (
    Floats,
    Interactions,
    Matrix,
    Singles,
)
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.threads import over_blocks

_START = 0.01
_STEPS = 3
_CHUNK = 8_192
_EXTREME = 1e9


@dataclass(frozen=True, slots=True)
class FactorSettings:
    """`alpha`: confidence of an item of usual weight; features get `feature_base` + `feature_slope`·t.

    `power`: a row's regularization grows with this power of its weight in the sum of errors, which is
    what it has and `unseen` times all that it could have; `regularization` is that of the mean (Rendle et
    al., RecSys 2022, section 3.2). `as_they_are`: weights are taken for confidences.
    """

    factors: int = 128
    alpha: float = 10.0
    regularization: float = 30.0
    iterations: int = 15
    power: float = 1.0
    unseen: float = 0.5
    feature_base: float = 1.0
    feature_slope: float = 30.0
    as_they_are: bool = False


@dataclass(frozen=True)
class Factors:
    """`vectors`: (items, factors).

    `usual`: the weight that counts once; 0 where weights are confidences. A user's regularization is
    `regularization` · (sum of confidences + `unseen`)^`power`.
    """

    vectors: Singles
    usual: float
    alpha: float
    regularization: float
    power: float
    unseen: float

    @cached_property
    def gram(self) -> Floats:
        """(factors, factors) of VᵀV."""
        return gram(self.vectors)

    def fold_in(self, given: Given) -> FoldedFactors:
        """The exact least squares of one user: x = (VᵀV + Σ (c_i − 1) v_i v_iᵀ + regularization·I)⁻¹ Σ c_i
        p_i v_i.

        Hu, Koren and Volinsky, ICDM 2008, equation 4, where p is 1 for weights above 0, else 0: of what is
        not wanted it is as sure as of what is.
        """
        own = self.vectors[given.items].astype(np.float64)
        confidence = self.alpha * relative(np.abs(given.weights), self.usual)
        system = self.gram + (own.T * (confidence - 1.0)) @ own
        system[np.diag_indices_from(system)] += (
            self.regularization * (confidence.sum() + self.unseen) ** self.power
        )
        return FoldedFactors(self.vectors, system, own.T * (confidence * (given.weights > 0)))

    def deviation(self, vector: Floats) -> float:
        """The standard deviation of a user's scores over all items."""
        return float(np.sqrt(max(0.0, float(vector @ self._covariance @ vector))))

    @cached_property
    def _covariance(self) -> Floats:
        mean = self.vectors.mean(axis=0, dtype=np.float64)
        return np.asarray(self.gram / len(self.vectors) - np.outer(mean, mean))

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        folded = np.array([self.fold_in(user).vector for user in users], dtype=np.float32)
        return np.asarray(folded @ self.vectors.T, dtype=np.float64)


@dataclass(frozen=True)
class FoldedFactors:
    """`system` (factors, factors) and `right` (factors, given): the user's vector is system⁻¹ · Σ right."""

    vectors: Singles
    system: Floats
    right: Floats

    @cached_property
    def vector(self) -> Floats:
        """(factors,)"""
        return np.asarray(np.linalg.solve(self.system, self.right.sum(axis=1)))

    def shares(self, item: int) -> Floats:
        """(given,) what each given item adds to the score of `item`."""
        return np.asarray(self.vectors[item].astype(np.float64) @ self._parts)

    @cached_property
    def _parts(self) -> Floats:
        """(factors, given) what each given item adds to the vector."""
        return np.asarray(np.linalg.solve(self.system, self.right))


def fit_factors(data: Interactions, features: ItemFeatures, seed: int, settings: FactorSettings) -> Factors:
    """Learns item vectors from users and features together."""
    usual = 0.0 if settings.as_they_are else usual_weight(data.weights.data)
    fitting = replace(settings, factors=min(settings.factors, len(data.items)))
    rows = _rows(data.weights, usual, features, settings)
    unseen, regularization = (
        settings.unseen * len(data.items),
        settings.regularization / _mean(rows, settings) ** settings.power,
    )
    return Factors(
        alternate(rows, seed, fitting), usual, settings.alpha, regularization, settings.power, unseen
    )


def alternate(confidence: Matrix, seed: int, settings: FactorSettings) -> Singles:
    """The column vectors of alternating least squares: (columns, factors)."""
    draw = np.random.default_rng(seed)
    rows, columns = (
        draw.standard_normal((size, settings.factors), dtype=np.float32) for size in confidence.shape
    )
    rows *= _START
    columns *= _START
    by_row, by_column = _Entries.of(confidence, settings), _Entries.of(confidence.T.tocsr(), settings)
    for _ in range(settings.iterations):
        _half_step(by_row, rows, columns)
        _half_step(by_column, columns, rows)
    return columns


def relative(weights: Floats, usual: float) -> Floats:
    """ln(1 + w / usual) / ln 2: the usual weight counts once, and plays by the thousand a few times that.

    Weights are clipped to between a billionth and a billion times the usual one, so that nothing vanishes
    and nothing drowns all else. The weights themselves where none is usual.
    """
    if not usual:
        return weights
    bounded = np.clip(weights, usual / _EXTREME, usual * _EXTREME)
    return np.where(weights > 0, np.log2(1.0 + bounded / usual), 0.0)


def usual_weight(weights: Floats) -> float:
    """The geometric mean, 1 of none."""
    return float(np.exp(np.log(weights).mean())) if len(weights) else 1.0


def gram(vectors: Singles) -> Floats:
    """VᵀV, added up in double precision."""
    total = np.zeros((vectors.shape[1], vectors.shape[1]))
    for first in range(0, len(vectors), _CHUNK):
        some = vectors[first : first + _CHUNK].astype(np.float64)
        total += some.T @ some
    return total


def _rows(weights: Matrix, usual: float, features: ItemFeatures, settings: FactorSettings) -> Matrix:
    """Confidences: users, and below them features."""
    users = sparse.csr_array(weights, dtype=np.float32, copy=True)
    users.data = (settings.alpha * relative(weights.data, usual)).astype(np.float32)
    if not features.known:
        return users
    tags = sparse.csr_array(features.matrix.T, dtype=np.float32, copy=True)
    tags.data = np.float32(settings.feature_base) + np.float32(settings.feature_slope) * tags.data
    return sparse.vstack([users, tags], format="csr")


class _Entries(NamedTuple):
    """A sparse matrix of confidences, and the regularization of each row."""

    pointers: NDArray[np.int64]
    columns: NDArray[np.int32]
    confidence: Singles
    regularization: Singles

    @classmethod
    def of(cls, matrix: Matrix, settings: FactorSettings) -> _Entries:
        weight = np.asarray(matrix.sum(axis=1, dtype=np.float64)).ravel() + settings.unseen * matrix.shape[1]
        regularization = settings.regularization * (weight / _mean(matrix, settings)) ** settings.power
        pointers, columns = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
        return cls(pointers, columns, matrix.data, regularization.astype(np.float32))


def _mean(matrix: Matrix, settings: FactorSettings) -> float:
    """The mean weight of a row in the sum of errors."""
    rows, columns = matrix.shape
    return float(matrix.data.sum(dtype=np.float64) / rows + settings.unseen * columns)


def _half_step(entries: _Entries, rows: Singles, others: Singles) -> None:
    known = gram(others).astype(np.float32)
    pointers, columns, confidence, regularization = entries

    def work(first: int, last: int) -> None:
        improve(pointers, columns, confidence, rows, others, known, regularization, _STEPS, first, last)

    over_blocks(len(rows), work)
