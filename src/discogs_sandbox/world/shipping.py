"""What sending a parcel costs by a seller's policies, and how their endpoint answers for that seller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PACKAGING_GRAMS = 250
"""Sellers by weight weigh the packed parcel."""


class RangeType(StrEnum):
    """What the ranges of a method are measured in."""

    QUANTITY = "quantity"
    WEIGHT = "weight"


class PolicyAnswer(StrEnum):
    """How the endpoint of policies answers: as it should, or in one of the ways in which it does not."""

    POLICIES = "policies"
    EMPTY = "empty"
    NO_LIST = "no-list"
    TEXT_PRICES = "text-prices"
    NO_CURRENCY = "no-currency"
    REFUSED = "refused"
    NOT_FOUND = "not-found"
    SERVER_ERROR = "server-error"


@dataclass(frozen=True, slots=True)
class ShippingRange:
    """The price up to so many items or grams, of any number where `up_to` is None."""

    up_to: int | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """One way of sending; its ranges ascend, and what exceeds the last is not sent that way."""

    name: str
    range_type: RangeType
    ranges: tuple[ShippingRange, ...]

    def price(self, items: int, grams: int) -> Decimal | None:
        """The price of a parcel; `grams` are those of its records."""
        size = items if self.range_type is RangeType.QUANTITY else grams + PACKAGING_GRAMS
        return next((part.price for part in self.ranges if part.up_to is None or size <= part.up_to), None)


@dataclass(frozen=True, slots=True)
class ShippingPolicy:
    """The methods for some countries; free from a merchandise value of `free_from` on, never where None."""

    id: int
    countries: tuple[str, ...]
    methods: tuple[ShippingMethod, ...]
    free_from: Decimal | None = None


def parcel_price(
    policies: Sequence[ShippingPolicy], country: str, *, items: int, grams: int, merchandise: Decimal
) -> Decimal | None:
    """The price of the cheapest method that carries the parcel; None where nothing is sent there.

    `grams` are those of the records; amounts in the seller's currency.
    """
    policy = next((policy for policy in policies if country in policy.countries), None)
    if policy is None:
        return None
    prices = [price for method in policy.methods if (price := method.price(items, grams)) is not None]
    if prices and policy.free_from is not None and merchandise >= policy.free_from:
        return Decimal(0)
    return min(prices, default=None)
