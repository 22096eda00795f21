"""Item-to-item weights: each item's ridge regression on its nearest neighbours (local EASE)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.factors import relative, usual_weight
from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import (
    Floats,
    Interactions,
    Matrix,
    Singles,
)
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures
from discogs_assistant.engine.recommendations.learning.neighbour_kernels import neighbour_weights
from discogs_assistant.engine.recommendations.learning.scoring_kernels import add_rows, column_of
from discogs_assistant.engine.recommendations.learning.threads import over_blocks

_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """Neighbours of an item, regularization, and how much feature rows count against users'.

    An item's features are scaled by √(its evidence / the mean): popular items have much evidence, which
    is all there is where there are few users. On validation users of the Last.fm set that
    took NDCG@100 from .322 to .350 with one user, from .363 to .372 with 100 and from .417 to .420 with all.

    A user's row holds r^`plays`, r the weight against the usual one, over the row's length^`user_power`: who
    has much counts less by each. What having an item counts is divided by its length^(2·`item_power`): what
    many have is little evidence for any of them, and what factors overrate is then not counted twice. What
    each of these gave is in docs/decisions/0008-two-figures-of-the-recommender.md.
    """

    neighbours: int = 100
    regularization: float = 30.0
    feature_share: float = 10.0
    longest_user: int = 200
    pairs: float = 4e9
    plays: float = 0.5
    user_power: float = 0.5
    item_power: float = 0.3


@dataclass(frozen=True, slots=True)
class ItemWeights:
    """`weights`: (items, items), what having the row's item counts for the column's; columns ascend."""

    weights: Matrix

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.array([self.score(user) for user in users], dtype=np.float64).reshape(len(users), -1)

    def score(self, given: Given) -> Singles:
        """(items,) the sum of the given items' weights; those of unwanted ones count against."""
        found = np.zeros(self.weights.shape[1], np.float32)
        rows = self.weights
        add_rows(rows.indptr, rows.indices, rows.data, given.items, given.signs, found)
        return found

    def shares(self, given: Given, item: int) -> Floats:
        """(given,) what each given item adds to the score of `item`."""
        found, rows = np.zeros(len(given.items)), self.weights
        column_of(rows.indptr, rows.indices, rows.data, given.items, item, found)
        return found * given.signs


def fit_item_weights(
    data: Interactions, features: ItemFeatures, seed: int, settings: WeightSettings
) -> ItemWeights:
    """B of each item on its neighbours: b = (G_NN + regularization·I)⁻¹ G_N,item with G = XᵀX + share·TᵀT, of
    which each b_i then counts over (G_ii / mean)^`item_power`.

    Steck, WWW 2019, equation 8, solved for the neighbours alone. Of users with more than `longest_user`
    items a sample counts; features of too many items are left out where all pairs would be over `pairs`.
    """
    rows = _rows(data, features, seed, settings)
    by_row, by_item = _plain(rows), _plain(rows.T.tocsr())
    items = rows.shape[1]
    most = min(settings.neighbours, max(items - 1, 1))
    found, weights = np.full((items, most), -1, np.int32), np.zeros((items, most), np.float32)
    length = np.sqrt(np.bincount(rows.indices, weights=rows.data**2, minlength=items))
    sizes = np.sort(np.diff(by_item[0]))[-most:]
    room = int(2 * sizes.sum()) + 1

    def work(first: int, last: int) -> None:
        neighbour_weights(by_item, by_row, length, settings.regularization, room, first, last, found, weights)

    over_blocks(items, work)
    return ItemWeights(_matrix(found, weights, _worth(length, settings.item_power)))


def fit_cosines(data: Interactions, features: ItemFeatures, seed: int) -> ItemWeights:
    """Cosines of the items' users, of pairs of different items; features do not count here."""
    rows = sparse.csr_array(data.weights, dtype=np.float64, copy=True)
    rows.data = 1.0 / np.sqrt(np.bincount(rows.indices, minlength=len(data.items)))[rows.indices]
    pairs = sparse.coo_array(rows.T @ rows)
    kept = pairs.row != pairs.col
    return ItemWeights(
        sparse.csr_array((pairs.data[kept], (pairs.row[kept], pairs.col[kept])), shape=pairs.shape)
    )


def _rows(data: Interactions, features: ItemFeatures, seed: int, settings: WeightSettings) -> Matrix:
    users = sparse.csr_array(data.weights, dtype=np.float64, copy=True)
    # A single person gives no evidence of how much: an item of great weight would only count less for others.
    plays = settings.plays if len(data.users) > 1 else 0.0
    users.data = relative(users.data, usual_weight(users.data)) ** plays
    users = _evened(_sampled(users, settings.longest_user, seed), settings.user_power)
    if not features.known:
        return users
    emphasis = np.maximum(features.evidence / features.evidence[features.evidence > 0].mean(), _LEAST)
    tags = sparse.csr_array(features.matrix.T, dtype=np.float64, copy=True)
    tags.data *= np.sqrt(settings.feature_share * emphasis)[tags.indices]
    lengths = np.diff(tags.indptr)
    ascending = np.sort(lengths)
    fits = np.searchsorted(np.cumsum(ascending.astype(np.float64) ** 2), settings.pairs, side="right")
    kept = lengths <= (ascending[fits - 1] if fits else 0)
    return sparse.vstack([users, tags[np.flatnonzero(kept)]], format="csr")


def _evened(rows: Matrix, power: float) -> Matrix:
    """Each row over its length^`power`, lengths against their root mean square."""
    squares = np.asarray(rows.power(2).sum(axis=1)).ravel()
    against = squares / _mean(squares)
    rows.data *= np.repeat(np.where(squares > 0, against, 1.0) ** (-power / 2), np.diff(rows.indptr))
    return rows


def _worth(length: Floats, power: float) -> Floats:
    """(items,) what having each item counts, by the length of its column."""
    squares = length**2
    return np.asarray(np.maximum(squares / _mean(squares), _LEAST) ** -power)


def _mean(squares: Floats) -> float:
    return float(squares.mean() or 1.0) if len(squares) else 1.0


def _sampled(rows: Matrix, longest: int, seed: int) -> Matrix:
    """At most `longest` entries of each row, drawn with the seed."""
    long = np.flatnonzero(np.diff(rows.indptr) > longest)
    if not len(long):
        return rows
    kept = np.ones(rows.nnz, dtype=np.bool_)
    draw = np.random.default_rng(seed)
    for row in long:
        begin, end = rows.indptr[row], rows.indptr[row + 1]
        kept[begin:end] = False
        kept[begin + draw.choice(end - begin, longest, replace=False)] = True
    numbers = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))[kept]
    return sparse.csr_array((rows.data[kept], (numbers, rows.indices[kept])), shape=rows.shape)


def _plain(matrix: Matrix) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data


def _matrix(found: NDArray[np.int32], weights: Any, worth: Floats) -> Matrix:
    used, items = found >= 0, len(found)
    column = np.repeat(np.arange(items), used.sum(axis=1))
    counted = (weights[used] * worth[found[used]]).astype(np.float32)
    return sparse.csr_array((counted, (found[used], column)), shape=(items, items))
