"""How much a person would love each of the candidates, as exact sums of what their own records add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.features import Feature, feature_of
from discogs_assistant.engine.recommender.interactions import Floats, Ints
from discogs_assistant.engine.recommender.model import Model
from discogs_assistant.engine.recommender.taste import Taste as Folded
from discogs_assistant.engine.surprise import Traits
from discogs_assistant.engine.taste import Taste

ENOUGH_COLLECTORS = 20
"""Below twenty people who agreed, nobody's collection is used: an answer could tell of a single one's."""

_NOISE = 1e-6


@dataclass(frozen=True)
class Contributions:
    """What a score is made of: its cells add up to it.

    `items` are the person's, `liked` (items,) False where they are hidden and speak against; `content`
    (items, features): by shared features; `together` (items,): by all else that was learned; `known`: by
    how well known it is.
    """

    items: tuple[int, ...]
    liked: NDArray[np.bool_]
    features: tuple[Feature, ...]
    content: Floats
    together: Floats
    known: float

    @property
    def total(self) -> float:
        """The score."""
        return float(self.content.sum() + self.together.sum() + self.known)


@dataclass(frozen=True)
class Learned:
    """A model with its version's name, learned from so many `collectors` besides the person."""

    name: str
    model: Model
    collectors: int = 0

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Where each item (Release.item_key) stands in the model."""
        return {int(item): place for place, item in enumerate(self.model.items)}

    @cached_property
    def features(self) -> Sequence[Feature]:
        """The model's features."""
        return [feature_of(text) for text in self.model.features]

    def scores(self, taste: Taste, candidates: Iterable[int]) -> Scores:
        """The scores of these items; nothing is learned anew."""
        return Scores(self, taste, candidates)

    def traits(self, items: Sequence[int]) -> Traits:
        """How well known these items are, which the model knows, and what they are made of.

        Where nobody else is learned from, that the person has an item makes it no more known than others.
        """
        at = np.array([self.places[item] for item in items], dtype=np.int64)
        known = self.model.known.astype(np.float64) if self.collectors else np.zeros(len(self.model.items))
        least, most = known.min(initial=0.0), known.max(initial=0.0)
        return Traits((known[at] - least) / ((most - least) or 1.0), self.model.content.matrix[at])


class Scores:
    """The scores of one person's candidates, the highest 1; 0 or less where nothing speaks for an item.

    What is owned, loved, wanted and hidden is folded into the model by its weights (`engine/taste.py`);
    hidden records, whose weights are below 0, count against what is like them. Where none is liked, being
    known counts alone, from the least known item up.
    """

    def __init__(self, learned: Learned, taste: Taste, candidates: Iterable[int]) -> None:
        self._learned, self._places = learned, learned.places
        known = [item for item in taste.weights if item in self._places]
        self._mine = tuple(sorted(known, key=self._places.__getitem__))
        weights = np.array([taste.weights[item] for item in self._mine], dtype=np.float64)
        self._signs, self._keys = np.sign(weights), np.array(self._mine, dtype=np.int64)
        self._folded: Folded = learned.model.fold_in(self._at(self._mine), weights)
        told = bool((weights > 0).any())
        self._least = 0.0 if told else float(learned.model.known.min(initial=0.0))
        self._best = 1.0
        self._scores = self._scored([item for item in candidates if item in self._places])
        highest = max(self._scores.values(), default=0.0)
        if highest > _NOISE:
            self._best = highest
            self._scores = {item: score / highest for item, score in self._scores.items()}

    def of(self, item: int) -> float:
        """The score of an item, leaving out what it adds to the taste itself."""
        return self._scores.get(item, 0.0)

    def contributions(self, item: int) -> Contributions:
        """What the score of `item`, which the model knows, is made of."""
        place, scale = self._places[item], self._folded.scale
        because = self._learned.model.because(self._folded, place)
        cells = scale.content * self._shared(place)
        together = because.items - cells.sum(axis=1)
        itself = self._keys == item
        cells[itself], together[itself] = 0.0, 0.0
        names = tuple(self._learned.features[feature] for feature in because.features)
        best, known = self._best, because.known - self._least
        return Contributions(self._mine, self._signs > 0, names, cells / best, together / best, known / best)

    def _scored(self, items: list[int]) -> dict[int, float]:
        if not items:
            return {}
        whole = self._folded.scores().astype(np.float64) - self._least
        whole[np.abs(whole) < _NOISE] = 0.0
        found = dict(zip(items, whole[self._at(items)].tolist(), strict=True))
        mine = set(self._mine)
        return found | {item: self.contributions(item).total for item in items if item in mine}

    def _shared(self, place: int) -> Floats:
        """(the person's items, features of the item): products of both sides' features, signed."""
        matrix = self._learned.model.content.matrix
        own = slice(matrix.indptr[place], matrix.indptr[place + 1])
        found: Floats = np.zeros((len(self._mine), own.stop - own.start))
        mine = self._my_features
        for column, (feature, worth) in enumerate(zip(matrix.indices[own], matrix.data[own], strict=True)):
            part = slice(mine.indptr[feature], mine.indptr[feature + 1])
            found[mine.indices[part], column] = mine.data[part] * np.float64(worth)
        return found * self._signs[:, None]

    @cached_property
    def _my_features(self) -> Any:
        return self._learned.model.content.matrix[self._at(self._mine)].tocsc()

    def _at(self, items: Sequence[int]) -> Ints:
        return np.array([self._places[item] for item in items], dtype=np.int64)
