"""A collector's recent feedback on records, and how each love and hide moved their newest list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from discogs_assistant.engine.recommendations.feedback_effects import (
    Listed,
    Movement,
    Movements,
    RecordMove,
    StyleMove,
)
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations.taste_result import (
    Effect,
    FeedbackEffect,
    MovedRecord,
    MovedStyle,
)
from discogs_assistant.pipelines.runtime.results.releases import artist_names
from discogs_assistant.store.database import Database
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.recommendations.feedback import FeedbackEvent

_MOST = 10


def recent_feedback(db: Database, owner: OwnerId, user: UserName) -> tuple[FeedbackEvent, ...]:
    """The newest loves and hides that count."""
    return tuple(feedback.recent_feedback(db, owner, user, _MOST))


def moves(
    events: Sequence[FeedbackEvent], taste: Taste, learned: Learned | None, recommended: Sequence[Release]
) -> tuple[FeedbackEffect, ...]:
    """Each event with its record, and how it moved `recommended`, the newest list's records.

    Records that the collector has, wants, loved or hid are left out: they do not move.
    """
    ranked = _RankedRecords(
        taste, learned, [release for release in recommended if release.item_key not in taste.weights]
    )
    known = {release.id: release for release in (*taste.loved, *taste.hidden)}
    # A record may be known from the list alone.
    named = known | {release.id: release for release in recommended}
    return tuple(
        _effect(event, named[event.release], known[event.release], ranked)
        for event in events
        if event.release in known
    )


@dataclass(frozen=True)
class _RankedRecords:
    """A list as somebody's taste scores it."""

    taste: Taste
    learned: Learned | None
    records: Sequence[Release]

    @cached_property
    def movements(self) -> Movements | None:
        """None where there is no model, or nothing to move."""
        if self.learned is None or not self.records:
            return None
        listed = [Listed(record.id, record.item_key, record.styles) for record in self.records]
        return Movements(self.learned, self.taste, listed)

    @cached_property
    def by_id(self) -> dict[ReleaseId, Release]:
        return {record.id: record for record in self.records}

    def movement(self, record: Release) -> Movement:
        return self.movements.of(record.item_key) if self.movements else Movement()

    def effect(self, record: Release, movement: Movement) -> Effect:
        if movement != Movement():
            return "moved"
        if any(release.item_key == record.item_key for release in self.taste.owned):
            return "owned"
        if self.movements is None:
            return "no list" if self.learned else "no model"
        return "still" if self.movements.knows(record.item_key) else "not learned"


def _effect(event: FeedbackEvent, named: Release, record: Release, ranked: _RankedRecords) -> FeedbackEffect:
    movement = ranked.movement(record)
    return FeedbackEffect(
        release_id=named.id,
        title=named.title,
        artists=tuple(artist_names(named)),
        styles=named.styles,
        said=event.kind,
        at=event.at,
        effect=ranked.effect(record, movement),
        moved_styles=tuple(
            _style(style_move) for style_move in (*movement.risen_styles, *reversed(movement.fallen_styles))
        ),
        moved_records=tuple(
            _record(record_move, ranked) for record_move in (*movement.risen, *reversed(movement.fallen))
        ),
    )


def _style(style_move: StyleMove) -> MovedStyle:
    return MovedStyle(
        name=style_move.name,
        records=style_move.records,
        before=round(style_move.before, 2),
        after=round(style_move.after, 2),
    )


def _record(record_move: RecordMove, ranked: _RankedRecords) -> MovedRecord:
    release = ranked.by_id[record_move.release]
    return MovedRecord(
        release_id=release.id,
        title=release.title,
        artists=tuple(artist_names(release)),
        before=record_move.before,
        after=record_move.after,
    )
