"""Tallies count alike in memory and on disk, however the numbers come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discogs_assistant.model.tally import MemoryTally, Tallies, number_of_text
from discogs_assistant.store.tallies import DiskTallies

NUMBERS = st.lists(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5), max_size=8), max_size=8)


@pytest.fixture(params=["memory", "disk", "both"])
def tallies(request: pytest.FixtureRequest) -> Iterator[Tallies]:
    if request.param == "memory":
        yield MemoryTally
        return
    with DiskTallies(in_memory=3 if request.param == "both" else 0) as disk:
        yield disk.tally


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=NUMBERS)
def test_each_number_comes_with_how_often_it_came_before(tallies: Tallies, calls: list[list[int]]) -> None:
    tally, other, seen = tallies(), tallies(), Counter[int]()
    for numbers in calls:
        expected = []
        for number in numbers:
            expected.append(seen[number])
            seen[number] += 1
        assert tally.add(numbers) == expected
    assert len(tally) == len(seen)
    assert len(other) == 0
    assert tally.known([1, 2, 99, *seen]) == {number for number in (1, 2, 99, *seen) if number in seen}


@settings(max_examples=30)
@given(calls=NUMBERS, in_memory=st.integers(1, 20))
def test_what_is_only_noted_is_counted_once(calls: list[list[int]], in_memory: int) -> None:
    with DiskTallies(in_memory) as tallies:
        noted, other = tallies.distinct(), tallies.distinct()
        for numbers in calls:
            noted.note(numbers)
        assert len(noted) == len({number for numbers in calls for number in numbers})
        assert len(other) == 0


@given(st.text(), st.text())
def test_two_texts_have_two_numbers_that_fit_a_database(text: str, other: str) -> None:
    assert 0 <= number_of_text(text) < 2**63
    assert (number_of_text(text) == number_of_text(other)) is (text == other)
