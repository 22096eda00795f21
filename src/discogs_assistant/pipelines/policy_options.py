"""A seller's shipping policy, from the fields of a form or a JSON body."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import parse_user_name
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import ANYWHERE, Band, PolicyOrigin, ShippingPolicy, ShippingUnit
from discogs_assistant.pipelines.option_fields import Fields, Reader
from discogs_assistant.pipelines.option_readers import between, text
from discogs_assistant.pipelines.options import Home

_LABELS = {
    "seller": "The seller",
    "ships_to": "The country it is sent to",
    "currency": "The currency",
    "first": "The postage of the first record",
    "further": "The postage of each further record",
    "unit": "What the steps count",
    "bands": "The steps",
    "min_order": "The minimum order",
}
_PARTS = {ShippingUnit.ITEMS: "a record", ShippingUnit.GRAMS: "a gram"}
_MOST_BANDS = 30
_LARGEST = Decimal(10**7)


def parse_policy(raw: Mapping[str, object], home: Home) -> ShippingPolicy:
    """The policy; `InvalidFieldsError` with a sentence for each wrong field.

    Either `first` and `further`, or `bands`: mappings of `from`, `to`, `cost` and `per_unit` in a `unit`.
    `ships_to` is a country or `*`, by default the person's own; without a `min_order` the seller's known
    one holds, and 0 is none.
    """
    fields = Fields(raw, _LABELS)
    currency = fields.read("currency", lambda value, what: Currency.parse(text(value, what)), home.currency)
    unit = fields.read("unit", _unit, ShippingUnit.ITEMS)
    seller = fields.read("seller", lambda value, what: parse_user_name(text(value, what)), "")
    ships_to = fields.read("ships_to", _destination, home.country or "")
    bands: tuple[Band, ...] = fields.read("bands", _bands(unit, currency), ())
    if not fields.has("bands"):
        bands = (_first_and_further(fields, currency),)
    min_order: Decimal | None = fields.read("min_order", _amount(currency), None)
    if not seller:
        fields.refuse("seller", "Say whose postage it is.")
    if not ships_to:
        fields.refuse("ships_to", "Say where it is sent to: a country, or * for all.")
    fields.finish()
    return ShippingPolicy(seller, ships_to, unit, bands, currency, PolicyOrigin.TYPED, min_order)


def _first_and_further(fields: Fields, currency: Currency) -> Band:
    for name in ("first", "further"):
        if not fields.has(name):
            fields.refuse(name, f"{_LABELS[name]} is needed; 0 where it is free.")
    first = fields.read("first", _amount(currency), Decimal(0))
    return Band(Decimal(1), None, first, fields.read("further", _amount(currency), Decimal(0)))


def _unit(value: object, what: str) -> ShippingUnit:
    word = text(value, what)
    if word not in set(ShippingUnit):
        raise BadInputError(f"{what} is one of {', '.join(ShippingUnit)}.")
    return ShippingUnit(word)


def _destination(value: object, what: str) -> str:
    word = text(value, what)
    return ANYWHERE if word == ANYWHERE else country_code(word)


def _amount(currency: Currency) -> Reader[Decimal]:
    return _decimals(currency.decimals, f"more decimals than {currency} has ({currency.decimals})")


def _decimals(places: int, more: str) -> Reader[Decimal]:
    def read(value: object, what: str) -> Decimal:
        amount = between(Decimal(0), _LARGEST)(value, what)
        if amount != round(amount, places):
            raise BadInputError(f"{what} has {more}.")
        return amount

    return read


def _bands(unit: ShippingUnit, currency: Currency) -> Reader[tuple[Band, ...]]:
    edge = _amount(currency) if unit is ShippingUnit.VALUE else _decimals(0, f"a part of {_PARTS[unit]}")

    def read(value: object, what: str) -> tuple[Band, ...]:
        rows = value if isinstance(value, list | tuple) else [value]
        if len(rows) > _MOST_BANDS:
            raise BadInputError(f"{what} are {len(rows)}.", f"Give at most {_MOST_BANDS}.")
        return _ascending([_band(row, place, edge, currency) for place, row in enumerate(rows, 1)])

    return read


def _band(row: object, place: int, edge: Reader[Decimal], currency: Currency) -> Band:
    if not isinstance(row, Mapping):
        raise BadInputError(f"Step {place} must have from, to, cost and per_unit.")

    def read(name: str, reader: Reader[Decimal]) -> Decimal | None:
        value = row.get(name)
        return None if value in (None, "") else reader(value, f"Step {place}: {name}")

    low, high = read("from", edge), read("to", edge)
    cost, per_unit = read("cost", _amount(currency)), read("per_unit", between(Decimal(0), _LARGEST))
    if low is None or cost is None:
        raise BadInputError(f"Step {place} needs its from and its cost.")
    if high is not None and high < low:
        raise BadInputError(f"Step {place} ends before it begins.")
    return Band(low, high, cost, per_unit or Decimal(0))


def _ascending(bands: list[Band]) -> tuple[Band, ...]:
    ordered = sorted(bands, key=lambda band: (band.low, band.high is None, band.high))
    for lower, upper in pairwise(ordered):
        if lower.high is None or lower.high > upper.low:
            raise BadInputError(f"The steps from {lower.low} and from {upper.low} overlap.")
    return tuple(ordered)
