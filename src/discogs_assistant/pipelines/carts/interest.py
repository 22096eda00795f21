"""What a person may buy: recommendations and wants with their scores, stored with the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import Recommendation
from discogs_assistant.pipelines.runtime.results.fields import described


@dataclass(frozen=True, slots=True)
class Interest:
    """Recommendations by rank, and wants with what the taste gives each."""

    recommended: tuple[Recommendation, ...]
    wanted: Mapping[ReleaseId, float]

    def releases(self, must: Iterable[ReleaseId]) -> list[ReleaseId]:
        """What must be in, then wants and recommendations by falling score."""
        scored = [(-score, release) for release, score in self.wanted.items()]
        scored += [(-recommendation.score, recommendation.release.id) for recommendation in self.recommended]
        return list(dict.fromkeys([*sorted(must), *(release for _, release in sorted(scored))]))

    @property
    def short(self) -> Interest:
        """What is stored of it: of each recommendation its score, its release in a line, its first reason."""
        return Interest(
            tuple(
                Recommendation(
                    recommendation.rank,
                    described(recommendation.release),
                    recommendation.score,
                    recommendation.reasons[:1],
                    False,
                    False,
                )
                for recommendation in self.recommended
            ),
            self.wanted,
        )
