"""What a person narrows recommendations by."""

from __future__ import annotations

from collections.abc import Iterable

from discogs_assistant.model.country import find_country
from discogs_assistant.model.recommendation import Recommendation, RecommendationFilters
from discogs_assistant.model.release import Release


def passes(recommendation: Recommendation, filters: RecommendationFilters) -> bool:
    """True where every filter lets it through; what is not known passes no filter that asks for it."""
    return (
        (recommendation.new_artist or not filters.new_artists)
        and (recommendation.new_label or not filters.new_labels)
        and (not recommendation.wanted or filters.include_wantlist)
        and suits(recommendation.release, filters)
    )


def suits(release: Release, filters: RecommendationFilters) -> bool:
    """As `passes`, for the fields of the release itself; names in any case, countries by code or name."""
    return (
        _any(release.genres, filters.genres)
        and _any(release.styles, filters.styles)
        and _any(_format_words(release), filters.formats)
        and _from(release.country, filters.countries)
        and _in_time(release.year, filters)
    )


def from_right_years(year: int, filters: RecommendationFilters) -> bool:
    """True for a year of those asked for, or where none are asked for."""
    first, last = filters.year_from or year, filters.year_to or year
    return first <= year <= last and (not filters.decades or year // 10 * 10 in filters.decades)


def _format_words(release: Release) -> Iterable[str]:
    for made_of in release.formats:
        yield made_of.name
        yield from made_of.descriptions


def _any(known: Iterable[str], asked: frozenset[str]) -> bool:
    return not asked or bool(_plain(known) & _plain(asked))


def _from(country: str | None, asked: frozenset[str]) -> bool:
    if not asked:
        return True
    if country is None:
        return False
    codes = {find_country(name) for name in asked} - {None}
    return country.casefold() in _plain(asked) or find_country(country) in codes


def _in_time(year: int | None, filters: RecommendationFilters) -> bool:
    if year is not None:
        return from_right_years(year, filters)
    return filters.year_from is None and filters.year_to is None and not filters.decades


def _plain(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
