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
    """What the bands of a policy are measured in; `value` is merchandise in the policy's currency."""

    ITEMS = "items"
    GRAMS = "grams"
    VALUE = "value"


class Confidence(StrEnum):
    """How sure a shipping cost is: typed in or read from listings, or guessed, or not at all."""

    KNOWN = "known"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class PolicyOrigin(StrEnum):
    """Where a policy comes from."""

    TYPED = "typed"
    FILE = "file"
    ESTIMATE = "estimate"

    @property
    def confidence(self) -> Confidence:
        """How far to trust it."""
        return Confidence.ESTIMATED if self is PolicyOrigin.ESTIMATE else Confidence.KNOWN


@dataclass(frozen=True, slots=True)
class Band:
    """`cost + per_unit × (x − low)` for `low ≤ x ≤ high`; no end where `high` is None.

    `low`, `high` in the policy's unit (decimals only for value); money in major units of its currency.
    At an edge that two bands share, the lower one holds.
    """

    low: Decimal
    high: Decimal | None
    cost: Decimal
    per_unit: Decimal


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """A seller's bands for a destination, ascending; `ships_to` is an ISO code or `ANYWHERE`.

    An x in no band is not sent. `min_order` in major units of `currency`, compared with merchandise.
    """

    seller: str
    ships_to: str
    unit: ShippingUnit
    bands: tuple[Band, ...]
    currency: Currency
    origin: PolicyOrigin
    min_order: Decimal | None = None
    as_of: datetime | None = None
