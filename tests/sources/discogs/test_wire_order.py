"""A person's own order from Discogs' JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.sources.discogs.fakes import Bench, Script, ok, said

from discogs_assistant.errors import (
    BadInputError,
    NotFoundError,
    PrivateError,
    TokenRefusedError,
    UnexpectedAnswerError,
)
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import Order, OrderNumber, parse_order_number
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_order import read_order

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NUMBER = OrderNumber("8-3")
ORDER: dict[str, Any] = {
    "id": "8-3",
    "status": "Shipped",
    "created": "2026-10-01T09:00:00-07:00",
    "items": [{"id": 50, "release": {"id": 11}, "price": {"value": 20}}, {"id": 51, "release": {"id": 12}}],
    "shipping": {"value": Decimal("8.5"), "currency": "EUR", "method": "Standard"},
    "shipping_address": "A Buyer, 1 Some Street",
    "seller": {"id": 8, "username": "shop"},
    "buyer": {"username": "digger"},
}


def read(**changes: Any) -> Order:
    return read_order(Fields({**ORDER, **changes}, ""), NUMBER, NOW)


def test_an_order_says_what_the_parcel_of_so_many_records_cost() -> None:
    ordered_at = datetime(2026, 10, 1, 16, tzinfo=UTC)
    releases = (ReleaseId(11), ReleaseId(12))
    assert read() == Order(NUMBER, "shop", 2, Money(850, Currency.EUR), ordered_at, NOW, releases)


def test_shipping_may_have_been_free() -> None:
    assert read(shipping={"value": 0, "currency": "EUR"}).shipping.minor == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "8-4"},
        {"id": None},
        {"shipping": None},
        {"shipping": {"value": -1, "currency": "EUR"}},
        {"shipping": {"value": 5, "currency": "DKK"}},
        {"shipping": {"currency": "EUR"}},
        {"items": []},
        {"items": None},
        {"items": ["a record"]},
        {"created": None},
        {"seller": None},
        {"seller": {"username": ""}},
    ],
)
def test_an_order_that_lacks_something_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedAnswerError):
        read(**changes)


@pytest.mark.parametrize(
    ("status", "error"), [(401, TokenRefusedError), (403, PrivateError), (404, NotFoundError)]
)
def test_somebody_elses_order_is_refused(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        Bench(Script([said(status)]), "t").client.order(NUMBER)


def test_an_order_is_asked_for_by_its_number() -> None:
    document = {**ORDER, "shipping": {"value": 8.5, "currency": "EUR"}}
    script = Script([ok(document)])
    assert Bench(script, "t").client.order(NUMBER).shipping == Money(850, Currency.EUR)
    assert [request.url.path for request in script.requests] == ["/marketplace/orders/8-3"]


@pytest.mark.parametrize("text", ["8-3", " #8-3 ", "#8-3"])
def test_the_number_of_an_order_is_the_sellers_and_a_count(text: str) -> None:
    assert parse_order_number(text) == NUMBER


@pytest.mark.parametrize("text", ["", "8", "8-", "-3", "8-3-1", "08-3", "8/3", "8-3?x=1", "../8-3", "٨-٣"])
def test_what_is_no_number_of_an_order_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        parse_order_number(text)
