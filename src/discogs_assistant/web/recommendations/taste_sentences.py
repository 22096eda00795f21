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


def styles_message(owned: OwnedBreakdown) -> str:
    """Which style leads, and which one follows."""
    first, *rest = owned.parts
    follows = f", and {rest[0].name} follows with {rest[0].records:,}" if rest else ""
    return f"{first.name} leads with {_of_known(first, owned)}{follows}."


def decades_message(owned: OwnedDecades) -> str:
    """Which decade most are from, and the ends."""
    first = max(owned.parts, key=lambda part: part.records)
    ends = (
        f"The oldest is from {owned.oldest}, the newest from {owned.newest}."
        if owned.oldest != owned.newest
        else f"All are from {owned.oldest}."
    )
    return f"The {first.name} lead with {_of_known(first, owned)}. {ends}"


def labels_message(owned: OwnedBreakdown) -> str:
    """Which label leads, and how many labels there is one record of."""
    first, single = owned.parts[0], sum(part.records == 1 for part in owned.parts)
    of_all = f" Of {single:,} of the {formatting.count(len(owned.parts), 'label')} there is a single record."
    return f"{first.name} leads with {_of_known(first, owned)}.{of_all if single else ''}"


def countries_message(owned: OwnedBreakdown) -> str:
    """Which country leads, and how many there are."""
    first, others = owned.parts[0], len(owned.parts) - 1
    beside = f", before {formatting.count(others, 'other country', 'others')}" if others else ""
    return f"{first.name} leads with {_of_known(first, owned)}{beside}."


def move_sentence(move: FeedbackEffect) -> str:
    """How a love or hide moved the list, or why it did not."""
    if move.effect != "moved":
        return _WHY_NOT[move.effect]
    rises = [(style.name, style.before - style.after) for style in move.moved_styles]
    lifted = _named([(name, rise) for name, rise in rises if rise > _SMALL])
    lowered = _named([(name, -rise) for name, rise in reversed(rises) if rise < -_SMALL])
    parts = [f"lifted {lifted}" if lifted else "", f"lowered {lowered}" if lowered else ""]
    return f"{_DOING[move.said]} it {' and '.join(filter(None, parts)) or 'moved no style as a whole'}."


_DOING = {"loved": "Loving", "hidden": "Hiding"}
_WHY_NOT = {
    "still": "It moved no record by a place.",
    "owned": "You own it, or another pressing of it: that counts already.",
    "not learned": "The model does not know it yet: it counts from the next list on.",
    "no list": "The next list will show what it moves.",
    "no model": "No model has been trained on your records yet: the next list will do that.",
}


def _named(moves: list[tuple[str, float]]) -> str:
    """ "House by 1.4 places, Dub by 1"."""
    words = [f"{name} by {places(rise).lstrip('+')}" for name, rise in moves]
    if words:
        words[0] += " place" if places(moves[0][1]) == "+1" else " places"
    return ", ".join(words)


def _of_known(part: OwnedPart, owned: OwnedBreakdown) -> str:
    share = formatting.percent(part.records / owned.known)
    return f"{part.records:,} of {formatting.count(owned.known, 'record')} ({share})"
