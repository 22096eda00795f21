"""Computed values are computed again when their inputs have changed or their time is over."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from tests.store.fakes import FakeClock

from discogs_assistant.pipelines.runtime.caches import ShortCache, VersionedCache


def fail() -> int:
    raise ZeroDivisionError


def test_a_value_is_computed_once_for_a_version() -> None:
    cache, count = VersionedCache(4), itertools.count()
    assert [cache.recall("a", 1, count.__next__) for _ in range(3)] == [0, 0, 0]


def test_another_version_is_computed_again_and_replaces_the_old() -> None:
    cache, count = VersionedCache(4), itertools.count()
    assert [cache.recall("a", version, count.__next__) for version in (1, 2, 2, 1)] == [0, 1, 1, 2]


def test_the_value_used_longest_ago_goes_first() -> None:
    cache, count = VersionedCache(2), itertools.count()
    found = [cache.recall(key, 0, count.__next__) for key in ("a", "b", "a", "c", "a", "b")]
    assert found == [0, 1, 0, 2, 0, 3]


def test_values_are_held_by_their_weight() -> None:
    cache, count = VersionedCache(10), itertools.count()
    found = [cache.recall(key, 0, count.__next__, lambda _: 4) for key in ("a", "b", "a", "c", "a", "b")]
    assert found == [0, 1, 0, 2, 0, 3]


def test_a_value_of_exactly_the_whole_weight_is_held() -> None:
    cache, count = VersionedCache(10), itertools.count()
    assert [cache.recall(key, 0, count.__next__, lambda _: 5) for key in ("a", "b", "a")] == [0, 1, 0]


def test_a_value_too_heavy_for_the_cache_is_not_held() -> None:
    cache = VersionedCache(10)
    assert cache.recall("too heavy", 0, lambda: 7, lambda _: 11) == 7
    assert "too heavy" not in cache


def test_a_value_too_heavy_for_the_cache_pushes_nothing_else_out() -> None:
    cache = VersionedCache(10)
    cache.recall("light", 0, lambda: 1, lambda _: 10)
    cache.recall("too heavy", 0, lambda: 7, lambda _: 11)
    assert "light" in cache


def test_the_weight_of_a_replaced_value_is_free_again() -> None:
    cache, count = VersionedCache(10), itertools.count()
    for version in (1, 2, 1):
        cache.recall("a", version, count.__next__, lambda _: 6)
    cache.recall("b", 0, lambda: "light", lambda _: 4)
    assert ("a" in cache, "b" in cache) == (True, True)


def test_what_is_not_known_yet_is_asked_for_again() -> None:
    cache = VersionedCache(2)
    assert cache.recall("a", 0, lambda: None) is None
    assert cache.recall("a", 0, lambda: 1) == 1


def test_what_is_forgotten_is_computed_again() -> None:
    cache, count = VersionedCache(4), itertools.count()
    cache.recall("a", 0, count.__next__)
    cache.forget("a")
    cache.forget("never there")
    assert cache.recall("a", 0, count.__next__) == 1


def test_after_clearing_everything_is_computed_again() -> None:
    cache, count = VersionedCache(4), itertools.count()
    cache.recall("a", 0, count.__next__)
    cache.clear()
    assert cache.recall("a", 0, count.__next__) == 1


def test_a_value_that_cannot_be_computed_is_not_held() -> None:
    cache = VersionedCache(4)
    with pytest.raises(ZeroDivisionError):
        cache.recall("a", 0, fail)
    assert cache.recall("a", 0, lambda: 1) == 1


def test_many_threads_never_exceed_the_weight() -> None:
    cache = VersionedCache(20)

    def ask(number: int) -> int:
        return cache.recall(number % 30, number // 300, lambda: number, lambda _: 1 + number % 3)

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(ask, range(3000)))) == 3000
    held = [key for key in range(30) if key in cache]
    assert 0 < sum(1 + key % 3 for key in held) <= 20


def test_a_value_holds_for_its_key_and_its_time() -> None:
    clock, count = FakeClock(), itertools.count()
    cache = ShortCache(clock.now, timedelta(seconds=5))
    assert cache.recall("a", count.__next__) == 0
    clock.sleep(4)
    assert [cache.recall(key, count.__next__) for key in ("a", "b")] == [0, 1]
    clock.sleep(1)
    assert [cache.recall(key, count.__next__) for key in ("a", "b")] == [2, 1]


def test_no_more_values_are_held_than_allowed() -> None:
    cache, count = ShortCache(FakeClock().now, most=2), itertools.count()
    assert [cache.recall(key, count.__next__) for key in ("a", "b", "c", "a")] == [0, 1, 2, 3]


def test_those_who_ask_at_once_get_what_the_first_computes() -> None:
    cache, started, goes_on = ShortCache(FakeClock().now), Event(), Event()

    def compute() -> str:
        started.set()
        assert goes_on.wait(10)
        return "first"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.recall, "a", compute)
        assert started.wait(10)
        second = pool.submit(cache.recall, "a", lambda: "second")
        goes_on.set()
        assert (first.result(10), second.result(10)) == ("first", "first")


def test_a_failure_is_not_held() -> None:
    cache = ShortCache(FakeClock().now)
    with pytest.raises(ZeroDivisionError):
        cache.recall("a", fail)
    assert cache.recall("a", lambda: 1) == 1
