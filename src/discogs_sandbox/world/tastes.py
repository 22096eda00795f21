"""Tastes: how much a collector with a mixture of scenes wants each work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world.entities import Release, Work
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import SeededRandom

_FAVOURITE_ARTIST = 4.0
_FAVOURITE_LABEL = 2.5


class TasteMap:
    """What of the works matters to a taste: scenes, artists, labels, years, fame."""

    def __init__(self, works: Sequence[Work], releases: Sequence[Release]) -> None:
        self.works = works
        self.scenes = _scene_matrix(works)
        self.fame = np.array([work.fame for work in works]) ** 0.75
        self.years = np.array([work.year or 1990 for work in works], dtype=np.float64)
        self._by_artist = _indexes_by(
            works, lambda work: [c.artist.id for c in (*work.artists, *work.credits)]
        )
        self._by_label = _indexes_by(works, lambda work: [work.label.id])
        self.pressings = _pressings(works, releases)
        self.sellable = _pressings(works, [release for release in releases if not release.blocked])

    def weights(self, mix: NDArray[np.float64], rng: SeededRandom) -> NDArray[np.float64]:
        """How much a new collector with this mixture of scenes wants each work, shape (works,)."""
        drawn = self.fame * (self.scenes @ mix) * self._era(rng)
        weights = drawn + 0.12 * self.fame
        indexes = dict.fromkeys(rng.weighted_choices(drawn, rng.between(5, 16)))
        favourites = [self.works[index] for index in indexes]
        for work in favourites:
            weights[self._by_artist[work.artists[0].artist.id]] *= _FAVOURITE_ARTIST
            if rng.chance(0.35):
                weights[self._by_label[work.label.id]] *= _FAVOURITE_LABEL
        return weights

    def _era(self, rng: SeededRandom) -> NDArray[np.float64]:
        centre = rng.between(1965, 2020)
        return np.asarray(0.3 + np.exp(-(((self.years - centre) / 16.0) ** 2)))


def _scene_matrix(works: Sequence[Work]) -> NDArray[np.float64]:
    matrix = np.full((len(works), len(SCENES)), 0.01)
    for index, work in enumerate(works):
        matrix[index, work.scene] = 1.0
        matrix[index, SCENES[work.scene].near] += 0.1
    return matrix


def _indexes_by(works: Sequence[Work], keys: Callable[[Work], list[int]]) -> dict[int, list[int]]:
    indexes: dict[int, list[int]] = {}
    for index, work in enumerate(works):
        for key in dict.fromkeys(keys(work)):
            indexes.setdefault(key, []).append(index)
    return indexes


def _pressings(works: Sequence[Work], releases: Sequence[Release]) -> list[list[Release]]:
    pressings: list[list[Release]] = [[] for _ in works]
    for release in releases:
        pressings[release.work].append(release)
    return pressings
