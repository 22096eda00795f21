"""One person's ranked recommendations: what is left of the candidates, in order, each with its reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from discogs_assistant.engine.recommendations.exposure_decay import exposure_decay
from discogs_assistant.engine.recommendations.filters import passes, suits
from discogs_assistant.engine.recommendations.ordering import by_novelty, by_score, few_of_each_artist
from discogs_assistant.engine.recommendations.reasons import reasons
from discogs_assistant.engine.recommendations.scoring import Learned, Scores
from discogs_assistant.engine.recommendations.taste import Taste, artist_keys, label_keys
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release

_LEAST_SHARE = 0.01  # of the best: a lower score of a want shows no more than that it is wanted
_NOTHING: Mapping[ReleaseId, int] = {}


class Scored(Protocol):
    """Scores by item (Release.item_key), the highest 1."""

    def of(self, item: int) -> float:
        """The score of an item."""
        ...


@dataclass(frozen=True, slots=True)
class Recommended:
    """The list, and on the same scale what the taste gives each wanted release, 0 where it has no
    evidence."""

    recommendations: tuple[Recommendation, ...]
    wants: dict[ReleaseId, float]


def recommend(
    learned: Learned,
    taste: Taste,
    candidates: Iterable[Release],
    filters: RecommendationFilters,
    *,
    limit: int,
    prefer: Collection[ReleaseId] = frozenset(),
    passed_over: Mapping[ReleaseId, int] = _NOTHING,
    among: Collection[ReleaseId] | None = None,
) -> Recommended:
    """The `limit` best of `candidates` by falling score, one release for each item.

    Never something owned or hidden, or another pressing of it, nor without `include_wantlist` a wanted one.
    Of an item's pressings one that suits the filters is shown: the wanted one, else one in a format that the
    person owns, else one of `prefer` (those for sale, say), else one from where most of theirs are, else one
    whose own page is known, else the earliest; only ever one `among` these, where they are given. Who has no
    records yet gets what is well known, a few of each style. What was `passed_over` on many days falls a
    little (see `exposure_decay`), unless it is wanted. With novelty the order is that of
    `engine/recommendations/novelty.py`.
    """
    shown = left_for(taste, candidates)
    scores = learned.scores(taste, {release.item_key for release in (*taste.wanted, *shown)})
    passing = in_order(shown, scores, taste, filters, prefer=prefer, passed_over=passed_over, among=among)
    kept = _arranged(passing, learned, filters, limit)
    if not taste.known:
        kept = _of_each_style(kept)
    return Recommended(
        tuple(
            _explained(rank, recommendation, scores, taste, learned.collectors)
            for rank, recommendation in enumerate(kept[:limit], 1)
        ),
        {release.id: _significant(scores.of(release.item_key)) for release in taste.wanted},
    )


def left_for(taste: Taste, candidates: Iterable[Release]) -> list[Release]:
    """What is wanted, and those of `candidates` that are neither owned nor hidden, in any pressing."""
    pool = [*taste.wanted, *candidates]
    return [release for release in pool if not taste.owns(release) and not taste.hides(release)]


def in_order(
    shown: Sequence[Release],
    scores: Scored,
    taste: Taste,
    filters: RecommendationFilters,
    *,
    prefer: Collection[ReleaseId] = frozenset(),
    passed_over: Mapping[ReleaseId, int] = _NOTHING,
    among: Collection[ReleaseId] | None = None,
) -> list[Recommendation]:
    """One release for each item, chosen by the rules of `recommend`, by falling score; reasons are still to
    come."""
    factors = exposure_decay(shown, passed_over)
    allowed = [release for release in shown if among is None or release.id in among]
    chosen = _one_each(allowed, taste, prefer, filters)
    described = (_decayed(_described(release, scores, taste), factors) for release in chosen)
    return by_score(
        recommendation
        for recommendation in described
        if recommendation.score > 0 and passes(recommendation, filters)
    )


def _arranged(
    recommendations: Sequence[Recommendation], learned: Learned, filters: RecommendationFilters, limit: int
) -> list[Recommendation]:
    if not filters.surprise:
        return few_of_each_artist(recommendations, filters.per_artist)
    return by_novelty(recommendations, learned.traits, float(filters.surprise), filters.per_artist, limit)


def _one_each(
    releases: Sequence[Release],
    taste: Taste,
    prefer: Collection[ReleaseId],
    filters: RecommendationFilters,
) -> list[Release]:
    wanted = {release.id for release in taste.wanted}

    def order(release: Release) -> tuple[object, ...]:
        return (
            release.item_key,
            not suits(release, filters),
            release.id not in wanted,
            not taste.has_format_of(release),
            release.id not in prefer,
            release.country is None or release.country != taste.country,
            not release.complete,
            release.year or 9999,
            release.id,
        )

    first: dict[int, Release] = {}
    for release in sorted(releases, key=order):
        first.setdefault(release.item_key, release)
    return list(first.values())


def _of_each_style(ranked: Sequence[Recommendation]) -> list[Recommendation]:
    """The best of each style, then the second of each, and so on; a record's first style counts."""
    met: dict[str, int] = {}
    turns = []
    for recommendation in ranked:
        style = next(iter((*recommendation.release.styles, *recommendation.release.genres)), "")
        met[style] = met.get(style, 0) + 1
        turns.append(met[style])
    return [
        recommendation
        for _, recommendation in sorted(zip(turns, ranked, strict=True), key=lambda pair: pair[0])
    ]


def _significant(score: float) -> float:
    return score if score >= _LEAST_SHARE else 0.0


def _described(release: Release, scores: Scored, taste: Taste) -> Recommendation:
    artists, labels = artist_keys([release]), label_keys([release])
    return Recommendation(
        rank=0,
        release=release,
        score=scores.of(release.item_key),
        reasons=(),
        new_artist=bool(artists) and not artists & taste.artists,
        new_label=bool(labels) and not labels & taste.labels,
        wanted=taste.wants(release),
    )


def _decayed(recommendation: Recommendation, factors: Mapping[int, float]) -> Recommendation:
    factor = 1.0 if recommendation.wanted else factors.get(recommendation.release.item_key, 1.0)
    return replace(recommendation, score=recommendation.score * factor)


def _explained(
    rank: int, recommendation: Recommendation, scores: Scores, taste: Taste, collectors: int
) -> Recommendation:
    because = reasons(scores.contributions(recommendation.release.item_key), taste, collectors)
    return replace(recommendation, rank=rank, reasons=because)
