"""Typed documents: each reads back from its stored JSON as the same object, and prints the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.durations import examples

from discogs_assistant.model.criteria import CartCriteria, ListingCriteria
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import ArtistId, ReleaseId, UserName
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
from discogs_assistant.model.release import ArtistCredit, Release
from discogs_assistant.pipelines.carts.answer import SearchBasis
from discogs_assistant.pipelines.carts.result import CartsResult, CheckResult
from discogs_assistant.pipelines.runtime.results.counts import MarketResult, SyncResult
from discogs_assistant.pipelines.runtime.results.documents import OtherVersionError, dumps, loads, printed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TYPES = (CartsResult, CheckResult, RecommendationResult, SyncResult, MarketResult)
Strategy = st.SearchStrategy[Any]


@st.composite
def criteria(draw: st.DrawFn) -> CartCriteria:
    """Criteria as a form can ask them."""
    currency = draw(st.sampled_from(Currency))
    amounts = st.integers(1, 10**6).map(lambda minor: Money(minor, currency))
    countries = st.frozensets(st.sampled_from(["DE", "US", "GB", "JP"]))
    return CartCriteria(
        budget=draw(amounts),
        listing=ListingCriteria(
            min_media=draw(st.none() | st.sampled_from([Grade.MINT, Grade.VERY_GOOD_PLUS])),
            min_sleeve=draw(st.none() | st.just(SleeveGrade.VERY_GOOD)),
            min_seller_rating=draw(st.none() | st.sampled_from([Decimal(0), Decimal("99.5")])),
            ships_from=draw(countries),
            exclude_sellers=draw(st.frozensets(st.sampled_from(["a", "b.c", "d_e"]))),
            max_price=draw(st.none() | amounts),
            formats=draw(st.frozensets(st.sampled_from(["LP", '7"', "CD"]))),
        ),
        ratio=draw(st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)])),
        destination=draw(st.none() | st.sampled_from(["DE", "US"])),
        must=draw(st.frozensets(st.integers(1, 99).map(ReleaseId), max_size=2)),
        include_shipping=draw(st.booleans()),
    )


PLAIN: Mapping[Any, Strategy] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**62), 2**62),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=8),
    Decimal: st.decimals(0, 99, places=2),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    CartCriteria: criteria(),
    Mapping[Currency, Decimal]: st.dictionaries(st.sampled_from(Currency), st.decimals(1, 9, places=10)),
}


def some(kind: Any) -> Strategy:
    """Objects of a field's type, whatever dataclasses it is made of."""
    kind = getattr(kind, "__supertype__", kind)
    if kind in PLAIN:
        return PLAIN[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, UnionType):
        return st.one_of(*map(some, parts))
    if origin is tuple:
        several = st.lists(some(parts[0]), max_size=2).map(tuple)
        return several if parts[-1] is ... else st.tuples(*map(some, parts))
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(some(parts[0]), some(parts[1]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return document(kind)


def document(kind: Any) -> Strategy:
    """Any document of a type."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is no dataclass, and nothing says how to make one")
    make: Any = kind
    hints = get_type_hints(kind)
    return st.deferred(
        lambda: st.fixed_dictionaries({part.name: some(hints[part.name]) for part in fields(kind)}).map(
            lambda values: make(**values)
        )
    )


DOCUMENTS = st.sampled_from(TYPES).flatmap(document)
slow = settings(
    max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow
@given(DOCUMENTS)
def test_a_document_reads_back_from_json_as_the_same_object(made: object) -> None:
    text = json.dumps(dumps(made))
    assert loads(type(made), json.loads(text)) == made


@slow
@given(DOCUMENTS)
def test_a_document_prints_the_same_whether_just_made_or_read_back(made: object) -> None:
    read = loads(type(made), json.loads(json.dumps(dumps(made))))
    assert json.dumps(printed(read)) == json.dumps(printed(made))


@slow
@given(document(SearchBasis))
def test_what_a_run_chose_from_reads_back_as_the_same_object(made: SearchBasis) -> None:
    assert loads(SearchBasis, json.loads(json.dumps(dumps(made)))) == made


@slow
@given(DOCUMENTS)
def test_what_is_stored_beside_is_not_printed(made: object) -> None:
    assert "version" in dumps(made)
    assert "version" not in printed(made)


def a_list() -> RecommendationResult:
    """A list of one record by somebody who has a namesake."""
    artists = (ArtistCredit(ArtistId(408), "Mike (2)", anv="M."),)
    record = Release(ReleaseId(7), "Seven", artists=artists)
    recommended = Recommendation(1, record, 0.1234567, (), False, False)
    return RecommendationResult(UserName("me"), "content", NOW, 1, (recommended,))


def test_artists_keep_their_ids_and_are_printed_by_their_names() -> None:
    read = loads(RecommendationResult, json.loads(json.dumps(dumps(a_list()))))
    assert read.recommendations[0].release.artists[0].id == 408
    assert printed(read)["recommendations"][0]["artists"] == ["M."]


def test_scores_are_kept_whole_and_printed_to_six_decimals() -> None:
    read = loads(RecommendationResult, dumps(a_list()))
    assert read.recommendations[0].score == 0.1234567
    assert printed(read)["recommendations"][0]["score"] == 0.123457


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {**dumps(a_list()), "version": 0},
        {**dumps(a_list()), "collectors": "many"},
        {"version": 1, "user": "me"},
    ],
    ids=["empty", "another version", "a wrong value", "a missing field"],
)
def test_what_another_version_stored_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(OtherVersionError):
        loads(RecommendationResult, stored)
