"""What a seller asks for sending a parcel to a country, how sure that is, and what customs ask for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NewType

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.country import customs_area
from discogs_assistant.model.ids import ReleaseId, printable
from discogs_assistant.model.money import Currency, Money

OrderNumber = NewType("OrderNumber", str)

ANYWHERE = "*"
"""The destination of a policy for all countries without their own."""

_NUMBER = re.compile(r"#?([1-9][0-9]{0,11}-[1-9][0-9]{0,8})", re.ASCII)


MOST_BANDS = 1000
"""Bands that a policy may have, over all its methods: so many the searches for carts and plans carry."""


class ShippingUnit(StrEnum):
    """What the bands of a method are measured in; `value` is merchandise in the policy's currency."""

    ITEMS = "items"
    GRAMS = "grams"
    VALUE = "value"


class Confidence(StrEnum):
    """How sure a shipping cost is: entered or read, or estimated, or not known at all."""

    KNOWN = "known"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class ShippingSource(StrEnum):
    """Where what is known of a seller's shipping comes from."""

    ENTERED = "entered"
    POLICY = "policy"
    LISTING = "listing"
    ORDER = "order"
    ESTIMATE = "estimate"

    @property
    def confidence(self) -> Confidence:
        """How far to trust it."""
        estimated = self in {ShippingSource.ORDER, ShippingSource.ESTIMATE}
        return Confidence.ESTIMATED if estimated else Confidence.KNOWN


@dataclass(frozen=True, slots=True)
class Band:
    """`cost + per_unit × (x − low)` for `low ≤ x ≤ high`; no end where `high` is None.

    `low`, `high` in the method's unit (decimals only for value); money in major units of the policy's
    currency. At an edge that two bands share, the lower one holds.
    """

    low: Decimal
    high: Decimal | None
    cost: Decimal
    per_unit: Decimal


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """One way to send a parcel: `bands` in `unit`, ascending. It carries a parcel that is in one of them.

    `name` as the seller calls it, empty where they do not.
    """

    name: str
    unit: ShippingUnit
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """What a seller asks for parcels to a destination: an ISO code or `ANYWHERE`.

    A parcel goes by the cheapest of the `methods` that carry it. From merchandise of `free_from` on it costs
    nothing, if a method carries it. Both limits on merchandise are in major units of `currency`.
    """

    seller: str
    ships_to: str
    methods: tuple[ShippingMethod, ...]
    currency: Currency
    source: ShippingSource
    free_from: Decimal | None = None
    min_order: Decimal | None = None
    reported_at: datetime | None = None

    @property
    def blocked(self) -> bool:
        """True where the seller sends nothing to the destination."""
        return not self.methods

    @property
    def by_value(self) -> bool:
        """True where what a parcel costs depends on what its records cost."""
        return self.free_from is not None or any(m.unit is ShippingUnit.VALUE for m in self.methods)

    def less_packaging(self, grams: int) -> ShippingPolicy:
        """The same for the records' weight alone, where ranges of weight hold for parcels with packaging."""
        return replace(self, methods=tuple(_less_packaging(method, grams) for method in self.methods))


def _less_packaging(method: ShippingMethod, grams: int) -> ShippingMethod:
    if method.unit is not ShippingUnit.GRAMS:
        return method
    bands = [
        replace(
            band,
            low=max(Decimal(0), band.low - grams),
            high=None if band.high is None else band.high - grams,
            cost=band.cost + band.per_unit * max(Decimal(0), grams - band.low),
        )
        for band in method.bands
        if band.high is None or band.high >= grams
    ]
    return replace(method, bands=tuple(bands))


@dataclass(frozen=True, slots=True)
class NextRecord:
    """How shipping goes on from a parcel, in minor units of the budget's currency.

    Parcels of up to `same_up_to` records cost what this one does; the record after that costs `more_minor`
    (less where it is negative), or cannot be sent where that is None. `same_up_to` is None where none
    changes it.
    """

    same_up_to: int | None
    more_minor: int | None


@dataclass(frozen=True, slots=True)
class ImportRules:
    """The charges on a parcel of records, as private buyers pay them; money is None where there is none.

    `vat` is a share of merchandise, shipping and duty. Merchandise up to `tax_free` pays none of it, and
    `duty` falls due only up to `duty_up_to`. Carriers ask for `handling` where merchandise is above
    `handling_above`. `source` says where the figures are from.
    """

    vat: Fraction
    source: str
    tax_free: Money | None = None
    duty: Money | None = None
    duty_up_to: Money | None = None
    handling: Money | None = None
    handling_above: Money | None = None

    @property
    def currencies(self) -> set[Currency]:
        """The currencies of the amounts."""
        amounts = (self.tax_free, self.duty, self.duty_up_to, self.handling, self.handling_above)
        return {money.currency for money in amounts if money is not None}


@dataclass(frozen=True)
class ImportTable:
    """The rules by destination (ISO code), as they were on a `day`."""

    day: date
    rules: Mapping[str, ImportRules]

    def for_parcel(self, ships_from: str | None, destination: str | None) -> ImportRules | None:
        """The rules for a parcel; None where it crosses no customs border, or where either is not known."""
        if ships_from is None or destination is None:
            return None
        if customs_area(ships_from) == customs_area(destination):
            return None
        return self.rules.get(destination)


class ShippingProblem(StrEnum):
    """Why Discogs' answer about a seller's shipping has no policies."""

    NONE_STATED = "none-stated"
    NO_ANSWER = "no-answer"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ShippingReport:
    """What Discogs reported of a seller's shipping at `reported_at`; `number` is Discogs' own of the seller.

    Of several policies the one for a parcel's country counts, then that for `ANYWHERE`; of a country with
    neither nothing is known. Without any policy `problem` says why, and `detail` what was wrong: the status
    of a refusal, or a sentence on what cannot be read.
    """

    seller: str
    number: int
    reported_at: datetime
    policies: tuple[ShippingPolicy, ...] = ()
    problem: ShippingProblem | None = None
    detail: str | None = None


def parse_order_number(text: str, *, field: str = "number") -> OrderNumber:
    """The seller's number and a count, as Discogs writes it: 1234567-89; `BadInputError` otherwise."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise BadInputError(
            f"“{printable(text.strip())}” is not the number of an order.",
            "Discogs shows it on the order's page, such as 1234567-89.",
            field=field,
        )
    return OrderNumber(found[1])


@dataclass(frozen=True, slots=True)
class Order:
    """A person's own order: what `seller` charged to send `items` records in one parcel.

    `releases` are those of the records, as far as Discogs names them; they are not stored with the order.
    """

    number: OrderNumber
    seller: str
    items: int
    shipping: Money
    ordered_at: datetime
    reported_at: datetime
    releases: tuple[ReleaseId, ...] = ()
