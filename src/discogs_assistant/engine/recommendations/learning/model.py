"""A trained model: folds anybody in, ranks all items for them, and gives the exact reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.content import Content
from discogs_assistant.engine.recommendations.learning.factors import Factors
from discogs_assistant.engine.recommendations.learning.fold_in import Blend, FoldedPerson, Reasons
from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints, Matrix, Singles
from discogs_assistant.engine.recommendations.learning.item_weights import ItemWeights
from discogs_assistant.engine.recommendations.learning.scoring_kernels import highest

_AT_ONCE, _SCORES_AT_ONCE = 64, 25_000_000

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Model:
    """`known`: (items,) how well each item is known, of mean 0 and deviation 1, or all 0."""

    items: tuple[str, ...]
    features: tuple[str, ...]
    factors: Factors
    weights: ItemWeights
    content: Content
    known: Singles | Floats
    blend: Blend
    seed: int = 0

    def fold_in(self, items: Ints, weights: Floats) -> FoldedPerson:
        """A person known by these items (places, each once); nothing is retrained.

        Weights above 0 for what they have or want, below for what they want nothing like.
        """
        order = np.argsort(items, kind="stable")
        return FoldedPerson(self, Given(items[order], weights[order]))

    def top(self, taste: FoldedPerson, n: int, exclude: Ints | None = None) -> tuple[Ints, Floats]:
        """Places and scores of the best `n` items, neither given nor excluded; ties by place."""
        return _best(taste.scores(), n, taste.given.items, exclude)

    def top_of(self, tastes: Sequence[FoldedPerson], n: int) -> Iterator[tuple[Ints, Floats]]:
        """As `top` for several people, whose scores take less time together."""
        for taste, scores in zip(tastes, self._together(tastes), strict=True):
            yield _best(scores, n, taste.given.items)

    @property
    def at_once(self) -> int:
        """How many people to rank together, so that their scores take up to half a gigabyte."""
        return max(1, min(_AT_ONCE, _SCORES_AT_ONCE // max(1, len(self.items))))

    def because(self, taste: FoldedPerson, item: int) -> Reasons:
        """What the score of `item` is made of."""
        return taste.reasons(item)

    def scores(self, users: Sequence[Given]) -> Floats:
        """See `Scorer`."""
        return np.array(list(self._together([self.fold_in(*user) for user in users])), dtype=np.float64)

    def _together(self, tastes: Sequence[FoldedPerson]) -> Iterator[Singles]:
        vectors = np.array([taste.scaled_vector for taste in tastes])
        for taste, row in zip(tastes, vectors @ self.factors.vectors.T, strict=True):
            yield taste.completed(row)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that the model is, but for ids and seed."""
        f = self.factors
        return {
            "factors": self.factors.vectors,
            "factor_facts": np.array([f.usual, f.alpha, f.regularization, f.power, f.unseen]),
            **_csr("weights", self.weights.weights),
            **_csr("content", self.content.matrix),
            **_csr("by_feature", self.content.by_feature),
            "known": self.known,
            "blend": np.array([self.blend.factors, self.blend.weights, self.blend.content, self.blend.known]),
        }

    @classmethod
    def of_arrays(cls, items: tuple[str, ...], features: tuple[str, ...], arrays: Arrays, seed: int) -> Model:
        """What `arrays` gave; `KeyError` or `ValueError` where they do not fit each other."""
        vectors, known = arrays["factors"], arrays["known"]
        if vectors.ndim != 2 or len(vectors) != len(items) or known.shape != (len(items),):
            raise ValueError("factors do not fit the items")
        return cls(
            items,
            features,
            Factors(vectors, *arrays["factor_facts"].tolist()),
            ItemWeights(_matrix("weights", arrays, (len(items), len(items)))),
            Content(
                _matrix("content", arrays, (len(items), len(features))),
                _matrix("by_feature", arrays, (len(features), len(items))),
            ),
            known,
            Blend(*arrays["blend"].tolist()),
            seed,
        )


def _best(scores: Singles, n: int, *excluded: Ints | None) -> tuple[Ints, Floats]:
    """Writes into `scores`."""
    for items in excluded:
        if items is not None:
            scores[items] = -np.inf
    order: Ints = highest(scores, min(n, len(scores)))
    return order, scores[order].astype(np.float64)


def _csr(key: str, matrix: Matrix) -> dict[str, NDArray[Any]]:
    # Both of one type: scipy copies what it maps else.
    kind = np.int32 if matrix.nnz < 2**31 else np.int64
    return {
        f"{key}.starts": matrix.indptr.astype(kind, copy=False),
        f"{key}.columns": matrix.indices.astype(kind, copy=False),
        f"{key}.values": matrix.data.astype(np.float32, copy=False),
    }


def _matrix(key: str, arrays: Arrays, shape: tuple[int, int]) -> Matrix:
    entries = arrays[f"{key}.values"], arrays[f"{key}.columns"], arrays[f"{key}.starts"]
    return sparse.csr_array(entries, shape=shape)
