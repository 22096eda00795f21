"""The kinds of fields that typed documents have beyond plain ones: how each is stored, and how printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import not_
from typing import Annotated, TypeVar

from pydantic import Field, PlainSerializer, SerializerFunctionWrapHandler, WrapSerializer
from pydantic_core.core_schema import SerializationInfo

from discogs_assistant.model.money import RateTable
from discogs_assistant.model.recommendation import Recommendation
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.runtime.exchange_rates import rates_json
from discogs_assistant.pipelines.runtime.results.recommendations import recommendation_json
from discogs_assistant.pipelines.runtime.results.releases import release_json

PRINTED = "printed"
"""The context in which a document is written as the API and the command line print it."""
T = TypeVar("T")


def _printed_by(write: Callable[[T], object]) -> WrapSerializer:
    """Prints a value by `write`; stores it with all its fields, so that it can be read again."""

    def serialize(
        value: T, handler: SerializerFunctionWrapHandler, info: SerializationInfo[object]
    ) -> object:
        return write(value) if info.context == PRINTED else handler(value)

    return WrapSerializer(serialize)


Moment = Annotated[datetime, PlainSerializer(datetime.isoformat)]
"""A moment, as ISO text with its offset."""
OnlyIfTrue = Annotated[bool, Field(exclude_if=not_)]
"""A flag that is absent from the JSON while it is false."""
OnlyIfKnown = Annotated[int | None, Field(exclude_if=lambda value: value is None)]
"""A number that is absent from the JSON where it is not known."""
ReleaseField = Annotated[Release, _printed_by(release_json)]
"""A release, printed with its names as text and stored with the ids of its artists and labels."""
RecommendationField = Annotated[Recommendation, _printed_by(recommendation_json)]
"""A recommendation, printed as a list has it."""
RatesField = Annotated[RateTable, _printed_by(rates_json)]
"""The day's exchange rates."""
RatesIfNeeded = Annotated[RatesField | None, Field(exclude_if=lambda rates: rates is None)]
"""As `RatesField`, absent from the JSON where one currency is enough."""


def described(release: Release) -> Release:
    """The release as documents hold it: what a line about it says, without tracks, credits and notes."""
    return Release(
        id=release.id,
        title=release.title,
        master_id=release.master_id,
        year=release.year,
        country=release.country,
        artists=release.artists,
        labels=release.labels,
        formats=release.formats,
        genres=release.genres,
        styles=release.styles,
    )
