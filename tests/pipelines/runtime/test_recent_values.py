"""The few values that were used last."""

from __future__ import annotations

from discogs_assistant.pipelines.runtime.recent_values import Lately


class Maker:
    """Makes values and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_a_value_is_made_once_under_a_mark() -> None:
    kept, make = Lately(), Maker()
    assert [kept.recall("a", 1, make) for _ in range(3)] == [1, 1, 1]


def test_another_mark_makes_it_again_and_forgets_the_old() -> None:
    kept, make = Lately(), Maker()
    assert [kept.recall("a", mark, make) for mark in (1, 2, 2, 1)] == [1, 2, 2, 3]


def test_the_value_used_longest_ago_goes_first() -> None:
    kept, make = Lately(most=2), Maker()
    for key in ("a", "b", "a", "c"):
        kept.recall(key, 0, make)
    assert kept.recall("a", 0, make) == 1
    assert kept.recall("b", 0, make) == 4


def test_what_is_forgotten_is_made_again() -> None:
    kept, make = Lately(), Maker()
    kept.recall("a", 0, make)
    kept.forget("a")
    kept.forget("never there")
    assert kept.recall("a", 0, make) == 2


def test_after_clearing_everything_is_made_again() -> None:
    kept, make = Lately(), Maker()
    kept.recall("a", 0, make)
    kept.clear()
    assert kept.recall("a", 0, make) == 2


def test_a_value_that_cannot_be_made_is_not_kept() -> None:
    kept, make = Lately(), Maker()

    def fail() -> int:
        raise ZeroDivisionError

    try:
        kept.recall("a", 0, fail)
    except ZeroDivisionError:
        assert kept.recall("a", 0, make) == 1
    else:
        raise AssertionError
