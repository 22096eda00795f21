"""Exchange rates of a day."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.discogs.fakes import FakeClock, Handler

from discogs_assistant.errors import BadInputError, UnexpectedAnswerError, UnreachableError, UpstreamError
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.sources.exchange_rates import EuroRates, installed_rates, newer_rates, read_rates_xml
from discogs_assistant.sources.http import open_http

URL = "https://bank.test/daily.xml"


def xml(*days: str) -> bytes:
    text = f'<?xml version="1.0"?><x:Envelope xmlns:x="x" xmlns="y"><Cube>{"".join(days)}</Cube></x:Envelope>'
    return text.encode()


def day(time: str, **rates: str) -> str:
    lines = "".join(f"<Cube currency='{name}' rate='{rate}'/>" for name, rate in rates.items())
    return f"<Cube time='{time}'>{lines}</Cube>"


def fetch(handler: Handler, url: str = URL) -> EuroRates | None:
    http = open_http(URL, FakeClock(), transport=httpx2.MockTransport(handler))
    return newer_rates(url, http, "DiscogsAssistant/1.0")


def test_a_day_later_than_all_that_is_held_gets_the_newest() -> None:
    newest, source, rates = installed_rates(date(2999, 1, 1))
    assert newest >= date(2026, 10, 1)
    assert source
    assert set(rates) == set(Currency)
    assert all(isinstance(rate, Decimal) for rate in rates.values())


def test_a_holiday_gets_the_last_working_day_before_it() -> None:
    assert installed_rates(date(2024, 1, 1))[0] == date(2023, 12, 29)
    assert installed_rates(date(2023, 12, 29))[0] == date(2023, 12, 29)


def test_a_known_days_rates_are_the_banks() -> None:
    _, _, rates = installed_rates(date(2023, 12, 29))
    assert (rates[Currency.USD], rates[Currency.JPY]) == (Decimal("1.1050"), Decimal("156.33"))


def test_a_currency_that_was_not_quoted_yet_is_left_out() -> None:
    assert Currency.BRL not in installed_rates(date(2005, 1, 3))[2]


def test_a_day_before_all_rates_is_bad_input() -> None:
    with pytest.raises(BadInputError, match="1998-12-31"):
        installed_rates(date(1998, 12, 31))


def test_yen_are_converted_without_decimals() -> None:
    on, source, rates = installed_rates(date(2023, 12, 29))
    into_yen = RateTable.from_euro(on, source, Currency.JPY, rates)
    assert into_yen.convert(Money(1000, Currency.EUR)) == Money(1563, Currency.JPY)
    into_dollars = RateTable.from_euro(on, source, Currency.USD, rates)
    assert into_dollars.convert(Money(1563, Currency.JPY)) == Money(1105, Currency.USD)


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys, discogs_assistant.sources.exchange_rates; sys.exit('currency_converter' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_an_address_nothing_is_fetched() -> None:
    assert fetch(lambda request: pytest.fail("a request"), url="") is None


def test_the_newest_day_of_the_banks_xml_is_taken() -> None:
    body = xml(day("2026-11-20", USD="1.1"), day("2026-11-23", USD="1.2", JPY="170", XXX="5"))
    rates = {Currency.EUR: Decimal(1), Currency.USD: Decimal("1.2"), Currency.JPY: Decimal(170)}
    assert fetch(lambda request: httpx2.Response(200, content=body)) == (
        date(2026, 11, 23),
        "bank.test",
        rates,
    )


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html>",
        ENTITIES,
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        xml(),
        xml(day("2026-11-23")),
        xml(day("soon", USD="1")),
        xml(day("2026-11-23", USD="NaN")),
        xml(day("2026-11-23", USD="-1")),
        xml(day("2026-11-23", USD="0")),
        xml(day("2026-11-23", USD="1e30")),
        xml(day("2026-11-23", USD="")),
    ],
)
def test_hostile_xml_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        read_rates_xml(body)
    assert str(caught.value).isprintable()


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_rates_or_a_typed_error(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswerError):
        read_rates_xml(body)


def test_a_bank_that_is_down_or_refuses_is_a_typed_error() -> None:
    def down(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(UnreachableError, match=r"bank\.test"):
        fetch(down)
    with pytest.raises(UpstreamError, match="404"):
        fetch(lambda request: httpx2.Response(404))


def test_a_file_that_is_too_large_is_cut_off() -> None:
    with pytest.raises(UnreachableError, match="larger"):
        fetch(lambda request: httpx2.Response(200, content=b"x" * 6_000_000))
