"""A seller's inventory read from both ends."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.discogs.test_paging import ChangingList

from discogs_assistant.model.ports import Page
from discogs_assistant.sources.discogs.inventory_paging import PAGE_LIMIT, InventoryReading
from discogs_assistant.sources.discogs.paging import PageRequest


def read_inventory(fake: ChangingList) -> tuple[set[int], InventoryReading]:
    reading = InventoryReading()
    found: set[int] = set()
    while (request := reading.next) is not None:
        assert request.page <= PAGE_LIMIT, "Discogs answers 403"
        page = fake.read(request)
        found |= set(page.items)
        reading = InventoryReading.from_json(
            json.loads(json.dumps(reading.after(page, len(found)).to_json()))
        )
    return found, reading


@pytest.mark.parametrize(("size", "reads"), [(0, 1), (1, 1), (100, 1), (101, 2), (9_950, 100), (10_000, 100)])
def test_up_to_10_000_copies_cost_one_request_a_page(size: int, reads: int) -> None:
    fake = ChangingList(list(range(size)), 100)
    found, reading = read_inventory(fake)
    assert len(found) == size
    assert fake.reads == reads
    assert reading.complete
    assert reading.problem("shop") is None


@pytest.mark.parametrize("size", [10_001, 15_500, 20_000])
def test_up_to_20_000_copies_are_read_from_both_ends(size: int) -> None:
    fake = ChangingList(list(range(size)), 100)
    found, reading = read_inventory(fake)
    assert len(found) == size
    assert fake.reads <= -(-size // 100) + 1
    assert reading.problem("shop") is None


def test_a_seller_with_too_many_pages_is_reported() -> None:
    found, reading = read_inventory(ChangingList(list(range(31_000)), 100))
    assert len(found) == 20_000
    assert not reading.complete
    assert reading.problem("big shop") == (
        "Only 20,000 of 31,000 copies that “big shop” sells can be read: Discogs shows no more of another "
        "seller's."
    )


@given(st.integers(0, 60), st.integers(1, 7), st.lists(st.lists(st.integers(0, 60), max_size=3), max_size=30))
@settings(max_examples=300)
def test_no_copy_is_lost_while_others_are_sold(size: int, per_page: int, sales: list[list[int]]) -> None:
    fake = ChangingList(list(range(size)), per_page, [list(indexes) for indexes in sales])
    found, _ = read_inventory(fake)
    assert fake.present <= found


def test_copies_that_cannot_be_read_are_counted() -> None:
    reading = InventoryReading().after(Page((), 1, 1, 100, 2, unread=2), 0)
    assert reading.next is None
    assert reading.problem("shop") == "Discogs counts 2 copies that “shop” sells, and 0 could be read."


def test_the_first_request_is_for_the_cheapest() -> None:
    assert InventoryReading().next == PageRequest(1, "asc")
