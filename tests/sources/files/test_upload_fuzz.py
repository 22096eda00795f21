"""A short run of `python -m tests.upload_fuzz`, whose long one is a command."""

from __future__ import annotations

from tests.upload_fuzz import fuzz

CASES = 80


def test_no_damaged_upload_takes_too_long_or_too_much_or_fails_without_a_sentence() -> None:
    report = fuzz(CASES, number=7)
    assert report.failures == []
    assert sum(report.outcomes.values()) == CASES and report.outcomes["read"] > 5
