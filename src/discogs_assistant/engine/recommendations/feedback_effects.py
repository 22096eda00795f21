"""How loving or hiding one record moved a person's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from discogs_assistant.engine.recommendations.scoring import Learned, Scores
from discogs_assistant.engine.recommendations.taste import Taste
from discogs_assistant.model.ids import ReleaseId

Places: TypeAlias = Mapping[ReleaseId, int]
_FEWEST = 3
"""Records of a style on the list, below which their mean place is no measure of the style."""
_MOST_STYLES, _MOST_RECORDS = 3, 3
_STILL = 0.2
"""Places below which a style has not moved."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A record of a list: its item (`Release.item_key`) and its styles."""

    release: ReleaseId
    item: int
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StyleMove:
    """The mean place of a style's `records` on the list without the feedback, and with it.

    Places do not depend on the scale of the scores, which is each taste's own.
    """

    name: str
    records: int
    before: float
    after: float

    @property
    def rise(self) -> float:
        """By how many places it rose; below 0 where it fell."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class RecordMove:
    """A record's place on the list, from 1, without the feedback, and with it."""

    release: ReleaseId
    before: int
    after: int

    @property
    def rise(self) -> int:
        """By how many places it rose; below 0 where it fell."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved, the furthest first; all empty where nothing did."""

    risen_styles: tuple[StyleMove, ...] = ()
    fallen_styles: tuple[StyleMove, ...] = ()
    risen: tuple[RecordMove, ...] = ()
    fallen: tuple[RecordMove, ...] = ()


class Movements:
    """Compares a list as the model scores it now with the same list without one piece of feedback.

    Nothing is estimated: the person is folded in twice, with everything they own, want, love and hide, and
    without the one record, and the list's records are scored both times as in `Scores`, the highest 1.
    Feedback of other records stays in both. The record itself is left out of the list, and so is what the
    model has not learned.
    """

    def __init__(self, learned: Learned, taste: Taste, listed: Sequence[Listed]) -> None:
        self._learned, self._taste = learned, taste
        self._listed = [record for record in listed if record.item in learned.places]
        self._items = [record.item for record in self._listed]
        self._now = learned.scores(taste, self._items)

    def knows(self, item: int) -> bool:
        """Whether the model has learned anything of the item; else feedback on it moves nothing yet."""
        return item in self._learned.places

    def of(self, item: int) -> Movement:
        """How loving or hiding the item moved the list."""
        without = _unsaid(self._taste, item)
        if without.weights == self._taste.weights or not self.knows(item):
            return Movement()
        listed = [record for record in self._listed if record.item != item]
        before = _places(listed, self._learned.scores(without, self._items))
        after = _places(listed, self._now)
        styles, records = _style_moves(listed, before, after), _record_moves(listed, before, after)
        return Movement(
            tuple(move for move in styles if move.rise >= _STILL)[:_MOST_STYLES],
            tuple(move for move in reversed(styles) if move.rise <= -_STILL)[:_MOST_STYLES],
            tuple(move for move in records if move.rise > 0)[:_MOST_RECORDS],
            tuple(move for move in reversed(records) if move.rise < 0)[:_MOST_RECORDS],
        )


def _unsaid(taste: Taste, item: int) -> Taste:
    """The taste of somebody who neither loved nor hid the item."""
    return replace(
        taste,
        loved=tuple(release for release in taste.loved if release.item_key != item),
        hidden=tuple(release for release in taste.hidden if release.item_key != item),
    )


def _style_moves(listed: Sequence[Listed], before: Places, after: Places) -> list[StyleMove]:
    """From the one that rose most to the one that fell most; those with too few records left out."""
    of_style: dict[str, list[ReleaseId]] = {}
    for record in listed:
        for style in set(record.styles):
            of_style.setdefault(style, []).append(record.release)
    moves = [
        StyleMove(style, len(some), _mean(some, before), _mean(some, after))
        for style, some in of_style.items()
        if len(some) >= _FEWEST
    ]
    return sorted(moves, key=lambda move: (-move.rise, move.name))


def _record_moves(listed: Sequence[Listed], before: Places, after: Places) -> list[RecordMove]:
    """From the one that rose most to the one that fell most."""
    moves = [RecordMove(record.release, before[record.release], after[record.release]) for record in listed]
    return sorted(moves, key=lambda move: (-move.rise, move.after))


def _places(listed: Sequence[Listed], scores: Scores) -> Places:
    order = sorted(listed, key=lambda record: (-scores.of(record.item), record.release))
    return {record.release: place for place, record in enumerate(order, 1)}


def _mean(releases: Sequence[ReleaseId], places: Places) -> float:
    return sum(places[id] for id in releases) / len(releases)
