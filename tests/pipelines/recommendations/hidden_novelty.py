"""`python -m tests.pipelines.recommendations.hidden_novelty`: what surprise costs and what it brings, in the
sandbox.

A fifth of the last thirty collectors' records is hidden from a model of sixty others, as in `hidden_fifth`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from time import perf_counter
from typing import NamedTuple

import numpy as np
from tests.engine.recommendations.collectors import releases, world
from tests.pipelines.recommendations.hidden_fifth import DEPTH, TESTED, metrics, taste_of

from discogs_assistant.engine.recommendations.novelty import unlike_each_other
from discogs_assistant.engine.recommendations.ordering import POOL
from discogs_assistant.engine.recommendations.ranking import recommend as rank
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste, artist_keys
from discogs_assistant.engine.recommendations.training_data import learn, training_data
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.model.release import Release

SEED, COLLECTORS, TIMES = 1, 60, 20
SURPRISES = ("0", "0.5", "1")


class Figures(NamedTuple):
    """Of one list: what it found, how alike its records are, how popular, of how many artists; its items."""

    recall: float
    ndcg: float
    likeness: float
    popularity: float
    artists: int
    items: frozenset[int]


def main() -> None:
    """Print a row for each surprise: means over the people, and how many records all lists have together."""
    made_up = world(SEED)
    known = releases(made_up)
    tastes = [taste_of(made_up, known, place) for place in range(len(made_up.collectors))]
    people = [taste.weights for taste in tastes[1 : COLLECTORS + 1]]
    learned = Learned("sixty", learn(training_data(people, known.values())), COLLECTORS)
    asked = []
    for place in range(len(tastes) - TESTED, len(tastes)):
        keys = sorted({release.item_key for release in tastes[place].owned})
        hidden = set(np.random.default_rng([0, place]).choice(keys, len(keys) // 5, replace=False).tolist())
        asked.append((taste_of(made_up, known, place, hidden), hidden))
    print(
        "| surprise | recall@50 | NDCG@100 | likeness | popularity | artists of 100 | records of all lists |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for surprise in SURPRISES:
        print(row(surprise, list(figures(learned, asked, known, Decimal(surprise)))), flush=True)
    print(f"{DEPTH} of {POOL:,} records are picked in {milliseconds(learned):.1f} ms")


def milliseconds(learned: Learned) -> float:
    """The median time of picking a list from the first records of the model, with random relevance."""
    rows = learned.model.content.matrix[np.arange(POOL)]
    taken = []
    for seed in range(TIMES):
        relevance = np.random.default_rng(seed).random(POOL) + 0.1
        began = perf_counter()
        unlike_each_other(relevance, rows, 1.0, DEPTH)
        taken.append(1000 * (perf_counter() - began))
    return float(np.median(taken))


def figures(
    learned: Learned, asked: list[tuple[Taste, set[int]]], known: dict[int, Release], surprise: Decimal
) -> Iterator[Figures]:
    """Those of each person's list."""
    wish = RecommendationFilters(surprise=surprise)
    for taste, hidden in asked:
        found = rank(learned, taste, known.values(), wish, limit=DEPTH).recommendations
        items = [recommended.release.item_key for recommended in found]
        traits = learned.traits(items)
        alike = (traits.rows @ traits.rows.T).toarray()
        pairs = len(items) * (len(items) - 1)
        yield Figures(
            *metrics(items, hidden),
            likeness=float(alike.sum() - np.trace(alike)) / pairs,
            popularity=float(traits.popularity.mean()),
            artists=len(artist_keys(recommended.release for recommended in found)),
            items=frozenset(items),
        )


def row(surprise: str, found: list[Figures]) -> str:
    """The means as a line of a table."""
    recall, ndcg, likeness, popularity, artists = np.array([figures[:5] for figures in found]).mean(axis=0)
    together = len(frozenset().union(*(figures.items for figures in found)))
    return (
        f"| {surprise} | {recall:.3f} | {ndcg:.3f} | {likeness:.3f} | {popularity:.3f} | {artists:.0f} | "
        f"{together:,} |"
    )


if __name__ == "__main__":
    main()
