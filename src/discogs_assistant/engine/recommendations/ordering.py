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
"""From how many of the most relevant records a list by novelty is picked."""


def by_score(recommendations: Iterable[Recommendation]) -> list[Recommendation]:
    """The highest score first; ties by id."""
    return sorted(
        recommendations, key=lambda recommendation: (-recommendation.score, recommendation.release.id)
    )


def few_of_each_artist(recommendations: Iterable[Recommendation], most: int | None) -> list[Recommendation]:
    """The first ones in order, at most `most` that have a main artist in common; None is no limit.

    A record of several main artists counts for each of them, Various and the like for none.
    """
    met: Counter[str] = Counter()
    kept = []
    for recommendation in recommendations:
        artists = artist_keys([recommendation.release])
        if most is None or all(met[artist] < most for artist in artists):
            met.update(artists)
            kept.append(recommendation)
    return kept


def by_novelty(
    recommendations: Iterable[Recommendation],
    traits_of: Callable[[Sequence[int]], Traits],
    novelty: float,
    per_artist: int | None,
    limit: int,
) -> list[Recommendation]:
    """At most `limit` of records with scores above 0 in the order of `engine/recommendations/novelty.py`.

    `traits_of` gives those of items (Release.item_key). Of each artist the most relevant are kept. The scores
    stay what they were.
    """
    in_order = sorted(recommendations, key=attrgetter("release.id"))
    if not in_order:
        return []
    traits = traits_of([recommendation.release.item_key for recommendation in in_order])
    relevance = discounted(
        np.array([recommendation.score for recommendation in in_order]), traits.popularity, novelty
    )
    place = {recommendation.release.id: at for at, recommendation in enumerate(in_order)}
    ranked = few_of_each_artist((in_order[at] for at in np.argsort(-relevance, kind="stable")), per_artist)
    pool = np.sort([place[recommendation.release.id] for recommendation in ranked[:POOL]])
    picked = unlike_each_other(relevance[pool], traits.of(pool).rows, novelty, limit)
    return [in_order[at] for at in pool[picked]]
