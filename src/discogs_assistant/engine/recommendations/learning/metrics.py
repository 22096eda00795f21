"""Recall and NDCG of one user's scores, and how far a sample of users represents all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints

_ROUNDED = 1e-6


class Estimate(NamedTuple):
    """The mean over users and its standard error."""

    mean: float
    error: float


def gains(scores: Floats, given: Ints, hidden: Ints, depth: int) -> Floats:
    """(depth,) which of the first ranks hold a hidden item, 0 or 1; `given` items are never ranked.

    Among equal scores each order is as likely as another, so each of their ranks gets their share of hidden
    items (McSherry and Najork, ECIR 2008): no order of ids makes a model look better. Scores that differ by
    less than a millionth of the largest are equal: so far are sums in single precision rounded.
    """
    ranked = np.round(scores.astype(np.float64) / (_ROUNDED * float(np.abs(scores).max()) or 1.0))
    ranked[given] = -np.inf
    order = np.argsort(-ranked, kind="stable")[: _enough(ranked, depth)]
    hit = np.zeros(len(scores))
    hit[hidden] = 1.0
    _, group, size = np.unique(-ranked[order], return_inverse=True, return_counts=True)
    share = np.bincount(group, weights=hit[order]) / size
    found = np.zeros(depth)
    found[: len(order)] = share[group][:depth]
    return found


def _enough(ranked: Floats, depth: int) -> int:
    """How many have the score of the last rank, or a higher one."""
    if len(ranked) <= depth:
        return len(ranked)
    last = np.partition(ranked, -depth)[-depth]
    return int((ranked >= last).sum())


def recall(gain: Floats, hidden: int, depth: int) -> float:
    """Hits among the first `depth` / min(`depth`, `hidden`)."""
    return float(gain[:depth].sum() / min(depth, hidden))


def ndcg(gain: Floats, hidden: int, depth: int) -> float:
    """Σ gain_r / log2(r + 1) over the first `depth` ranks, against that of hidden items ranked first."""
    discount = 1.0 / np.log2(np.arange(2, depth + 2))
    return float(gain[:depth] @ discount / discount[: min(depth, hidden)].sum())


def estimate(values: Floats) -> Estimate:
    """Of (users,) values; the error of fewer than two users is not known, and 0 here."""
    if not len(values):
        return Estimate(0.0, 0.0)
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return Estimate(float(values.mean()), float(error))


def paired(values: Floats, others: Floats) -> Estimate:
    """The difference of two models on the same users."""
    return estimate(values - others)
