"""Discogs' JSON read key by key."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_money import read_amount, read_money
from discogs_assistant.sources.discogs.wire_release import read_year

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
READERS = [
    "text",
    "required_text",
    "whole",
    "required_whole",
    "identifier",
    "required_identifier",
    "number",
    "flag",
    "moment",
    "link",
    "part",
    "required_part",
    "entries",
    "texts",
]


@given(anything, st.sampled_from(READERS))
def test_any_value_is_read_or_named_as_wrong(value: Any, reader: str) -> None:
    fields = Fields({"key": value}, "rows[2]")
    sentence, next_step = "rows[2].key", "none"
    try:
        getattr(fields, reader)("key")
    except UnexpectedAnswerError as error:
        sentence, next_step = error.sentence, error.next_step
    assert "rows[2].key" in sentence
    assert next_step


@given(anything)
def test_an_entry_that_is_no_object_is_reported(value: Any) -> None:
    if not isinstance(value, dict):
        with pytest.raises(UnexpectedAnswerError, match="rows is not an object"):
            Fields(value, "rows")


@pytest.mark.parametrize(
    "reader", ["required_text", "required_whole", "required_identifier", "required_part"]
)
def test_a_missing_key_is_named(reader: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match=r"rows\.key is missing"):
        getattr(Fields({}, "rows"), reader)("key")


@pytest.mark.parametrize(
    "reader", ["text", "whole", "identifier", "number", "flag", "moment", "link", "part"]
)
@pytest.mark.parametrize("data", [{}, {"key": None}])
def test_absent_and_null_are_none(reader: str, data: dict[str, Any]) -> None:
    assert getattr(Fields(data, ""), reader)("key") is None


def test_text_loses_blanks_nul_and_halves_of_characters() -> None:
    assert Fields({"a": " x\0y\ud800 ", "b": "  ", "c": "\0"}, "").text("a") == "xy"
    assert Fields({"b": "  "}, "").text("b") is None


@pytest.mark.parametrize(
    ("value", "number"),
    [("99.8", Decimal("99.8")), (5, Decimal(5)), (Decimal("0.10"), Decimal("0.1")), (2.5, 2.5)],
)
def test_numbers_are_read_also_from_text(value: Any, number: Decimal) -> None:
    assert Fields({"key": value}, "").number("key") == number


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e99", "--1", "1,5", True, float("inf"), Decimal("1e-400"), "٣x", [], {}]
)
def test_a_senseless_number_is_refused(value: Any) -> None:
    with pytest.raises(UnexpectedAnswerError):
        Fields({"key": value}, "").number("key")


@pytest.mark.parametrize("value", [1.5, "x", 2**63, -(2**64)])
def test_what_no_database_takes_as_a_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(UnexpectedAnswerError):
        Fields({"key": value}, "").whole("key")


def test_an_id_of_0_is_none_and_a_negative_one_is_wrong() -> None:
    assert Fields({"master_id": 0}, "").identifier("master_id") is None
    with pytest.raises(UnexpectedAnswerError):
        Fields({"master_id": -4}, "").identifier("master_id")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-02-16T17:48:59-08:00", datetime(2019, 2, 17, 1, 48, 59, tzinfo=UTC)),
        ("2019-02-16T17:48:59Z", datetime(2019, 2, 16, 17, 48, 59, tzinfo=UTC)),
        ("2019-02-16T17:48:59", datetime(2019, 2, 16, 17, 48, 59, tzinfo=UTC)),
    ],
)
def test_moments_are_in_utc(text: str, moment: datetime) -> None:
    assert Fields({"key": text}, "").moment("key") == moment


@pytest.mark.parametrize("text", ["yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"])
def test_moments_out_of_range_are_wrong(text: str) -> None:
    with pytest.raises(UnexpectedAnswerError):
        Fields({"key": text}, "").moment("key")


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "data:x", "https://st.test/images/spacer.gif"])
def test_only_web_addresses_of_real_pictures_are_links(link: str) -> None:
    assert Fields({"key": link}, "").link("key") is None


@pytest.mark.parametrize(
    ("value", "year"),
    [(1985, 1985), ("1985", 1985), ("1985-03-00", 1985), (0, None), ("", None), ("197?", None), (1700, None)],
)
def test_years_are_the_four_leading_digits(value: Any, year: int | None) -> None:
    assert read_year(Fields({"year": value}, ""), "year") == year


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (Decimal("20.0"), "EUR", 2000),
        (Decimal("19.99"), "USD", 1999),
        (Decimal("1500.0"), "JPY", 1500),
        (1500, "JPY", 1500),
        (Decimal("0.615"), "GBP", 62),
        ("7.25", "SEK", 725),
    ],
)
def test_amounts_are_exact_minor_units(value: Any, currency: str, minor: int) -> None:
    fields = Fields({"price": {"value": value, "currency": currency}}, "")
    assert read_money(fields, "price") == Money(minor, Currency(currency))


@given(st.integers(0, 10**9), st.sampled_from([c for c in Currency if c.decimals == 2]))
def test_a_float_of_two_decimals_stays_exact(minor: int, currency: Currency) -> None:
    fields = Fields({"price": minor / 100}, "")
    assert read_amount(fields, "price", currency) == Money(minor, currency)


def test_an_empty_price_is_none() -> None:
    assert read_money(Fields({"shipping_price": {}}, ""), "shipping_price") is None


@pytest.mark.parametrize(
    "price",
    [{"value": 1}, {"currency": "USD"}, {"value": 1, "currency": "DOGE"}, {"value": -1, "currency": "USD"}],
)
def test_half_a_price_is_wrong(price: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedAnswerError, match=r"listing\.price"):
        read_money(Fields({"price": price}, "listing"), "price")
