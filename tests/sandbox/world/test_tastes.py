"""Tastes can be learned: hidden records are found by similar collectors and features, not by fame alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from discogs_sandbox.world.entities import Work
from discogs_sandbox.world.world import World

Matrix = NDArray[np.float64]
TOP = 50


def owned(world: World) -> Matrix:
    matrix = np.zeros((len(world.collectors), len(world.works)))
    for place, account in enumerate(world.collectors):
        for item in account.items:
            matrix[place, world.releases[item.release].work] = 1
    return matrix


def hide(matrix: Matrix) -> tuple[Matrix, list[set[int]]]:
    chance, given, hidden = np.random.default_rng(0), matrix.copy(), []
    for place, row in enumerate(matrix):
        works = np.flatnonzero(row)
        out = chance.choice(works, len(works) // 5, replace=False)
        given[place, out] = 0
        hidden.append({int(work) for work in out})
    return given, hidden


def recall(scores: Matrix, given: Matrix, hidden: list[set[int]]) -> float:
    ranked = np.argsort(-np.where(given > 0, -np.inf, scores), axis=1, kind="stable")[:, :TOP]
    found = [
        len(set(row.tolist()) & out) / min(TOP, len(out)) for row, out in zip(ranked, hidden, strict=True)
    ]
    return float(np.mean(found))


def cosines(columns: Matrix) -> Matrix:
    lengths = np.linalg.norm(columns, axis=0) + 1e-9
    alike = (columns.T @ columns) / np.outer(lengths, lengths)
    np.fill_diagonal(alike, 0)
    return np.asarray(alike)


def features(works: tuple[Work, ...]) -> Matrix:
    known: dict[object, int] = {}
    rows = [[known.setdefault(key, len(known)) for key in keys(work)] for work in works]
    matrix = np.zeros((len(works), len(known)))
    for place, row in enumerate(rows):
        matrix[place, row] = 1
    return np.asarray(matrix * np.log(len(works) / matrix.sum(axis=0)))


def keys(work: Work) -> list[object]:
    artists = [("artist", credit.artist.id) for credit in (*work.artists, *work.credits)]
    return [*artists, ("label", work.label.id), *work.styles, *work.genres]


@pytest.mark.parametrize("seed", [0, 1])
def test_hidden_records_are_found_twice_as_often_as_by_popularity_but_not_always(seed: int) -> None:
    world = World.generate(seed, listings=0)
    given, hidden = hide(owned(world))
    popular = recall(np.tile(given.sum(axis=0), (len(given), 1)), given, hidden)
    together = recall(given @ cosines(given), given, hidden)
    alike = recall(given @ cosines(features(world.works).T), given, hidden)
    assert together > 2.2 * popular
    assert alike > 2.2 * popular
    assert together < 0.8
