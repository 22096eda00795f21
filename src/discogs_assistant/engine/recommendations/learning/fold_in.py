"""One person folded into a model: their scores of all items, and what each score is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from discogs_assistant.engine.recommendations.learning.content import Content, FoldedContent
from discogs_assistant.engine.recommendations.learning.factors import Factors, FoldedFactors
from discogs_assistant.engine.recommendations.learning.holdout import Given
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints, Singles
from discogs_assistant.engine.recommendations.learning.item_weights import ItemWeights
from discogs_assistant.engine.recommendations.learning.scoring_kernels import add_parts, deviation

_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Blend:
    """How much each part counts, in its own standard deviations over all items."""

    factors: float
    weights: float
    content: float
    known: float


class Parts(Protocol):
    """What a model is made of."""

    @property
    def factors(self) -> Factors: ...
    @property
    def weights(self) -> ItemWeights: ...
    @property
    def content(self) -> Content: ...
    @property
    def known(self) -> Singles | Floats: ...
    @property
    def blend(self) -> Blend: ...


class Reasons(NamedTuple):
    """What a score is made of, twice: the shares by items add up to it, and so do those by features.

    `items`: (given,) what each given item adds; `known`: what being known adds, in both sums. `features`
    are the item's, as places, and `shares` what each adds through all given items; `together` is what the
    given items add beyond the features.
    """

    items: Floats
    known: float
    features: Ints
    shares: Floats
    together: float


@dataclass(frozen=True)
class FoldedPerson:
    """A person known by the items `given`."""

    parts: Parts
    given: Given

    @cached_property
    def folded(self) -> FoldedFactors:
        """The person among the factors."""
        return self.parts.factors.fold_in(self.given)

    @cached_property
    def scale(self) -> Blend:
        """What each part's raw score is multiplied by; what nothing is known of counts 0.

        recommender.md's z without the shift, which ranks alike and keeps sums exact. Where what the person
        has is unknown, or is no evidence for any item, popular items come first.
        """
        blend = self.parts.blend
        factors = blend.factors * _inverse(self.parts.factors.deviation(self.folded.vector))
        weights = blend.weights * _inverse(float(deviation(self._weighed)))
        content = blend.content * _inverse(float(deviation(self._alike)))
        has_evidence = (self.given.weights > 0).any() and (factors or weights or content)
        return Blend(factors, weights, content, blend.known if has_evidence else 1.0)

    def scores(self) -> Singles:
        """(items,)"""
        return self.completed(self.parts.factors.vectors @ self.scaled_vector)

    @property
    def scaled_vector(self) -> Singles:
        """(width,) whose products with the item vectors are the factors' part of the scores."""
        return (self.folded.vector * self.scale.factors).astype(np.float32)

    def completed(self, row: Singles) -> Singles:
        """`row` of the scores by factors, with all else added to it in place."""
        scale = self.scale
        factors = np.array([scale.weights, scale.content, scale.known], dtype=np.float32)
        add_parts(row, self._weighed, self._alike, self.parts.known, factors)
        return row

    def reasons(self, item: int) -> Reasons:
        """See `Reasons`."""
        scale = self.scale
        beyond = scale.factors * self.folded.shares(item)
        beyond = beyond + scale.weights * self.parts.weights.shares(self.given, item)
        features, by_feature, by_given = self._content.shares(item)
        return Reasons(
            items=beyond + scale.content * by_given,
            known=float(scale.known * self.parts.known[item]),
            features=features,
            shares=scale.content * by_feature,
            together=float(beyond.sum()),
        )

    @cached_property
    def _weighed(self) -> Singles:
        return self.parts.weights.score(self.given)

    @cached_property
    def _alike(self) -> Singles:
        if not self.parts.blend.content:
            return np.zeros(len(self.parts.known), np.float32)
        return self._content.score()

    @cached_property
    def _content(self) -> FoldedContent:
        return self.parts.content.fold_in(self.given)


def _inverse(deviation: float) -> float:
    return 1.0 / deviation if deviation > _LEAST else 0.0
