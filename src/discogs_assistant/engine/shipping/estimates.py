"""Guesses of shipping: the medians of what is known of sellers as near to the destination."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import floor
from statistics import median_high

from discogs_assistant.engine.shipping.tariffs import ParcelSize, Step, Tariff, single_method
from discogs_assistant.model.country import customs_area
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import Confidence, ShippingUnit

USUAL_GRAMS = 230
"""A single LP, by which policies in grams are compared with others."""

_USUAL_RECORDS = 10
"""In a parcel, by which sellers with different ranges are compared."""

_COUNT = re.compile(r"([1-9][0-9]?) ?[x×] ?")


class Region(Enum):
    """Where a seller is, as seen from the destination: shipping differs most between these."""

    HOME = "home"
    AREA = "area"
    ABROAD = "abroad"


@dataclass(frozen=True, slots=True)
class UsualShipping:
    """What the first record and each further one cost to send, in minor units of the budget's currency.

    `further` is a mean over a usual parcel, None where it is not known.
    """

    first: int
    further: int | None


@dataclass(frozen=True, slots=True)
class Guess:
    """A median of `first` over so many sellers, and one of `further`, None over none."""

    first: int
    of_first: int
    further: int | None
    of_further: int


def region(country: str | None, destination: str) -> Region | None:
    """The region of a seller in `country` (ISO codes); None where that is not known."""
    if country is None:
        return None
    if country == destination:
        return Region.HOME
    return Region.AREA if customs_area(country) == customs_area(destination) else Region.ABROAD


def guesses(
    known: Mapping[str, UsualShipping], region_of: Callable[[str], Region | None]
) -> dict[Region, Guess]:
    """The guess of each region in which any seller's shipping is known; of two in the middle the dearer."""
    by_region: dict[Region, list[UsualShipping]] = {}
    for seller, shipping in known.items():
        place = region_of(seller)
        if place is not None:
            by_region.setdefault(place, []).append(shipping)
    return {place: _guess(costs) for place, costs in by_region.items()}


def usual_shipping(tariff: Tariff) -> UsualShipping | None:
    """What a tariff comes to for usual records; None where it depends on their value or sends none.

    Each further record counts for its share of what ten cost more than one, or as many as are sent, rounded
    up: ranges that hold for several records would make the second one cost nothing, and all others too.
    """
    first = usual_cost(tariff, 1)
    if first is None:
        return None
    for records in range(_USUAL_RECORDS, 1, -1):
        together = usual_cost(tariff, records)
        if together is not None:
            return UsualShipping(first, max(0, -((first - together) // (records - 1))))
    return UsualShipping(first, None)


def usual_cost(tariff: Tariff, records: int) -> int | None:
    """What so many usual records cost to send, however little they cost; None where none are sent."""
    if any(method.unit is ShippingUnit.VALUE for method in tariff.methods):
        return None
    quote = tariff.quote(ParcelSize(records, records * USUAL_GRAMS, 0))
    return None if quote is None else quote.minor


def by_items(first: int, further: int, confidence: Confidence) -> Tariff:
    """The tariff of a first record and each further one, without a minimum order."""
    return single_method(ShippingUnit.ITEMS, (Step(1, None, 1, first, further),), confidence)


def by_orders(costs: Mapping[int, int], others: tuple[int, int] | None) -> Tariff:
    """The tariff of parcels that were paid for: `costs` by their number of records.

    `others` are the first and each further record of other numbers. Without it fewer records cost as much as
    the next larger parcel, and each beyond the largest costs as much as one of its records, rounded up.
    """
    steps: list[Step] = []
    last, paid = 0, 0
    for items, cost in sorted(costs.items()):
        if last + 1 < items:
            between = Step(last + 1, items - 1, 1, *(others or (cost, 0)))
            steps.append(between)
        steps.append(Step(items, items, items, cost, 0))
        last, paid = items, cost
    beyond = Step(last + 1, None, last, paid, -(-paid // last))
    steps.append(beyond if others is None else Step(last + 1, None, 1, *others))
    return single_method(ShippingUnit.ITEMS, tuple(steps), Confidence.ESTIMATED)


def free(min_order: int) -> Tariff:
    """The tariff of what is not counted; a minimum order may hold all the same."""
    return single_method(
        ShippingUnit.ITEMS, (Step(0, None, 0, 0, 0),), Confidence.UNKNOWN, min_order=min_order
    )


def worth_in(price: Money, currency: Currency, rates: RateTable) -> int:
    """`price` in minor units of `currency`, exact where it is in it, else rounded half up.

    `BadInputError` where no rate is held for one of the two.
    """
    if price.currency is currency:
        return price.minor
    amount = Fraction(price.decimal) * Fraction(rates.rate(price.currency)) / Fraction(rates.rate(currency))
    scale: int = 10**currency.decimals
    return floor(amount * scale + Fraction(1, 2))


def usual_grams(format: str | None, weights: Mapping[str, int]) -> int:
    """The weight of a record by its format as Discogs writes it, such as "2xLP, Album + CD".

    `weights` in grams by a format's word in small letters; what none of them names weighs like an LP.
    """
    return sum(_part_grams(part, weights) for part in (format or "").split(" + "))


def _part_grams(part: str, weights: Mapping[str, int]) -> int:
    words = [word.strip().casefold() for word in part.split(",")]
    counted = _COUNT.match(words[0])
    words[0] = _COUNT.sub("", words[0])
    weight = next((weights[word] for word in words if word in weights), USUAL_GRAMS)
    return weight * (int(counted[1]) if counted else 1)


def _guess(costs: Iterable[UsualShipping]) -> Guess:
    known = list(costs)
    first = [shipping.first for shipping in known]
    further = [shipping.further for shipping in known if shipping.further is not None]
    return Guess(median_high(first), len(first), median_high(further) if further else None, len(further))
