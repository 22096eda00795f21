"""A collector's taste for the page and the JSON API, cached until its inputs change."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache

from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.recommendations import feedback_effects, taste_overview
from discogs_assistant.pipelines.recommendations.model_training import serving
from discogs_assistant.pipelines.recommendations.taste_result import (
    FeedbackEffect,
    OwnedRecords,
    TasteDocument,
)
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.web.runs.finished_results import newest_list
from discogs_assistant.web.session import Visitor

_OVERVIEW, _MOVE = 32_000, 8_000
"""Bytes that the numbers of a taste take (measured: 24,000 to 31,000), and those of a love or hide."""


@dataclass(frozen=True, slots=True)
class KnownTaste:
    """All numbers of a taste; `owned` names all that its numbers depend on, except recent feedback."""

    document: TasteDocument
    owned: tuple[Hashable, ...]


def known_taste(visitor: Visitor, user: UserName) -> KnownTaste | None:
    """The taste of a user; None if none of their records has been read yet.

    The profile, the imported month, the model, the newest list and the feedback are all that it depends on.
    """
    ctx, owner, held = visitor.ctx, visitor.owner, visitor.site.held
    profile = profiles.profile(ctx.db, owner, user)
    if profile is None:
        return None
    learned, listed = serving(ctx, owner, user), newest_list(visitor, user)
    month, own_feedback = ctx.catalogue.serving(), feedback.feedback(ctx.db, owner, user)
    recent = feedback_effects.recent_feedback(ctx.db, owner, user)
    owned = (
        profile,
        month and month.imported_at,
        learned and learned.name,
        listed and listed.run_id,
        own_feedback.bought,
    )
    taste = cache(lambda: taste_overview.full_taste(ctx, owner, user))

    def overview() -> OwnedRecords:
        return taste_overview.overview(taste(), learned)

    def moves() -> tuple[FeedbackEffect, ...]:
        recommended = (
            [recommendation.release for recommendation in listed.result.recommendations] if listed else ()
        )
        return feedback_effects.moves(recent, taste(), learned, recommended)

    records = held.recall(("taste", owner, user), owned, overview, lambda _: _OVERVIEW)
    document = TasteDocument(
        user=user,
        model=learned.name if learned else None,
        list_run=listed.run_id if listed else None,
        **dict(records),
        said=held.recall(
            ("moves", owner, user),
            (*owned, own_feedback, recent),
            moves,
            lambda some: _MOVE * (1 + len(some)),
        ),
    )
    return KnownTaste(document, owned)
