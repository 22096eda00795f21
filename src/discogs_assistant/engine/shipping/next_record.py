"""What one more record changes about a parcel's shipping: nothing, the next range, or all of it."""

from __future__ import annotations

from discogs_assistant.engine.shipping.tariffs import Method, ParcelSize, Tariff
from discogs_assistant.model.shipping import NextRecord, ShippingUnit

_MOST_RECORDS = 60
"""Records beyond the parcel's that are looked at; parcels rarely hold more."""


def next_record(tariff: Tariff, parcel: ParcelSize, grams: int) -> NextRecord | None:
    """How shipping goes on with further records of `grams` each.

    None where the parcel itself is not sent, or where a method counts what the records cost. That it may
    become free is `missing_to_free`'s subject.
    """
    now = tariff.quote(parcel)
    if now is None or any(method.unit is ShippingUnit.VALUE for method in tariff.methods):
        return None
    for records in range(1, _MOST_RECORDS + 1):
        larger = ParcelSize(parcel.items + records, parcel.grams + records * grams, parcel.worth)
        then = tariff.quote(larger)
        if then is None or then.minor != now.minor:
            return NextRecord(larger.items - 1, None if then is None else then.minor - now.minor)
    return NextRecord(None, None)


def neighbouring_costs(tariff: Tariff, parcel: ParcelSize) -> tuple[int | None, int | None] | None:
    """What a parcel in the range of weight below this one's would cost, and in that above, in minor units.

    None for a neighbour that there is not; None alone where the parcel does not go by weight, or is free.
    """
    now = tariff.quote(parcel)
    if now is None or now.minor == 0:
        return None
    for method in tariff.methods:
        if method.unit is ShippingUnit.GRAMS and method.name == now.method:
            for place, step in enumerate(method.steps):
                if step.low <= parcel.grams and (step.high is None or parcel.grams <= step.high):
                    below = method.steps[place - 1].high if place else None
                    above = method.steps[place + 1].low if place + 1 < len(method.steps) else None
                    return _cost_at(method, below), _cost_at(method, above)
    return None


def _cost_at(method: Method, grams: int | None) -> int | None:
    return None if grams is None else method.cost(grams)


def missing_to_free(tariff: Tariff, parcel: ParcelSize) -> int | None:
    """How much merchandise is missing to free shipping, in minor units of the policy's currency.

    None where shipping never is free, where it is free already, or where the parcel is not sent.
    """
    now = tariff.quote(parcel)
    if now is None or now.minor == 0 or tariff.free_from is None:
        return None
    return tariff.free_from - parcel.worth
