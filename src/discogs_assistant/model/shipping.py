"""What a seller asks for sending a parcel to a country, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from discogs_assistant.model.money import Currency

ANYWHERE = "*"
"""The destination of a policy for all countries without their own."""


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
