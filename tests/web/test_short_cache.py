"""What was computed a moment ago is not computed again, and never outlives its time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from tests.store.fakes import NOW
from tests.web.fakes import Instance, make_copy, make_record

from discogs_assistant.web.short_cache import Memory


def test_a_value_is_remembered_for_its_key_and_its_time() -> None:
    memory, computed = Memory(timedelta(seconds=5)), []

    def compute() -> int:
        computed.append(1)
        return len(computed)

    assert memory.recall("a", NOW, compute) == 1
    assert memory.recall("a", NOW + timedelta(seconds=4), compute) == 1
    assert memory.recall("b", NOW, compute) == 2
    assert memory.recall("a", NOW + timedelta(seconds=5), compute) == 3


def test_those_who_ask_at_once_get_what_the_first_computes() -> None:
    memory, started, goes_on = Memory(timedelta(seconds=5)), Event(), Event()

    def compute() -> str:
        started.set()
        assert goes_on.wait(10)
        return "first"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(memory.recall, "a", NOW, compute)
        assert started.wait(10)
        second = pool.submit(memory.recall, "a", NOW, lambda: "second")
        goes_on.set()
        assert (first.result(10), second.result(10)) == ("first", "first")


def test_a_failure_is_not_remembered() -> None:
    memory = Memory()
    with pytest.raises(ZeroDivisionError):
        memory.recall("a", NOW, lambda: 1 // 0)
    assert memory.recall("a", NOW, lambda: 1) == 1


def test_the_market_is_as_it_is_within_seconds(full: Instance) -> None:
    browser = full.browser()
    assert "<dd>8</dd>" in browser.get("/market").text
    full.sell([make_copy(900, make_record(40))])
    assert "<dd>8</dd>" in browser.get("/market").text
    full.clock.moment += timedelta(seconds=6)
    assert "<dd>9</dd>" in browser.get("/market").text
