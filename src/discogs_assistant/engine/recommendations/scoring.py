"""How much a person would love each of the candidates, as exact sums of what their own records add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from discogs_assistant.engine.recommendations.cold_start import NONE, ColdStart, cold_start, worth_of_likeness
from discogs_assistant.engine.recommendations.features import Feature, feature_of
from discogs_assistant.engine.recommendations.learning.fold_in import FoldedPerson
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Ints, Matrix
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.novelty import Traits
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.release import Release

ENOUGH_COLLECTORS = 20
"""Below twenty people who agreed, no collection is used: an answer could reveal a single one."""

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
    """A model with its version's name, learned from so many `collectors` besides the person.

    `cold_start` holds records that it can score too, though it has not learned all of them.
    """

    name: str
    model: Model
    collectors: int = 0
    cold_start: ColdStart = NONE

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Where each item (Release.item_key) stands in the model."""
        return {int(item): place for place, item in enumerate(self.model.items)}

    @cached_property
    def features(self) -> Sequence[Feature]:
        """The model's features, and behind them those of cold-start records alone."""
        return [*map(feature_of, self.model.features), *self.cold_start.features]

    def knowing(self, releases: Iterable[Release]) -> Learned:
        """As it is, able to score all of `releases`, those too that the model has not learned."""
        known = {release.id: release for release in releases}
        if all(release.item_key in self.places for release in known.values()):
            return self
        in_order, of_model = (known[id] for id in sorted(known)), self.features[: len(self.model.features)]
        return replace(self, cold_start=cold_start(in_order, self.places, self.model.content, of_model))

    def scores(self, taste: Taste, candidates: Iterable[int]) -> Scores:
        """The scores of these items; nothing is retrained."""
        return Scores(self, taste, candidates)

    def traits(self, items: Sequence[int]) -> Traits:
        """How well known these items are, which the model knows, and what they are made of.

        In a model of the person alone, owning an item makes it no more popular than others;
        cold-start records have no popularity.
        """
        known = self.model.known.astype(np.float64) if self.collectors else np.zeros(len(self.model.items))
        least, most = known.min(initial=0.0), known.max(initial=0.0)
        popularity = np.append((known - least) / ((most - least) or 1.0), 0.0)
        return Traits(popularity[[self.places.get(item, -1) for item in items]], self.rows(items))

    def rows(self, items: Sequence[int]) -> Matrix:
        """(items, features) what these are made of, of length 1, or 0 where nothing is known."""
        new, matrix = self.cold_start, self.model.content.matrix
        inside = [item for item in items if item not in new.places]
        learned = matrix[_at(inside, self.places)]
        if not new.places:
            return learned
        shape = (len(inside), new.rows.shape[1])
        wide = sparse.csr_array((learned.data, learned.indices, learned.indptr), shape=shape)
        added = [item for item in items if item in new.places]
        both = sparse.vstack([wide, new.rows[_at(added, new.places)]], format="csr")
        return both[_at(items, {item: row for row, item in enumerate((*inside, *added))})]

    def row(self, item: int) -> tuple[Ints, Floats]:
        """As `rows`, of one item: the columns of its features, and how much each counts."""
        new = self.cold_start
        if item in new.places:
            return _row(new.rows, new.places[item])
        return _row(self.model.content.matrix, self.places[item])


