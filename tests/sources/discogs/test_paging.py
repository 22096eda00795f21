"""Lists that change while they are read, against a fake that changes before any answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discogs_assistant.model.ports import Page
from discogs_assistant.sources.discogs.paging import Outcome, PageRequest, Reading, read_all

LIMIT = 30_000
Change = int
"""None of the indexes means an addition, any other the removal of the item there."""

changes = st.lists(st.lists(st.one_of(st.none(), st.integers(0, 60)), max_size=4), max_size=30)


@dataclass
class ChangingList:
    """Items in the order they came; each answer is preceded by the next of the `changes`."""

    items: list[int]
    per_page: int
    changes: list[list[int | None]] = field(default_factory=list)
    reads: int = 0
    present: set[int] = field(default_factory=set)
    seen_first: set[int] = field(default_factory=set)
    _next: int = 1_000_000

    def read(self, request: PageRequest) -> Page[int]:
        if self.reads:
            self._change()
        else:
            self.present = set(self.items)
            self.seen_first = set(self.items)
        self.reads += 1
        listed = self.items if request.order == "asc" else self.items[::-1]
        start = (request.page - 1) * self.per_page
        pages = max(-(-len(listed) // self.per_page), 1)
        if request.page > pages:
            return Page((), request.page, request.page - 1, 0, start)
        part = tuple(listed[start : start + self.per_page])
        return Page(part, request.page, pages, self.per_page, len(listed))

    def _change(self) -> None:
        for index in self.changes.pop(0) if self.changes else []:
            if index is None:
                self.items.append(self._next)
                self._next += 1
            elif self.items:
                self.present.discard(self.items.pop(index % len(self.items)))


def identity(item: int) -> int:
    return item


@given(st.integers(0, 40), st.integers(1, 7), changes)
@settings(max_examples=600)
def test_what_stays_is_read_once_and_what_was_gone_before_is_not_read(
    size: int, per_page: int, script: list[list[int | None]]
) -> None:
    fake = ChangingList(list(range(size)), per_page, script)
    found, reading = read_all(fake.read, identity, LIMIT)
    assert fake.present <= set(found)
    assert len(found) == len(set(found))
    assert set(found) <= fake.seen_first | {item for item in found if item >= 1_000_000}
    assert reading.next is None


@given(st.integers(0, 40), st.integers(1, 7), changes, st.integers(0, 2**30))
@settings(max_examples=300)
def test_a_reading_killed_anywhere_and_taken_up_from_its_json_loses_nothing(
    size: int, per_page: int, script: list[list[int | None]], seed: int
) -> None:
    fake, random = ChangingList(list(range(size)), per_page, script), Random(seed)
    found: set[int] = set()
    state = json.dumps(Reading(LIMIT).to_json())
    while (request := Reading.from_json(json.loads(state)).next) is not None:
        reading = Reading.from_json(json.loads(state))
        page = fake.read(request)
        found |= set(reading.room(page))
        if random.random() < 0.7:  # else the step dies after its work and runs again
            state = json.dumps(reading.after(page, len(found)).to_json())
    assert fake.present <= found


@given(st.integers(1, 400), st.integers(1, 100))
def test_a_list_that_rests_costs_one_request_more_than_its_pages(size: int, per_page: int) -> None:
    fake = ChangingList(list(range(size)), per_page)
    found, reading = read_all(fake.read, identity, LIMIT)
    assert sorted(found) == list(range(size))
    pages = -(-size // per_page)
    assert fake.reads == pages + (pages > 1)
    assert (reading.outcome, reading.problem("it")) == (Outcome.COMPLETE, None)
    assert reading.settled


def test_what_left_after_it_was_read_leaves_the_total_unsettled() -> None:
    fake = ChangingList(list(range(6)), 2, [[], [5]])
    found, reading = read_all(fake.read, identity, LIMIT)
    assert (reading.outcome, len(found), reading.total) == (Outcome.COMPLETE, 6, 5)
    assert not reading.settled


def test_forward_reading_would_lose_an_item_that_no_count_shows() -> None:
    """Why pages are read backwards: one removal and one addition leave the total as it was."""
    fake = ChangingList(list(range(6)), 2, [[], [0, None], [], []])
    forward = [item for page in (1, 2, 3) for item in fake.read(PageRequest(page, "asc")).items]
    assert fake.present - set(forward) == {4}
    assert len(fake.items) == 6


def test_items_added_during_the_reading_are_fetched_by_a_second_head() -> None:
    fake = ChangingList(list(range(7)), 3, [[], [], [None, None]])
    found, reading = read_all(fake.read, identity, LIMIT)
    assert set(found) == set(fake.items)
    assert fake.reads == 5
    assert reading.outcome == Outcome.COMPLETE


def test_a_list_that_never_rests_ends_bounded_with_a_sentence() -> None:
    fake = ChangingList(list(range(20)), 2, [[None] for _ in range(1000)])
    found, reading = read_all(fake.read, identity, LIMIT)
    assert fake.present <= set(found)
    assert reading.outcome == Outcome.CHANGING
    assert "may be missing" in (reading.problem("the collection of “x”") or "")
    assert fake.reads < 300


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(1, 7))
def test_equal_dates_that_stand_otherwise_from_the_other_end_lose_nothing(
    dates: list[int], per_page: int
) -> None:
    """As where the descending order keeps equal dates ascending by id."""
    numbered = list(enumerate(dates))
    ascending = sorted(numbered, key=lambda pair: pair[1])
    descending = sorted(numbered, key=lambda pair: pair[1], reverse=True)

    def read(request: PageRequest) -> Page[tuple[int, int]]:
        listed = ascending if request.order == "asc" else descending
        start = (request.page - 1) * per_page
        part = tuple(listed[start : start + per_page])
        return Page(part, request.page, -(-len(listed) // per_page), per_page, len(listed))

    found, reading = read_all(read, lambda pair: pair, LIMIT)
    assert sorted(found) == numbered
    assert reading.outcome == Outcome.COMPLETE


@given(st.integers(2, 30), st.integers(1, 7), st.integers(0, 2**30))
def test_an_order_that_is_never_the_same_is_read_again_or_reported(
    size: int, per_page: int, seed: int
) -> None:
    random = Random(seed)

    def read(request: PageRequest) -> Page[int]:
        listed = random.sample(range(size), size)
        start = (request.page - 1) * per_page
        part = tuple(listed[start : start + per_page])
        return Page(part, request.page, -(-size // per_page), per_page, size)

    found, reading = read_all(read, identity, LIMIT)
    assert len(found) == len(set(found))
    assert len(found) == size or reading.problem("it") is not None


def test_items_that_discogs_counts_and_hides_are_reported_without_a_second_pass() -> None:
    fake = ChangingList(list(range(25)), 10)

    def read(request: PageRequest) -> Page[int]:
        page = fake.read(request)
        kept = tuple(item for item in page.items if item not in {3, 12})
        return Page(kept, page.page, page.pages, page.per_page, page.total)

    found, reading = read_all(read, identity, LIMIT)
    assert len(found) == 23
    assert fake.reads == 4
    assert reading.outcome == Outcome.SHORT
    assert reading.settled
    assert reading.problem("the wantlist of “x”") == (
        "Discogs counts 25 items in the wantlist of “x” and shows 23 of them."
    )


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 60))
def test_the_limit_keeps_the_newest_and_says_so(size: int, per_page: int, limit: int) -> None:
    fake = ChangingList(list(range(size)), per_page)
    found, reading = read_all(fake.read, identity, limit)
    assert sorted(found) == list(range(size))[-limit:]
    assert (reading.outcome == Outcome.LIMITED) == (size > limit)
    assert reading.settled
    assert fake.reads <= -(-limit // per_page) + 2


def test_the_limit_is_reported_in_a_sentence() -> None:
    _, reading = read_all(ChangingList(list(range(41_234)), 100).read, identity, LIMIT)
    assert reading.problem("the collection of “x”") == (
        "Only the newest 30,000 of 41,234 items of the collection of “x” were read, which is the limit of "
        "this installation."
    )


def test_a_page_size_that_changes_on_the_way_is_noticed() -> None:
    fake = ChangingList(list(range(50)), 10)

    def read(request: PageRequest) -> Page[int]:
        fake.per_page = 10 if fake.reads < 3 else 5
        return fake.read(request)

    found, reading = read_all(read, identity, LIMIT)
    assert sorted(found) == list(range(50))
    assert reading.outcome == Outcome.COMPLETE


@pytest.mark.parametrize("total", [10**12, 31_000])
def test_a_total_that_is_a_lie_ends_bounded(total: int) -> None:
    def endless() -> Iterator[Page[int]]:
        while True:
            yield Page((), 1, 10**10, 100, total)

    answers = endless()
    reads = 0

    def read(request: PageRequest) -> Page[int]:
        nonlocal reads
        reads += 1
        return next(answers)

    found, reading = read_all(read, identity, 1_000)
    assert found == []
    assert reads < 60
    assert reading.problem("it") is not None
