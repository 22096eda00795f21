"""How a list of recommendations was filtered and ordered, in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.recommendations.list_filters import NarrowedList
from discogs_assistant.web.recommendations.list_query import ListQuery

_SAFE = "In the order of their scores: the safest first."
_UNMIXED = (
    "This list cannot be mixed, so it stays in the order in which it was made. Search with these filters, "
    "and the new list will be mixed."
)


def asked_words(filters: RecommendationFilters) -> Iterable[str]:
    """What a search was narrowed to."""
    if filters.new_artists:
        yield "new artists"
    if filters.new_labels:
        yield "new labels"
    for names in (filters.genres, filters.styles, filters.formats, filters.countries):
        yield from sorted(names)
    yield from (f"{decade}s" for decade in sorted(filters.decades))
    if filters.year_from or filters.year_to:
        yield f"{filters.year_from or ''}–{filters.year_to or ''}"
    if price := filters.max_price:
        yield f"for sale at the time for {price.decimal.normalize():f} {price.currency} or less"
    if filters.min_media is not None:
        yield f"for sale at the time in condition {filters.min_media.short} or better"
    if filters.per_artist:
        yield f"{filters.per_artist} of each artist"


def mixing_notes(list_query: ListQuery, narrowed: NarrowedList, made_with: Decimal) -> list[str]:
    """How many of the records are known to be for sale, and how the order was changed."""
    notes = [narrowed.sale.sentence(list_query.filters)] if narrowed.sale else []
    if not narrowed.result.recommendations:
        return notes
    if narrowed.unmixed:
        notes.append(_UNMIXED)
    surprise = made_with if list_query.surprise is None or narrowed.unmixed else list_query.surprise
    if surprise:
        notes.append(_mixed(surprise))
    elif made_with:
        notes.append(_SAFE)
    return notes


def _mixed(surprise: Decimal) -> str:
    return (
        f"Mixed with {surprise:.0%} surprise: less known records, and records unlike those before them, "
        "come earlier than their scores alone would put them. The scores stay what they were."
    )
