"""What the charts of a taste say, each in a sentence."""

from __future__ import annotations

from discogs_assistant.pipelines.recommendations.taste_result import (
    FeedbackEffect,
    OwnedBreakdown,
    OwnedDecades,
    OwnedPart,
)
from discogs_assistant.web import formatting
from discogs_assistant.web.formatting import places

_SMALL = 0.05


def styles_message(told: OwnedBreakdown) -> str:
    """Which style leads, and which one follows."""
    first, *rest = told.parts
    follows = f", and {rest[0].name} follows with {rest[0].records:,}" if rest else ""
    return f"{first.name} leads with {_of_known(first, told)}{follows}."


def decades_message(told: OwnedDecades) -> str:
    """Which decade most are from, and the ends."""
    first = max(told.parts, key=lambda part: part.records)
    ends = (
        f"The oldest is from {told.oldest}, the newest from {told.newest}."
        if told.oldest != told.newest
        else f"All are from {told.oldest}."
    )
    return f"The {first.name} lead with {_of_known(first, told)}. {ends}"


def labels_message(told: OwnedBreakdown) -> str:
    """Which label leads, and how many labels there is one record of."""
    first, single = told.parts[0], sum(part.records == 1 for part in told.parts)
    of_all = f" Of {single:,} of the {formatting.count(len(told.parts), 'label')} there is a single record."
    return f"{first.name} leads with {_of_known(first, told)}.{of_all if single else ''}"


def countries_message(told: OwnedBreakdown) -> str:
    """Which country leads, and how many there are."""
    first, others = told.parts[0], len(told.parts) - 1
    beside = f", before {formatting.count(others, 'other country', 'others')}" if others else ""
    return f"{first.name} leads with {_of_known(first, told)}{beside}."


def move_sentence(move: FeedbackEffect) -> str:
    """How what was said moved the list; or why it did not."""
    if move.effect != "moved":
        return _WHY_NOT[move.effect]
    rises = [(one.name, one.before - one.after) for one in move.moved_styles]
    lifted = _named([(name, rise) for name, rise in rises if rise > _SMALL])
    lowered = _named([(name, -rise) for name, rise in reversed(rises) if rise < -_SMALL])
    said = [f"lifted {lifted}" if lifted else "", f"lowered {lowered}" if lowered else ""]
    return f"{_DOING[move.said]} it {' and '.join(filter(None, said)) or 'moved no style as a whole'}."


_DOING = {"loved": "Loving", "hidden": "Hiding"}
_WHY_NOT = {
    "still": "It moved no record by a place.",
    "owned": "You own it, or another pressing of it: that counts already.",
    "not learned": "Nothing was learned of it yet: it counts from the next list on.",
    "no list": "The next list will show what it moves.",
    "no model": "Nothing was learned from your records yet: the next list does.",
}


def _named(moves: list[tuple[str, float]]) -> str:
    """ "House by 1.4 places, Dub by 1"."""
    told = [f"{name} by {places(rise).lstrip('+')}" for name, rise in moves]
    if told:
        told[0] += " place" if places(moves[0][1]) == "+1" else " places"
    return ", ".join(told)


def _of_known(part: OwnedPart, told: OwnedBreakdown) -> str:
    share = formatting.percent(part.records / told.known)
    return f"{part.records:,} of {formatting.count(told.known, 'record')} ({share})"
