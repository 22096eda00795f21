"""What a collector said of records lately, and how each love and hide moved their newest list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from discogs_assistant.engine.movement import Listed, Movement, Movements, RecordMove, StyleMove
from discogs_assistant.engine.recommend import Learned
from discogs_assistant.engine.taste import Taste
from discogs_assistant.model.ids import OwnerId, ReleaseId, UserName
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.release_document import release_json
from discogs_assistant.store import events
from discogs_assistant.store.events import Said

_MOST = 10

Effect = Literal["moved", "still", "owned", "not learned", "no list", "no model"]
"""What became of a list; all but the first say why nothing moved."""


def said_lately(ctx: Context, owner: OwnerId, user: UserName) -> tuple[Said, ...]:
    """The newest loves and hides that count."""
    return tuple(events.said_lately(ctx.db, owner, user, _MOST))


def moves(
    said: Sequence[Said], taste: Taste, learned: Learned | None, recommended: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each with its record, and how it moved `recommended`, the newest list's records.

    Those that the collector has, wants, loved or hid do not move: they are left out of it.
    """
    shown = _Shown(taste, learned, [one for one in recommended if _item(one) not in taste.weights])
    known = {one.id: one for one in (*taste.loved, *taste.hidden)}
    # The list may tell of a record that nothing else does.
    told = {id: release_json(one) for id, one in known.items()} | {
        one["release_id"]: one for one in recommended
    }
    return [_move(one, told[one.release], known[one.release], shown) for one in said if one.release in known]


@dataclass(frozen=True)
class _Shown:
    """A list as somebody's taste scores it."""

    taste: Taste
    learned: Learned | None
    records: Sequence[dict[str, Any]]

    @cached_property
    def movements(self) -> Movements | None:
        """None where there is no model, or nothing to move."""
        if self.learned is None or not self.records:
            return None
        return Movements(self.learned, self.taste, [_listed(one) for one in self.records])

    @cached_property
    def by_id(self) -> dict[ReleaseId, dict[str, Any]]:
        return {ReleaseId(one["release_id"]): one for one in self.records}

    def moved(self, record: Release) -> Movement:
        return self.movements.of(record.item_key) if self.movements else Movement()

    def effect(self, record: Release, moved: Movement) -> Effect:
        if moved != Movement():
            return "moved"
        if any(one.item_key == record.item_key for one in self.taste.owned):
            return "owned"
        if self.movements is None:
            return "no list" if self.learned else "no model"
        return "still" if self.movements.knows(record.item_key) else "not learned"


def _move(said: Said, told: Mapping[str, Any], record: Release, shown: _Shown) -> dict[str, Any]:
    moved = shown.moved(record)
    return {
        **{key: told[key] for key in ("release_id", "title", "artists", "styles")},
        "said": said.kind,
        "at": said.at.isoformat(),
        "effect": shown.effect(record, moved),
        "moved_styles": [_style(one) for one in (*moved.risen_styles, *reversed(moved.fallen_styles))],
        "moved_records": [_record(one, shown) for one in (*moved.risen, *reversed(moved.fallen))],
    }


def _style(one: StyleMove) -> dict[str, Any]:
    before, after = round(one.before, 2), round(one.after, 2)
    return {"name": one.name, "records": one.records, "before": before, "after": after}


def _record(one: RecordMove, shown: _Shown) -> dict[str, Any]:
    told = {key: shown.by_id[one.release][key] for key in ("release_id", "title", "artists")}
    return told | {"before": one.before, "after": one.after}


def _listed(one: dict[str, Any]) -> Listed:
    return Listed(ReleaseId(one["release_id"]), _item(one), tuple(one["styles"]))


def _item(one: dict[str, Any]) -> int:
    """As `Release.item_key`."""
    return int(one["master_id"]) if one["master_id"] is not None else -int(one["release_id"])
