"""Made-up collectors and a made-up catalogue, as large as one likes."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from discogs_assistant.engine.recommendations.learning.interactions import Interactions
from discogs_assistant.engine.recommendations.learning.item_features import ItemFeatures, tf_idf

SEED = 20_260
_OF_EACH = 120
_SCENES = 400


def collections(users: int, items: int) -> Interactions:
    """About 120 items a user, most from three scenes; few items of a scene are on most of its shelves."""
    draw = np.random.default_rng(SEED)
    tried = int(_OF_EACH * 1.15)
    scenes = draw.integers(0, _SCENES, (users, 3))
    scene = scenes[np.arange(users)[:, None], draw.integers(0, 3, (users, tried))]
    scene = np.where(draw.random((users, tried)) < 0.2, draw.integers(0, _SCENES, (users, tried)), scene)
    size = items // _SCENES
    place = (size * draw.random((users, tried)) ** 2.5).astype(np.int64)
    item = np.minimum(place * _SCENES + scene, items - 1)
    user = np.repeat(np.arange(users), tried)
    keys = np.unique(user * items + item.ravel())
    rows, columns = np.divmod(keys, items)
    weights = draw.choice([1.0, 2.0], len(keys))
    matrix = sparse.csr_array((weights, (rows, columns)), shape=(users, items))
    return Interactions(_numbers(users), _numbers(items), matrix)


def catalogue(items: int) -> ItemFeatures:
    """A month's catalogue: each item has an artist, a label, credits, styles, genre, decade and format."""
    draw = np.random.default_rng(SEED)
    kinds = ((items // 3, 1.0), (items // 8, 1.0), (items // 4, 1.0), (items // 4, 1.0), (items // 4, 1.0),
             (600, 1.5), (600, 1.5), (15, 1.5), (8, 1.0), (120, 2.0), (60, 2.0))  # fmt: skip
    columns, first = [], 0
    for count, slope in kinds:
        columns.append(first + (count * draw.random(items) ** (2 * slope)).astype(np.int64))
        first += count
    rows = np.repeat(np.arange(items), len(kinds))
    counts = sparse.csr_array(
        (np.ones(len(rows), np.float32), (rows, np.stack(columns, axis=1).ravel())), shape=(items, first)
    )
    frequency = np.bincount(counts.indices, minlength=first)
    shared = np.flatnonzero(frequency > 1)
    matrix = tf_idf(counts[:, shared], frequency[shared])
    return ItemFeatures(_numbers(len(shared)), matrix, np.diff(matrix.indptr).astype(np.float64))


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))
