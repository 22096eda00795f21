"""The filters of a list of recommendations, from raw options and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.option_fields import Fields
from discogs_assistant.pipelines.option_readers import flag, names, whole

LONGEST_LIST = 1000
_DEFAULT_TOP = 100
_LABELS = {
    "top": "The length of the list",
    "new_artists": "Only new artists",
    "new_labels": "Only new labels",
    "include_wantlist": "Including the wantlist",
    "genres": "The genres",
    "styles": "The styles",
    "formats": "The formats",
    "countries": "The countries",
    "year_from": "The first year",
    "year_to": "The last year",
}
_ALIASES = {"genre": "genres", "style": "styles", "format": "formats", "country": "countries"}
_FIRST_YEAR, _LAST_YEAR = 1860, 2200


def parse_filters(raw: Mapping[str, object]) -> tuple[Fields, RecommendationFilters]:
    """The filters, with the fields still to be finished."""
    fields = Fields(raw, _LABELS, _ALIASES)
    year = whole(_FIRST_YEAR, _LAST_YEAR)
    filters = RecommendationFilters(
        new_artists=fields.read("new_artists", flag, False),
        new_labels=fields.read("new_labels", flag, False),
        include_wantlist=fields.read("include_wantlist", flag, False),
        genres=fields.read("genres", names, frozenset()),
        styles=fields.read("styles", names, frozenset()),
        formats=fields.read("formats", names, frozenset()),
        countries=fields.read("countries", names, frozenset()),
        year_from=fields.read("year_from", year, None),
        year_to=fields.read("year_to", year, None),
    )
    if filters.year_from and filters.year_to and filters.year_from > filters.year_to:
        fields.refuse(
            "year_from", f"The first year {filters.year_from} is after the last, {filters.year_to}."
        )
    return fields, filters


def parse_top(fields: Fields) -> int:
    """How many recommendations the list has."""
    return fields.read("top", whole(1, LONGEST_LIST), _DEFAULT_TOP)


def filters_json(filters: RecommendationFilters) -> dict[str, Any]:
    """The filters as canonical plain JSON."""
    return {
        "new_artists": filters.new_artists,
        "new_labels": filters.new_labels,
        "include_wantlist": filters.include_wantlist,
        "genres": sorted(filters.genres),
        "styles": sorted(filters.styles),
        "formats": sorted(filters.formats),
        "countries": sorted(filters.countries),
        "year_from": filters.year_from,
        "year_to": filters.year_to,
    }
