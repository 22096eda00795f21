"""The order of a list, and how many records of one artist it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

import numpy as np

from discogs_assistant.engine.recommendations.novelty import Traits, discounted, unlike_each_other
from discogs_assistant.engine.recommendations.taste import artist_keys
from discogs_assistant.model.recommendation import Recommendation

POOL = 1000
"""From how many of the most relevant records a surprising list is picked."""


def by_score(ones: Iterable[Recommendation]) -> list[Recommendation]:
    """The highest score first; ties by id."""
    return sorted(ones, key=lambda one: (-one.score, one.release.id))


def few_of_each_artist(ones: Iterable[Recommendation], most: int | None) -> list[Recommendation]:
    """The first ones in order, at most `most` that have a main artist in common; None is no limit.

    A record of several main artists counts for each of them, Various and the like for none.
    """
    met: Counter[str] = Counter()
    kept = []
    for one in ones:
        artists = artist_keys([one.release])
        if most is None or all(met[artist] < most for artist in artists):
            met.update(artists)
            kept.append(one)
    return kept


def surprising(
    ones: Iterable[Recommendation],
    traits_of: Callable[[Sequence[int]], Traits],
    surprise: float,
    per_artist: int | None,
    limit: int,
) -> list[Recommendation]:
    """At most `limit` of records with scores above 0 in the order of `engine/recommendations/novelty.py`.

    `traits_of` tells those of items (Release.item_key). Of each artist the most relevant are kept. The scores
    stay what they were.
    """
    in_order = sorted(ones, key=attrgetter("release.id"))
    if not in_order:
        return []
    traits = traits_of([one.release.item_key for one in in_order])
    relevance = discounted(np.array([one.score for one in in_order]), traits.popularity, surprise)
    place = {one.release.id: at for at, one in enumerate(in_order)}
    ranked = few_of_each_artist((in_order[at] for at in np.argsort(-relevance, kind="stable")), per_artist)
    pool = np.sort([place[one.release.id] for one in ranked[:POOL]])
    picked = unlike_each_other(relevance[pool], traits.of(pool).rows, surprise, limit)
    return [in_order[at] for at in pool[picked]]
