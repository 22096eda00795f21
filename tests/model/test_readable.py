"""Ages, waits, durations and sizes are rounded to one unit and never promise too little or too much."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.store.fakes import NOW

from discogs_assistant.model import readable

DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),
        (0, "just now"),
        (59, "just now"),
        (60, "a minute ago"),
        (80 * 60, "an hour ago"),
        (7199, "2 hours ago"),
        (90_000, "a day ago"),
        (5 * DAY, "5 days ago"),
        (100 * DAY, "3 months ago"),
    ],
)
def test_how_long_ago_something_was_is_rounded_to_one_unit(seconds: int, text: str) -> None:
    assert readable.ago(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "a minute old"), (3500, "58 minutes old"), (7200, "2 hours old")]
)
def test_an_age_is_rounded_to_one_unit_and_a_minute_at_least(seconds: int, text: str) -> None:
    assert readable.age(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "a second"),
        (59.5, "a minute"),
        (61, "2 minutes"),
        (3600, "an hour"),
        (3601, "2 hours"),
        (DAY + 1, "2 days"),
    ],
)
def test_a_wait_is_rounded_up(seconds: float, text: str) -> None:
    assert readable.wait(seconds) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (6, "6 hours"),
        (24, "1 day"),
        (24 * 400, "400 days"),
        (1.5, "1 hour and 30 minutes"),
        (0.5, "30 minutes"),
        (0.01, "36 seconds"),
    ],
)
def test_a_duration_is_exact(hours: float, text: str) -> None:
    assert readable.duration(timedelta(hours=hours)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "a few seconds left"),
        (44, "about 40 seconds left"),
        (55, "about a minute left"),
        (119, "about 2 minutes left"),
        (9000, "about 2 hours left"),
    ],
)
def test_what_is_left_is_shown_roughly(seconds: float, text: str) -> None:
    assert readable.left(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(900, "900 Bytes"), (64_000, "64 kB"), (12_000_000, "12 MB"), (3_440_000_000, "3.4 GB")],
)
def test_a_size_has_one_decimal_at_most(count: int, text: str) -> None:
    assert readable.size(count) == text
