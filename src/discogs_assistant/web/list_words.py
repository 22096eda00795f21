"""How a list of recommendations came to be what it is, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from discogs_assistant.pipelines.list_narrowing import NarrowedList
from discogs_assistant.web.list_wishes import Wishes

_SAFE = "In the order of their scores: the safest first."
_UNMIXED = (
    "With this list nothing was kept to mix it by, so it stands as it was made. Search with these filters, "
    "and the new list is mixed."
)


def asked_words(criteria: Mapping[str, Any]) -> Iterable[str]:
    """What a search was narrowed to; criteria of before an option lack it."""
    if criteria["new_artists"]:
        yield "new artists"
    if criteria["new_labels"]:
        yield "new labels"
    for name in ("genres", "styles", "formats", "countries"):
        yield from criteria[name]
    yield from (f"{decade}s" for decade in criteria.get("decades") or ())
    if criteria["year_from"] or criteria["year_to"]:
        yield f"{criteria['year_from'] or ''}–{criteria['year_to'] or ''}"
    if criteria.get("max_price"):
        yield f"for sale at the time for {criteria['max_price']} {criteria['currency']} or less"
    if criteria.get("min_media"):
        yield f"for sale at the time graded {criteria['min_media']} or better"
    if criteria.get("per_artist"):
        yield f"{criteria['per_artist']} of each artist"


def told(wishes: Wishes, narrowed: NarrowedList, made_with: Decimal) -> list[str]:
    """What is known to be for sale of what is asked for, and how the order was changed."""
    said = [narrowed.sale.sentence(wishes.filters)] if narrowed.sale else []
    if not narrowed.document["recommendations"]:
        return said
    if narrowed.unmixed:
        said.append(_UNMIXED)
    surprise = made_with if wishes.surprise is None or narrowed.unmixed else wishes.surprise
    if surprise:
        said.append(_mixed(surprise))
    elif made_with:
        said.append(_SAFE)
    return said


def _mixed(surprise: Decimal) -> str:
    return (
        f"Mixed with {surprise:.0%} surprise: less known records, and such as are unlike those before them, "
        "come earlier than their scores alone would put them. The scores stay what they were."
    )
