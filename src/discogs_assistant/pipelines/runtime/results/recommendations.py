"""The finished list of recommendations as printed JSON, and the values by which it can be narrowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.runtime.results.releases import format_text, format_words, release_json


def recommendations_json(result: RecommendationResult) -> dict[str, Any]:
    """The document of cli.md's `recommend`, with metadata, reasons and what is missing."""
    return {
        "user": result.user,
        "model": result.model,
        "made_at": result.made_at.isoformat(),
        "collectors": result.collectors,
        "recommendations": [recommendation_json(recommendation) for recommendation in result.recommendations],
        "partial": list(result.partial),
    }


def recommendation_json(recommendation: Recommendation) -> dict[str, Any]:
    """One recommendation; its score to six decimals."""
    return {
        "rank": recommendation.rank,
        **release_json(recommendation.release),
        "score": round(recommendation.score, 6),
        "reasons": [
            {
                "kind": reason.kind,
                "text": reason.text,
                "share": round(reason.share, 4),
                "release_id": None if reason.release_id is None else int(reason.release_id),
            }
            for reason in recommendation.reasons
        ],
        "new_artist": recommendation.new_artist,
        "new_label": recommendation.new_label,
        "wanted": recommendation.wanted,
    }


def choices(recommendations: Sequence[Recommendation]) -> dict[str, list[str]]:
    """The values that narrow this list: genres, styles, formats and countries, the most frequent first.

    And its decades, the newest first.
    """
    releases = [recommendation.release for recommendation in recommendations]
    decades = {f"{release.year // 10 * 10}s" for release in releases if release.year}
    return {
        "genres": _by_frequency(releases, lambda release: release.genres),
        "styles": _by_frequency(releases, lambda release: release.styles),
        "formats": _by_frequency(releases, _words_of_formats),
        "country": _by_frequency(releases, lambda release: [release.country] if release.country else ()),
        "decades": sorted(decades, reverse=True),
    }


def _by_frequency(releases: Sequence[Release], values: Callable[[Release], Iterable[str]]) -> list[str]:
    counts = Counter(value for release in releases for value in set(values(release)))
    return sorted(counts, key=lambda value: (-counts[value], value))


def _words_of_formats(release: Release) -> Iterable[str]:
    return (word for made_of in release.formats for word in format_words(format_text(made_of)))
