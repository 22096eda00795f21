"""What records add to the shipping of an order that is not sent yet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.durations import examples

from discogs_assistant.engine.shipping.tariffs import (
    Method,
    ParcelSize,
    Step,
    Tariff,
    added_to,
    single_method,
)
from discogs_assistant.model.shipping import Confidence, ShippingUnit

UP_TO_THREE = single_method(ShippingUnit.ITEMS, (Step(1, 3, 1, 600, 0), Step(4, None, 4, 900, 50)))
units = st.sampled_from([ShippingUnit.ITEMS, ShippingUnit.GRAMS])


@st.composite
def methods(draw: st.DrawFn) -> Method:
    """Ranges that follow each other, rise or fall, and end or not."""
    low, steps = draw(st.integers(0, 2)), list[Step]()
    for _ in range(draw(st.integers(1, 3))):
        high = low + draw(st.integers(0, 6))
        steps.append(Step(low, high, low, draw(st.integers(60, 900)), draw(st.integers(-8, 40))))
        low = high + 1
    if draw(st.booleans()):
        steps.append(Step(low, None, low, draw(st.integers(0, 900)), draw(st.integers(0, 40))))
    return Method("", draw(units), tuple(steps), draw(st.integers(1, 3)))


def test_records_that_stay_in_the_range_add_nothing() -> None:
    added = added_to(UP_TO_THREE, ParcelSize(1, 230, 0))
    assert [added.quote(ParcelSize(n, 230 * n, 0)) for n in (1, 2)] == [(0, ""), (0, "")]
    quote = added.quote(ParcelSize(3, 690, 0))
    assert quote is not None
    assert quote.minor == 300


@settings(max_examples=examples(2000), deadline=None, derandomize=True, database=None)
@given(st.lists(methods(), min_size=1, max_size=3), st.integers(1, 8), st.integers(0, 30))
def test_what_is_added_is_the_difference_of_both_parcels_and_never_below_nothing(
    found: list[Method], ordered: int, more: int
) -> None:
    tariff = Tariff(tuple(found), None, 500, Confidence.KNOWN)
    order, parcel = ParcelSize(ordered, ordered, 0), ParcelSize(more, more, 0)
    quote = added_to(tariff, order).quote(parcel)
    added = None if quote is None else quote.minor
    assert added == _expected(tariff, order, parcel)


def _expected(tariff: Tariff, order: ParcelSize, parcel: ParcelSize) -> int | None:
    """From the cost of both together; what the parcel costs alone where the order is not sent."""
    before = tariff.quote(order)
    size = parcel if before is None else ParcelSize(*(a + b for a, b in zip(order, parcel, strict=True)))
    then = tariff.quote(size)
    if then is None:
        return None
    return then.minor if before is None else max(0, then.minor - before.minor)


def test_merchandise_of_the_order_counts_towards_free_shipping() -> None:
    free = replace(UP_TO_THREE, free_from=5000)
    assert added_to(free, ParcelSize(1, 230, 2000)).free_from == 3000
