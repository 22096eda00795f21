"""The page of a taste: charts of what is owned, the map of styles, and what each love and hide did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.recommendations.taste_result import (
    FeedbackEffect,
    MovedStyle,
    OwnedBreakdown,
    OwnedPart,
    TasteDocument,
)
from discogs_assistant.web.recommendations import taste_sentences
from discogs_assistant.web.recommendations.bar_chart import Address, BarChart, bar_chart
from discogs_assistant.web.recommendations.style_drawing import StyleDrawing, style_drawing

B = TypeVar("B", bound=OwnedBreakdown)
_DECADE = 10
_MOST_NEXT_DOOR = 6


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """A chart of what is owned by `noun`: style, decade, label or country; None where nothing is known of it.

    Of `unknown` records nothing is known; `without` counts those that have none.
    """

    noun: str
    chart: BarChart | None
    message: str
    unknown: int
    without: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What one love or hide did: `bars` are styles with their rise in places and the bar's start and length.

    Start and length are in per cent of the drawing's width, whose middle is no move.
    """

    effect: FeedbackEffect
    sentence: str
    bars: tuple[tuple[str, float, float, float], ...]
    undo: dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnedView:
    """Two columns of charts of what is owned, the map of its styles, and neighbours that are not owned.

    `next_door`: the neighbour's name, the address of such records, and the owned style beside it.
    """

    columns: list[list[OwnedBy]]
    drawing: StyleDrawing | None
    next_door: list[tuple[str, str, str]]


def owned_view(taste: TasteDocument, user: UserName | None) -> OwnedView:
    """What is owned, drawn; addresses keep `user` where one is given."""
    drawing = style_drawing(taste.map) if taste.map else None
    return OwnedView(_charts(taste, user), drawing, _next_door(taste))


def _charts(taste: TasteDocument, user: UserName | None) -> list[list[OwnedBy]]:
    narrow = _Narrowed(user)
    return [
        [
            _owned_by(taste, taste.styles, "style", narrow.to_style, taste_sentences.styles_message),
            _owned_by(taste, taste.labels, "label", _label, taste_sentences.labels_message),
        ],
        [
            _owned_by(taste, taste.decades, "decade", narrow.to_decade, taste_sentences.decades_message),
            _owned_by(
                taste, taste.countries, "country", narrow.to_country, taste_sentences.countries_message
            ),
        ],
    ]


def _next_door(taste: TasteDocument) -> list[tuple[str, str, str]]:
    mapped = taste.map.styles if taste.map else ()
    beside = {near.name: style.name for style in reversed(mapped) if (near := style.not_owned_yet)}
    some = [(name, f"/search?{urlencode({'style': name})}", own) for name, own in beside.items()]
    return some[::-1][:_MOST_NEXT_DOOR]


def effects_of(taste: TasteDocument, here: str) -> list[Effect]:
    """Every recent love and hide, with one scale for all bars."""
    rises = [abs(_rise(style)) for effect in taste.said for style in effect.moved_styles]
    most = max(rises, default=1.0) or 1.0
    return [
        Effect(effect, taste_sentences.move_sentence(effect), _bars(effect, most), _undo(taste, effect, here))
        for effect in taste.said
    ]


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """Addresses of the list of recommendations, narrowed to what a bar stands for."""

    user: UserName | None

    def to_style(self, part: OwnedPart) -> str:
        return self._to(styles=part.name)

    def to_country(self, part: OwnedPart) -> str:
        return self._to(countries=part.name)

    def to_decade(self, part: OwnedPart) -> str:
        first = int(part.name.removesuffix("s"))
        return self._to(year_from=first, year_to=first + _DECADE - 1)

    def _to(self, **fields: object) -> str:
        return f"/recommendations?{urlencode(fields | ({'user': self.user} if self.user else {}))}"


def _label(part: OwnedPart) -> str:
    """Labels of exported files have no page: their ids are made of their names, and below 0."""
    return f"/label/{part.id}" if (part.id or 0) > 0 else ""


def _owned_by(
    taste: TasteDocument, part: B, noun: str, address: Address, message: Callable[[B], str]
) -> OwnedBy:
    chart = bar_chart(part, address, all_bars=part is taste.decades)
    unknown = taste.records - part.known - part.without
    return OwnedBy(noun, chart, message(part) if chart else "", unknown, part.without)


def _bars(feedback_effect: FeedbackEffect, most: float) -> tuple[tuple[str, float, float, float], ...]:
    return tuple(
        (style.name, rise, round(50 + min(0.0, 50 * rise / most), 2), round(50 * abs(rise) / most, 2))
        for style in feedback_effect.moved_styles
        for rise in (_rise(style),)
    )


def _rise(style: MovedStyle) -> float:
    return round(style.rise, 2)


def _undo(taste: TasteDocument, feedback_effect: FeedbackEffect, here: str) -> dict[str, str]:
    return {
        "user": taste.user,
        "run": taste.list_run or "",
        "release": str(feedback_effect.release_id),
        "act": "unlove" if feedback_effect.said == "loved" else "unhide",
        "back": here,
    }
