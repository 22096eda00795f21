"""The filters of a list of recommendations, from raw options and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.option_fields import Fields
from discogs_assistant.pipelines.option_readers import (
    between,
    codes,
    currency_code,
    decimal_text,
    flag,
    grade,
    money,
    names,
    whole,
)

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
    "decades": "The decades",
    "max_price": "The highest price of a copy",
    "currency": "The currency",
    "min_media": "The least grade of the record",
    "per_artist": "The number of records of one artist",
    "surprise": "The surprise",
}
_ALIASES = {
    "genre": "genres",
    "style": "styles",
    "format": "formats",
    "country": "countries",
    "decade": "decades",
}
_FIRST_YEAR, _LAST_YEAR = 1860, 2200
_LARGEST_MINOR = 10**11


def parse_filters(
    raw: Mapping[str, object], currency: Currency = Currency.USD
) -> tuple[Fields, RecommendationFilters]:
    """The filters, with the fields still to be finished; `currency` is that of prices where none is given."""
    fields = Fields(raw, _LABELS, _ALIASES)
    year = whole(_FIRST_YEAR, _LAST_YEAR)
    currency = fields.read("currency", currency_code, currency)
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
        decades=fields.read("decades", _decades, frozenset()),
        max_price=fields.read("max_price", money(currency, _LARGEST_MINOR), None),
        min_media=fields.read("min_media", grade, None),
        per_artist=fields.read("per_artist", whole(0, LONGEST_LIST), 0) or None,
        surprise=fields.read("surprise", between(Decimal(0), Decimal(1)), Decimal(0)),
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
        "decades": sorted(filters.decades),
        "max_price": decimal_text(filters.max_price.decimal if filters.max_price else None),
        "currency": str(filters.max_price.currency) if filters.max_price else None,
        "min_media": filters.min_media.short if filters.min_media else None,
        "per_artist": filters.per_artist,
        "surprise": decimal_text(filters.surprise),
    }


def _decades(value: object, what: str) -> frozenset[int]:
    return frozenset(_decade(one, what) for one in codes(_words(value), what))


def _words(value: object) -> object:
    """JSON's numbers as text, alone or in a list."""
    if isinstance(value, list | tuple):
        return [_words(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _decade(word: str, what: str) -> int:
    plain = word.removesuffix("s")
    if not (plain.isascii() and plain.isdecimal() and len(plain) == 4 and plain.endswith("0")):
        raise BadInputError(f"{what}: “{printable(word, 20)}” is not a decade.", "Write it as 1980.")
    if not _FIRST_YEAR <= int(plain) <= _LAST_YEAR:
        raise BadInputError(f"{what} must be from {_FIRST_YEAR} to {_LAST_YEAR}, and one is {plain}.")
    return int(plain)
