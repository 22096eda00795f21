"""What the lists of forms offer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from markupsafe import Markup

from discogs_assistant.model.country import all_countries, country_name
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.money import Currency
from discogs_assistant.pipelines.runtime.options.types import Control

Choices = tuple[tuple[str, str], ...]


@cache
def currencies() -> Choices:
    """The currencies in which Discogs shows prices."""
    return tuple((str(currency), str(currency)) for currency in Currency)


@cache
def countries() -> Choices:
    """An empty choice, then all countries by name."""
    return ("", "–"), *all_countries()


@cache
def media_conditions() -> Choices:
    """An empty choice, then conditions of records, best first."""
    return ("", "Any condition"), *((grade.short, grade.label) for grade in sorted(Grade, reverse=True))


@cache
def sleeve_conditions() -> Choices:
    """An empty choice, then conditions of sleeves, best first."""
    graded = [grade for grade in sorted(SleeveGrade, reverse=True) if grade > 0]
    return ("", "Any condition, or none"), *((grade.short, grade.label) for grade in graded)


def areas(home: str | None) -> Choices:
    """Whole regions to buy from."""
    own = f"my country ({country_name(home)})" if home else "the country it ships to"
    return ("HOME", own), ("EU", "European Union"), ("UK", "United Kingdom"), ("US", "United States")


def known(home: str | None) -> Mapping[Control, Choices]:
    """The choices of each kind of field, for a person whose country is `home`."""
    return {
        "currency": currencies(),
        "country": countries(),
        "media_condition": media_conditions(),
        "sleeve_condition": sleeve_conditions(),
        "yes_no": (("on", "yes"), ("off", "no")),
        "areas": areas(home),
    }


@lru_cache(maxsize=64)
def options(known: Choices, chosen: str) -> Markup:
    """A list of a form with `chosen` picked; 250 countries would be built again for each page otherwise."""
    return Markup("\n").join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else "", words
        )
        for value, words in known
    )
