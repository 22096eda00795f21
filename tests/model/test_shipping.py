"""What a seller's policy says of the records alone."""

from __future__ import annotations

from decimal import Decimal

from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import (
    Band,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)


def policy(unit: ShippingUnit, *bands: tuple[int, int | None, int]) -> ShippingPolicy:
    made = tuple(
        Band(Decimal(low), None if high is None else Decimal(high), Decimal(cost), Decimal(0))
        for low, high, cost in bands
    )
    method = ShippingMethod("Parcel", unit, made)
    return ShippingPolicy("shop", "DE", (method,), Currency.EUR, ShippingSource.POLICY)


def bands_of(found: ShippingPolicy) -> list[tuple[int, int | None, int]]:
    return [
        (int(band.low), None if band.high is None else int(band.high), int(band.cost))
        for band in found.methods[0].bands
    ]


def test_ranges_of_weight_begin_and_end_earlier_by_the_packaging() -> None:
    parcels = policy(ShippingUnit.GRAMS, (1, 200, 3), (201, 1000, 5), (1001, None, 9))
    assert bands_of(parcels.less_packaging(250)) == [(0, 750, 5), (751, None, 9)]


def test_a_parcel_of_nothing_but_packaging_stays_in_its_range() -> None:
    parcels = policy(ShippingUnit.GRAMS, (1, 250, 3), (251, None, 5))
    assert bands_of(parcels.less_packaging(250)) == [(0, 0, 3), (1, None, 5)]


def test_ranges_by_number_stay_as_they_are() -> None:
    parcels = policy(ShippingUnit.ITEMS, (1, 3, 3), (4, None, 5))
    assert parcels.less_packaging(250) == parcels
