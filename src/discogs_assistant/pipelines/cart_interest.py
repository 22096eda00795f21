"""What a person may buy: recommendations and wants with their scores, kept with the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.recommendation import Reason, Recommendation
from discogs_assistant.model.release import Release
from discogs_assistant.store.release_documents import from_document, to_document

_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Interest:
    """Recommendations by rank, and wants with what the taste gives each."""

    recommended: Sequence[Recommendation]
    wanted: Mapping[ReleaseId, float]

    def releases(self, must: Iterable[ReleaseId]) -> list[ReleaseId]:
        """What must be in, then wants and recommendations by falling score."""
        scored = [(-score, release) for release, score in self.wanted.items()]
        scored += [(-one.score, one.release.id) for one in self.recommended]
        return list(dict.fromkeys([*sorted(must), *(release for _, release in sorted(scored))]))

    def document(self) -> dict[str, Any]:
        """As plain JSON: of each recommendation its score, its release's names and its first reason."""
        return {
            "recommended": [
                [one.score, to_document(_named(one.release)), one.reasons[0].text if one.reasons else ""]
                for one in self.recommended
            ],
            "wanted": [[int(id), score] for id, score in self.wanted.items()],
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Interest:
        """What `document` wrote."""
        recommended = (
            Recommendation(rank, from_document(release), score, (Reason(_KEPT, text, 1.0),), False, False)
            for rank, (score, release, text) in enumerate(document["recommended"], 1)
        )
        return cls(tuple(recommended), {ReleaseId(id): score for id, score in document["wanted"]})


def _named(release: Release) -> Release:
    """What a cart says of a release that nothing else is known of."""
    return Release(
        id=release.id,
        title=release.title,
        master_id=release.master_id,
        year=release.year,
        country=release.country,
        artists=release.artists,
        labels=release.labels,
        formats=release.formats,
        genres=release.genres,
        styles=release.styles,
    )
