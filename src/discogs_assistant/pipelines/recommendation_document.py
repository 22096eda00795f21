"""The finished list of recommendations as a JSON document, and narrowed views of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discogs_assistant.model.ids import ArtistId, MasterId, ReleaseId, id_from_name
from discogs_assistant.model.recommendation import (
    Reason,
    Recommendation,
    RecommendationResult,
)
from discogs_assistant.model.release import ArtistCredit, Release
from discogs_assistant.pipelines.release_document import format_of, format_words, release_json


def recommendations_document(result: RecommendationResult, partial: Sequence[str]) -> dict[str, Any]:
    """The document of cli.md's `recommend`, with metadata, reasons and what is missing."""
    return {
        "user": result.user,
        "model": result.model,
        "made_at": result.made_at.isoformat(),
        "collectors": result.collectors,
        "recommendations": [recommendation_json(one) for one in result.recommendations],
        "partial": list(partial),
    }


def recommendation_json(one: Recommendation) -> dict[str, Any]:
    """One recommendation; its score to six decimals."""
    return {
        "rank": one.rank,
        **release_json(one.release),
        "score": round(one.score, 6),
        "reasons": [_reason_json(reason) for reason in one.reasons],
        "new_artist": one.new_artist,
        "new_label": one.new_label,
        "wanted": one.wanted,
    }


def recommendation_of(item: dict[str, Any]) -> Recommendation:
    """What filters and order look at, from one recommendation's JSON; its artists are known by name alone."""
    master = item["master_id"]
    release = Release(
        id=ReleaseId(item["release_id"]),
        title=item["title"],
        master_id=None if master is None else MasterId(master),
        year=item["year"],
        country=item["country"],
        artists=tuple(ArtistCredit(ArtistId(id_from_name(name)), name) for name in item["artists"]),
        formats=tuple(format_of(text) for text in item["formats"]),
        genres=tuple(item["genres"]),
        styles=tuple(item["styles"]),
    )
    new_artist, new_label, wanted = item["new_artist"], item["new_label"], item["wanted"]
    return Recommendation(item["rank"], release, item["score"], (), new_artist, new_label, wanted)


def choices(document: dict[str, Any]) -> dict[str, list[str]]:
    """The values that narrow this list: genres, styles, formats and countries, the most frequent first.

    And its decades, the newest first.
    """
    items = document["recommendations"]
    decades = {f"{item['year'] // 10 * 10}s" for item in items if item["year"]}
    return {
        **{name: _by_frequency(items, name) for name in ("genres", "styles", "formats", "country")},
        "decades": sorted(decades, reverse=True),
    }


def _by_frequency(items: list[dict[str, Any]], name: str) -> list[str]:
    counts: dict[str, int] = {}
    for item in items:
        for value in _values(item, name):
            counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))


def _values(item: dict[str, Any], name: str) -> set[str]:
    value = item[name]
    if name == "formats":
        return {word for text in value for word in format_words(text)}
    return {value} - {None} if name == "country" else set(value)


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "text": reason.text,
        "share": round(reason.share, 4),
        "release_id": None if reason.release_id is None else int(reason.release_id),
    }
