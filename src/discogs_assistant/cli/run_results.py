"""The result of a run as `recommend` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discogs_assistant.cli.output import print_table

if TYPE_CHECKING:
    from discogs_assistant.model.recommendation import Recommendation, RecommendationResult


def show_recommendations(result: RecommendationResult) -> None:
    """The list as a table, with the strongest reason of each record."""
    from discogs_assistant.pipelines.runtime.results.releases import artist_names

    rows = [
        (
            item.rank,
            ", ".join(artist_names(item.release)),
            item.release.title,
            f"{item.score:.3f}",
            _because(item),
        )
        for item in result.recommendations
    ]
    print_table(f"For {result.user}", ("#", "artist", "title", "score", "why"), rows)


def _because(recommendation: Recommendation) -> str:
    return recommendation.reasons[0].text if recommendation.reasons else ""
