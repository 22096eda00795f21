"""A seller's shipping policies from Discogs' JSON, which Discogs does not document: anything odd is unknown.

Its types are taken strictly, unlike those of documented answers: a price that is misread is a wrong total.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.country import find_country
from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingProblem,
    ShippingReport,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_money import read_currency

_UNITS = {"quantity": ShippingUnit.ITEMS, "weight": ShippingUnit.GRAMS}
_MOST_RANGES, _MOST_COUNTRIES = 500, 1_000
_HIGHEST_PRICE = 10**6
_LARGEST_PARCEL = 10**9
_LONGEST_NAME = 100

_Terms = tuple[tuple[ShippingMethod, ...], Decimal | None]
"""The methods for some countries, and the merchandise from which they are free."""


def read_shipping(answer: object, seller: str, number: int, reported_at: datetime) -> ShippingReport:
    """The policies in an answer about the seller of this number, or why there are none; never an error."""
    try:
        policies = _policies(Fields(answer, ""), seller, number, reported_at)
    except UnexpectedAnswerError as error:
        return ShippingReport(seller, number, reported_at, (), ShippingProblem.UNREADABLE, error.sentence)
    return ShippingReport(
        seller, number, reported_at, policies, None if policies else ShippingProblem.NONE_STATED
    )


def refused_shipping(status: int, seller: str, number: int, reported_at: datetime) -> ShippingReport:
    """What an answer of another status than 200 reports."""
    return ShippingReport(seller, number, reported_at, (), ShippingProblem.NO_ANSWER, str(status))


def _policies(fields: Fields, seller: str, number: int, reported_at: datetime) -> tuple[ShippingPolicy, ...]:
    """One for each destination, and one for all others where it is known that nothing is sent to them."""
    if fields.identifier("seller_uid") not in {None, number}:
        raise fields.wrong("seller_uid", "is the number of another seller")
    if "policies" not in fields:
        raise fields.wrong("policies", "is missing")
    currency = read_currency(fields, "currency", fields.required_text("currency"))
    by_country, unread = _terms_by_country(fields)

    def policy(ships_to: str, terms: _Terms) -> ShippingPolicy:
        methods, free_from = terms
        return ShippingPolicy(
            seller,
            ships_to,
            methods,
            currency,
            ShippingSource.POLICY,
            free_from=free_from,
            reported_at=reported_at,
        )

    # Of two policies for one country, and of one without a price, nobody knows what holds.
    clear = {code: terms for code, (terms, *others) in by_country.items() if terms[0] and not others}
    found = tuple(policy(code, terms) for code, terms in sorted(clear.items()))
    whole = bool(found) and not unread and len(clear) == len(by_country)
    return (*found, policy(ANYWHERE, ((), None))) if whole else found


def _terms_by_country(fields: Fields) -> tuple[dict[str, list[_Terms]], bool]:
    """The different terms for each country by its ISO code, and whether a country's name is not known."""
    by_country: dict[str, list[_Terms]] = {}
    unread, countries, ranges = False, 0, 0
    for part in fields.parts("policies"):
        names = part.texts("countries")
        methods = tuple(_method(method) for method in part.parts("methods"))
        countries += len(names)
        ranges += sum(len(method.bands) for method in methods)
        if ranges > _MOST_RANGES or countries > _MOST_COUNTRIES:
            raise fields.wrong("policies", "has too many ranges or countries")
        terms = (methods, _free_from(part))
        codes = [find_country(name[:_LONGEST_NAME]) for name in names]
        unread |= not codes or None in codes
        for code in codes:
            if code is not None and terms not in by_country.setdefault(code, []):
                by_country[code].append(terms)
    return by_country, unread


def _method(fields: Fields) -> ShippingMethod:
    kind = fields.required_text("range_type")
    if kind not in _UNITS:
        raise fields.wrong("range_type", "is neither weight nor quantity")
    name = (fields.text("name") or "")[:_LONGEST_NAME]
    return ShippingMethod(name, _UNITS[kind], _bands(fields))


def _bands(fields: Fields) -> tuple[Band, ...]:
    """The ranges, each of which begins after the end of the one before; an end of 0 is none."""
    bands: list[Band] = []
    last = Decimal(0)
    for part in fields.parts("ranges"):
        price, end = _within(part, "price", _HIGHEST_PRICE), _within(part, "max", _LARGEST_PARCEL)
        if bands and bands[-1].high is None:
            raise part.wrong("max", "follows a range without an end")
        if end != end.to_integral_value() or 0 < end <= last:
            raise part.wrong("max", "is not a whole number above the one before")
        bands.append(Band(last + 1, end or None, price, Decimal(0)))
        last = end
    if not bands:
        raise fields.wrong("ranges", "is empty")
    return tuple(bands)


def _free_from(fields: Fields) -> Decimal | None:
    """The merchandise from which shipping is free: 0 where no minimum is named, None where it never is."""
    if not fields.flag("free_shipping"):
        return None
    return _within(fields, "free_shipping_min_order_val", _HIGHEST_PRICE, absent=Decimal(0))


def _within(fields: Fields, key: str, most: int, *, absent: Decimal | None = None) -> Decimal:
    """The number under `key`, from 0 to `most`; text is no number here."""
    number = None if fields.is_text(key) else fields.number(key)
    found = absent if number is None and not fields.is_text(key) else number
    if found is None or not 0 <= found <= most:
        raise fields.wrong(key, "is not a number in a sensible range")
    return found
