"""Why a release would be recommended: from the newest list if it is on it, else from what is owned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations.release_reasons import why_recommended
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.runs.finished_results import newest_list
from discogs_assistant.web.session import Visitor

_WHY, _REASON = 4_000, 200
"""Bytes of an answer with what it was given, and of each of its reasons, about."""


@dataclass(frozen=True, slots=True)
class Why:
    """Sentences with their shares of the score, the largest first.

    `rank` on the list made at `made_at`, None where the release is on none; `pressing` is the one recommended
    where it is another of the same master.
    """

    reasons: tuple[tuple[str, float], ...]
    rank: int | None = None
    made_at: datetime | None = None
    pressing: ReleaseId | None = None


def why_on_list(visitor: Visitor, release: Release) -> Why | None:
    """What the newest recommendations say of the release, or of another pressing of its master."""
    newest = newest_list(visitor, visitor.user) if visitor.user else None
    recommendations = newest.result.recommendations if newest else ()
    found = next(
        (recommendation for recommendation in recommendations if recommendation.release.id == release.id),
        None,
    ) or next(
        (recommendation for recommendation in recommendations if _same_work(recommendation.release, release)),
        None,
    )
    if newest is None or found is None:
        return None
    other = found.release.id
    reasons = tuple((reason.text, reason.share) for reason in found.reasons)
    return Why(reasons, found.rank, newest.made_at, None if other == release.id else other)


def why_by_taste(visitor: Visitor, release: Release) -> Why:
    """What the collector's records say of it; cached until those or any feedback changes."""
    user = visitor.user
    if user is None:
        return Why(())
    profile = profiles.profile(visitor.ctx.db, visitor.owner, user)
    own_feedback = feedback.feedback(visitor.ctx.db, visitor.owner, user)
    given = profile and profile.version, own_feedback, release

    def compute() -> Why:
        found = why_recommended(visitor.ctx.db, visitor.owner, user, release)
        return Why(tuple((reason.text, reason.share) for reason in found))

    return visitor.site.pieces.recall(("why", visitor.owner, user, release.id), given, compute, _bytes)


def _bytes(why: Why) -> int:
    return _WHY + _REASON * len(why.reasons)


def _same_work(other: Release, release: Release) -> bool:
    return release.master_id is not None and other.master_id == release.master_id
