"""What one more record does to the shipping of a parcel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from discogs_assistant.engine.shipping.next_record import missing_to_free, neighbouring_costs, next_record
from discogs_assistant.engine.shipping.tariffs import ParcelSize, Step, single_method
from discogs_assistant.model.shipping import NextRecord, ShippingUnit

LP = 230
BY_ITEMS = single_method(
    ShippingUnit.ITEMS, (Step(1, 3, 1, 600, 0), Step(4, 8, 4, 900, 0), Step(9, 10, 9, 800, 0))
)
BY_GRAMS = single_method(ShippingUnit.GRAMS, (Step(0, 1000, 0, 600, 0), Step(1001, None, 1001, 950, 0)))
EACH = single_method(ShippingUnit.ITEMS, (Step(1, None, 1, 500, 100),))


def parcel(records: int, worth: int = 0) -> ParcelSize:
    return ParcelSize(records, records * LP, worth)


@pytest.mark.parametrize(
    ("records", "then"),
    [
        (1, NextRecord(3, 300)),
        (3, NextRecord(3, 300)),
        (4, NextRecord(8, -100)),
        (9, NextRecord(10, None)),
    ],
)
def test_ranges_by_items_say_up_to_where_and_what_the_next_costs(records: int, then: NextRecord) -> None:
    assert next_record(BY_ITEMS, parcel(records), LP) == then


def test_ranges_by_weight_count_records_of_the_given_weight() -> None:
    assert next_record(BY_GRAMS, parcel(2), LP) == NextRecord(4, 350)
    assert next_record(BY_GRAMS, parcel(2), 100) == NextRecord(7, 350)


def test_a_cost_for_each_record_changes_with_the_next() -> None:
    assert next_record(EACH, parcel(2), LP) == NextRecord(2, 100)


def test_a_last_range_without_an_end_never_changes() -> None:
    assert next_record(BY_GRAMS, parcel(5), LP) == NextRecord(None, None)


def test_a_parcel_that_is_not_sent_has_no_next_record() -> None:
    assert next_record(BY_ITEMS, parcel(11), LP) is None


def test_what_is_missing_to_free_shipping_is_counted_in_merchandise() -> None:
    free = replace(EACH, free_from=5000)
    assert missing_to_free(free, parcel(2, worth=4200)) == 800
    assert missing_to_free(free, parcel(2, worth=5000)) is None
    assert missing_to_free(EACH, parcel(2, worth=4200)) is None


def test_the_ranges_of_weight_beside_a_parcel_have_their_costs() -> None:
    three = single_method(
        ShippingUnit.GRAMS, (Step(0, 500, 0, 400, 0), Step(501, 1000, 0, 600, 0), Step(1001, 2000, 0, 900, 0))
    )
    assert neighbouring_costs(three, parcel(3)) == (400, 900)
    assert neighbouring_costs(three, parcel(1)) == (None, 600)
    assert neighbouring_costs(three, parcel(6)) == (600, None)


def test_a_parcel_that_goes_by_number_has_no_neighbouring_weights() -> None:
    assert neighbouring_costs(BY_ITEMS, parcel(3)) is None
