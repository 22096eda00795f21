"""Counts of what Discogs answered, by all processes, on both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.store.fakes import NOW, FakeClock

from discogs_assistant.store.database import Database
from discogs_assistant.store.runs.answer_counts import AnswerBook, AnswerCount, answers, forget_old


def test_answers_are_counted_by_source_kind_and_status(db: Database) -> None:
    clock = FakeClock()
    here, there = AnswerBook(db, "here", clock), AnswerBook(db, "there", clock)
    for status in (200, 200, 429):
        here.note(True, status)
    clock.sleep(70)
    here.note(True, 200)
    here.note(False, 0)
    there.note(True, 200)
    assert answers(db, NOW) == [
        AnswerCount("here", False, 0, 1),
        AnswerCount("here", True, 200, 3),
        AnswerCount("here", True, 429, 1),
        AnswerCount("there", True, 200, 1),
    ]
    assert [answer.count for answer in answers(db, NOW + timedelta(seconds=60))] == [1, 1, 1]


def test_counts_older_than_a_day_are_deleted(db: Database) -> None:
    clock = FakeClock()
    book = AnswerBook(db, "here", clock)
    book.note(True, 200)
    clock.sleep(25 * 3600)
    book.note(True, 404)
    forget_old(db, clock.now())
    assert answers(db, NOW - timedelta(days=9)) == [AnswerCount("here", True, 404, 1)]
