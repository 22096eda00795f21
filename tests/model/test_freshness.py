"""The clock of Discogs' terms, at its edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from discogs_assistant.model.freshness import TERMS_AGE, Freshness

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def test_data_is_shown_up_to_its_limit_and_no_longer() -> None:
    freshness = Freshness(timedelta(hours=6))
    assert freshness.since(NOW) == NOW - timedelta(hours=6)


def test_the_last_moment_is_the_one_that_is_still_allowed() -> None:
    freshness = Freshness(timedelta(hours=2))
    last = freshness.ends(NOW)
    assert freshness.since(last) <= NOW < freshness.since(last + A_SECOND)


def test_only_a_longer_age_exceeds_the_terms() -> None:
    assert not Freshness(TERMS_AGE).exceeds_terms
    assert Freshness(TERMS_AGE + A_SECOND).exceeds_terms
