"""A seller's shipping policy, from the fields of a form or a JSON body."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import parse_user_name
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.pipelines.runtime.options.model import OptionsModel, option
from discogs_assistant.pipelines.runtime.options.types import (
    CURRENCY,
    Home,
    OptionType,
    Reading,
    between,
    text,
)

_PARTS = {ShippingUnit.ITEMS: "a record", ShippingUnit.GRAMS: "a gram"}
_MOST_BANDS = 30
_LARGEST = 10**7
_NEEDED = "The shipping of the first and of each further record is needed; 0 where it is free."


def _seller(value: object, reading: Reading) -> str:
    return parse_user_name(text(value, reading.what))


def _unit(value: object, reading: Reading) -> ShippingUnit:
    word = text(value, reading.what)
    if word not in set(ShippingUnit):
        raise BadInputError(f"{reading.what} is one of {', '.join(ShippingUnit)}.")
    return ShippingUnit(word)


def _destination(value: object, reading: Reading) -> str:
    word = text(value, reading.what)
    return ANYWHERE if word == ANYWHERE else country_code(word)


def _amount(value: object, reading: Reading) -> Decimal:
    currency = reading.currency
    more = f"more decimals than {currency} has ({currency.decimals})"
    return _decimal(value, currency.decimals, more, reading.what)


def _decimal(value: object, places: int, more: str, what: str) -> Decimal:
    amount = between(value, 0, _LARGEST, what)
    if amount != round(amount, places):
        raise BadInputError(f"{what} has {more}.")
    return amount


def _bands(value: object, reading: Reading) -> tuple[Band, ...]:
    rows = value if isinstance(value, list | tuple) else [value]
    if len(rows) > _MOST_BANDS:
        raise BadInputError(f"{reading.what} are {len(rows)}.", f"Give at most {_MOST_BANDS}.")
    return _ascending([_band(row, place, reading) for place, row in enumerate(rows, 1)])


def _band(row: object, place: int, reading: Reading) -> Band:
    if not isinstance(row, Mapping):
        raise BadInputError(f"Step {place} must have from, to, cost and per_unit.")
    low, high = _edge(row, place, "from", reading), _edge(row, place, "to", reading)
    cost = _cell(row, place, "cost", reading)
    per_unit = row.get("per_unit")
    further = (
        Decimal(0) if per_unit in (None, "") else between(per_unit, 0, _LARGEST, f"Step {place}: per_unit")
    )
    if low is None or cost is None:
        raise BadInputError(f"Step {place} needs its from and its cost.")
    if high is not None and high < low:
        raise BadInputError(f"Step {place} ends before it begins.")
    return Band(low, high, cost, further)


def _edge(row: Mapping[str, object], place: int, name: str, reading: Reading) -> Decimal | None:
    """Where a step begins or ends, in what the policy counts."""
    unit = reading.before.get("unit", ShippingUnit.ITEMS)
    if unit is ShippingUnit.VALUE or row.get(name) in (None, ""):
        return _cell(row, place, name, reading)
    return _decimal(row[name], 0, f"a part of {_PARTS[unit]}", f"Step {place}: {name}")


def _cell(row: Mapping[str, object], place: int, name: str, reading: Reading) -> Decimal | None:
    if row.get(name) in (None, ""):
        return None
    return _amount(row[name], Reading(f"Step {place}: {name}", reading.before, reading.home))


def _ascending(bands: list[Band]) -> tuple[Band, ...]:
    ordered = sorted(bands, key=lambda band: (band.low, band.high is None, band.high))
    for lower, upper in pairwise(ordered):
        if lower.high is None or lower.high > upper.low:
            raise BadInputError(f"The steps from {lower.low} and from {upper.low} overlap.")
    return tuple(ordered)


_AMOUNT = OptionType(_amount, str)


class PolicyOptions(OptionsModel):
    """Either `first` and `further`, or `bands`: mappings of `from`, `to`, `cost` and `per_unit` in a `unit`.

    `ships_to` is a country or `*`; without a `min_order` the seller's known one holds, and 0 is none.
    """

    currency: Annotated[Currency, CURRENCY] = option(Currency.USD, "Currency", home="currency")
    unit: Annotated[ShippingUnit, OptionType(_unit, str)] = option(ShippingUnit.ITEMS, "What the steps count")
    seller: Annotated[str, OptionType(_seller)] = option(..., "Seller", missing="Say whose shipping it is.")
    ships_to: Annotated[str, OptionType(_destination)] = option(
        ..., "Ships to", home="country", missing="Say where it is sent to: a country, or * for all."
    )
    first: Annotated[Decimal | None, _AMOUNT] = option(None, "Shipping of the first record", missing=_NEEDED)
    further: Annotated[Decimal | None, _AMOUNT] = option(
        None, "Shipping of each further record", missing=_NEEDED
    )
    bands: Annotated[tuple[Band, ...], OptionType(_bands)] = option((), "Steps")
    min_order: Annotated[Decimal | None, _AMOUNT] = option(None, "Minimum order")

    @classmethod
    def needed(cls, given: Collection[str]) -> Collection[str]:
        """Either the steps, or what the first record and each further one cost."""
        return () if "bands" in given else ("first", "further")

    @property
    def policy(self) -> ShippingPolicy:
        """The policy that it says."""
        bands = self.bands or (Band(Decimal(1), None, self.first or Decimal(0), self.further or Decimal(0)),)
        return ShippingPolicy(
            seller=self.seller,
            ships_to=self.ships_to,
            methods=(ShippingMethod("", self.unit, bands),),
            currency=self.currency,
            source=ShippingSource.ENTERED,
            min_order=self.min_order,
        )


def parse_policy(raw: Mapping[str, object], home: Home) -> ShippingPolicy:
    """The policy; `InvalidFieldsError` with a sentence for each wrong field."""
    return PolicyOptions.parse(raw, home).policy