class Scores:
    """The scores of one person's candidates, the highest 1; 0 or less where an item has no evidence.

    What is owned, loved, wanted and hidden is folded into the model by its weights
    (`engine/recommendations/taste.py`); hidden records, whose weights are below 0, count against what is like
    them. Where none is liked, being known counts alone, from the least known item up.

    A pair of the person's records and a candidate of which the model has not learned both adds their
    likeness, by what it is worth on the whole among the pairs that the model has learned. For a person with
    cold-start records only, likeness alone decides.
    """

    def __init__(self, learned: Learned, taste: Taste, candidates: Iterable[int]) -> None:
        self._learned, self._places, self._new = learned, learned.places, learned.cold_start.places
        given = sorted((item for item in taste.weights if item in self._places), key=self._places.__getitem__)
        new = (item for item in taste.weights if item in self._new and item not in self._places)
        self._mine = (*given, *new)
        self._given = len(given)
        weights = np.array([taste.weights[item] for item in self._mine], dtype=np.float64)
        self._signs, self._keys = np.sign(weights), np.array(self._mine, dtype=np.int64)
        self._folded: FoldedPerson = learned.model.fold_in(_at(given, self._places), weights[: len(given)])
        has_learned = bool((weights[: len(given)] > 0).any())
        self._alone = not has_learned and bool((weights > 0).any())
        self._least = 0.0 if has_learned else float(learned.model.known.min(initial=0.0))
        self._best = 1.0
        self._scores = self._scored(
            [item for item in candidates if item in self._places or item in self._new]
        )
        highest = max(self._scores.values(), default=0.0)
        if highest > _NOISE:
            self._best = highest
            self._scores = {item: score / highest for item, score in self._scores.items()}

    def of(self, item: int) -> float:
        """The score of an item, leaving out what it adds to the taste itself."""
        return self._scores.get(item, 0.0)

    def contributions(self, item: int) -> Contributions:
        """What the score of `item`, learned or not, is made of."""
        columns, cells = self._cells(item)
        together, known = np.zeros(len(self._mine)), 0.0
        if self._is_learned(item):
            because, given = self._learned.model.because(self._folded, self._places[item]), slice(self._given)
            together[given] = because.items - cells[given].sum(axis=1)
            known = because.known - self._least
        itself = self._keys == item
        cells[itself], together[itself] = 0.0, 0.0
        names, best = tuple(self._learned.features[feature] for feature in columns), self._best
        return Contributions(self._mine, self._signs > 0, names, cells / best, together / best, known / best)

    def _scored(self, items: list[int]) -> dict[int, float]:
        if not items:
            return {}
        learned = np.array([self._is_learned(item) for item in items])
        whole = np.zeros(len(items))
        whole[learned] = self._whole[_at([known for known in items if self._is_learned(known)], self._places)]
        if self._new:
            whole += self._worth * self._likeness(items, learned)
        whole[np.abs(whole) < _NOISE] = 0.0
        found = dict(zip(items, whole.tolist(), strict=True))
        mine = set(self._mine)
        return found | {item: self.contributions(item).total for item in items if item in mine}

    def _is_learned(self, item: int) -> bool:
        """Whether the model itself has evidence of the item for this person."""
        return item in self._places and not self._alone

    @cached_property
    def _whole(self) -> Floats:
        """(items of the model,) the scores of the model."""
        return self._folded.scores().astype(np.float64) - self._least

    @cached_property
    def _worth(self) -> float:
        """See `worth_of_likeness`; what the person has is no candidate, and does not count."""
        if self._alone or not self._new:
            return 1.0
        given = self._folded.given
        alike = self._learned.model.content.fold_in(given).score().astype(np.float64)
        alike[given.items] = 0.0
        return worth_of_likeness(self._whole, alike)

    def _likeness(self, items: Sequence[int], learned: NDArray[np.bool_]) -> Floats:
        """(items,) how like they are to those of the person's records with which the model pairs them not."""
        rows, mine = self._learned.rows(items), self._my_features
        unpaired = np.arange(len(self._mine)) >= self._given
        every, new = mine.T @ self._signs, mine.T @ (self._signs * unpaired)
        return np.asarray(np.where(learned, rows @ new, rows @ every))

    def _cells(self, item: int) -> tuple[Ints, Floats]:
        """Features of an item, as columns, and (the person's items, features) what they add to its score."""
        if not self._is_learned(item):
            columns, cells = _products(self._my_features, *self._learned.row(item))
            return columns, self._worth * cells * self._signs[:, None]
        matrix, scale = self._learned.model.content.matrix, self._folded.scale
        columns, cells = _products(self._given_features, *_row(matrix, self._places[item]))
        if self._given == len(self._mine):
            return columns, scale.content * cells * self._signs[:, None]
        more, beside = _products(self._my_features, *self._learned.row(item))
        every = np.union1d(columns, more)
        both: Floats = np.zeros((len(self._mine), len(every)))
        both[: self._given, np.searchsorted(every, columns)] = scale.content * cells
        both[self._given :, np.searchsorted(every, more)] = self._worth * beside[self._given :]
        return every, both * self._signs[:, None]

    @cached_property
    def _given_features(self) -> Any:
        """(the person's learned items, features), as the model has them."""
        given = self._mine[: self._given]
        return self._learned.model.content.matrix[_at(given, self._places)].tocsc()

    @cached_property
    def _my_features(self) -> Any:
        """(the person's items, features), among the cold-start records."""
        return self._learned.rows(self._mine).tocsc()


def _row(matrix: Matrix, place: int) -> tuple[Ints, Floats]:
    own = slice(matrix.indptr[place], matrix.indptr[place + 1])
    return matrix.indices[own], matrix.data[own]


def _products(mine: Matrix, columns: Ints, values: Floats) -> tuple[Ints, Floats]:
    """`columns`, and (items, columns) the products of each with that feature of `mine`, by columns."""
    found: Floats = np.zeros((mine.shape[0], len(columns)))
    for column, (feature, worth) in enumerate(zip(columns, values, strict=True)):
        part = slice(mine.indptr[feature], mine.indptr[feature + 1])
        found[mine.indices[part], column] = mine.data[part] * np.float64(worth)
    return columns, found


def _at(items: Sequence[int], places: Mapping[int, int]) -> Ints:
    return np.array([places[item] for item in items], dtype=np.int64)
