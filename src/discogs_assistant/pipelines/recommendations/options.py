"""The options of a list of recommendations."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import model_validator

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.model.recommendation import RecommendationFilters
from discogs_assistant.pipelines.runtime.options.listings import CopyOptions
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option, same_named
from discogs_assistant.pipelines.runtime.options.types import DECADES, NAMES, YEAR, YES_NO, share, whole


class NoveltyOptions(OptionsModel):
    """What is recommended only where it is new to the person."""

    new_artists: Annotated[bool, YES_NO] = option(
        False, "New artists only", "Recommend only artists that you neither own nor want yet."
    )
    new_labels: Annotated[bool, YES_NO] = option(
        False, "New labels only", "Recommend only labels that you neither own nor want yet."
    )


LONGEST_LIST = 1000


class RecommendOptions(CopyOptions, NoveltyOptions):
    """How long the list is, and what it is narrowed by.

    A price and a condition ask for what is known to be for sale now.
    """

    top: Annotated[int, whole(1, LONGEST_LIST)] = option(
        100, "Number of records", f"The best ones, at most {LONGEST_LIST}."
    )
    include_wantlist: Annotated[bool, YES_NO] = option(
        False, "Include the wantlist", "Recommend also what is on your wantlist."
    )
    genres: Annotated[frozenset[str], NAMES] = option(
        frozenset(), "Genres", "Only these genres count.", "Jazz,Rock", aliases=("genre",)
    )
    styles: Annotated[frozenset[str], NAMES] = option(
        frozenset(), "Styles", "Only these styles count.", "Dub,House", aliases=("style",)
    )
    countries: Annotated[frozenset[str], NAMES] = option(
        frozenset(),
        "Countries",
        "Only pressings from these countries count.",
        "US,Japan",
        aliases=("country",),
    )
    year_from: Annotated[int | None, YEAR] = option(
        None, "First year", "Only pressings of this year or later count.", "1970"
    )
    year_to: Annotated[int | None, YEAR] = option(
        None, "Last year", "Only pressings of this year or earlier count.", "1989"
    )
    decades: Annotated[frozenset[int], DECADES] = option(
        frozenset(), "Decades", "Only pressings of these decades count.", "1970,1980", aliases=("decade",)
    )
    per_artist: Annotated[int | None, whole(0, LONGEST_LIST, zero_is_no_limit=True)] = option(
        None, "Records of one artist, at most", "0 is no limit."
    )
    surprise: Annotated[Decimal, share("safe", "adventurous")] = option(
        Decimal(0),
        "Surprise",
        "From 0, the safe list, to 1, the adventurous one: lesser known records, each unlike the others.",
        "0.5",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.year_from and self.year_to and self.year_from > self.year_to:
            sentence = f"The first year {self.year_from} is after the last, {self.year_to}."
            raise InvalidFieldsError({"year_from": sentence})
        return self

    @property
    def filters(self) -> RecommendationFilters:
        """What the list is narrowed by."""
        return same_named(RecommendationFilters, self)

    def canonical(self) -> dict[str, Any]:
        """As of every kind; without a price the currency changes nothing."""
        return super().canonical() | ({} if self.max_price else {"currency": None})
