"""Why a release would be recommended: from the newest list where it is on it, else by what is owned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.why_recommended import why_recommended
from discogs_assistant.store import events, profiles
from discogs_assistant.web.finished import newest_answer
from discogs_assistant.web.visitor import Visitor

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
    stored = newest_answer(visitor, visitor.user, RunKind.RECOMMEND) if visitor.user else None
    items = stored.document["recommendations"] if stored else []
    item = next((one for one in items if one["release_id"] == release.id), None) or next(
        (one for one in items if _same_work(one, release)), None
    )
    if stored is None or item is None:
        return None
    other = ReleaseId(item["release_id"])
    reasons = tuple((one["text"], float(one["share"])) for one in item["reasons"])
    return Why(reasons, int(item["rank"]), stored.made_at, None if other == release.id else other)


def why_by_taste(visitor: Visitor, release: Release) -> Why:
    """What the collector's records say of it; held until those or what was said of any change."""
    user = visitor.user
    if user is None:
        return Why(())
    profile = profiles.profile(visitor.ctx.db, visitor.owner, user)
    said = events.feedback(visitor.ctx.db, visitor.owner, user)
    given = profile and profile.version, said, release

    def compute() -> Why:
        found = why_recommended(visitor.ctx.db, visitor.owner, user, release)
        return Why(tuple((one.text, one.share) for one in found))

    return visitor.site.pieces.get(("why", visitor.owner, user, release.id), compute, _bytes, given)


def _bytes(why: Why) -> int:
    return _WHY + _REASON * len(why.reasons)


def _same_work(item: dict[str, Any], release: Release) -> bool:
    return release.master_id is not None and item["master_id"] == release.master_id
