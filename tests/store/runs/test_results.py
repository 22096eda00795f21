"""Results, the work of a run's steps, and feedback events."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import select
from tests.store.fakes import HOUR, NOW, make_run

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, ReleaseId, RunId, UserName, new_run_id
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import progress, results, runs
from discogs_assistant.store.schema import event

USER = UserName("digger")
DOCUMENT = {
    "user": "digger",
    "carts": [{"rank": 1, "why": "“best” für 10 € \ud83d"}],
    "gap": 0.0,
    "none": None,
}


def open_run(db: Database, owner: OwnerId, key: str = "key") -> RunId:
    return runs.open_run(db, make_run(owner, key=key), reuse_since=None)[0].id


def test_a_result_comes_back_exactly(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    id = results.save_result(db, owner, run_id, "carts", DOCUMENT, NOW)
    kept = results.StoredResult(
        id, run_id, "carts", DOCUMENT, NOW, len(json.dumps(DOCUMENT, separators=(",", ":")))
    )
    assert results.result(db, owner, run_id) == kept


def test_a_result_never_changes(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    first = results.save_result(db, owner, run_id, "carts", DOCUMENT, NOW)
    assert results.save_result(db, owner, run_id, "carts", {"other": 1}, NOW + HOUR) == first
    found = results.result(db, owner, run_id)
    assert found is not None
    assert found.document == DOCUMENT


def test_a_result_is_seen_by_its_owner_alone(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    run_id = open_run(db, owner)
    results.save_result(db, owner, run_id, "carts", DOCUMENT, NOW)
    assert results.result(db, stranger, run_id) is None
    assert results.latest_run(db, stranger, USER, "carts") is None
    with pytest.raises(NotFoundError):
        results.save_result(db, stranger, run_id, "carts", {}, NOW)


def test_a_result_of_no_run_is_refused(db: Database, owner: OwnerId) -> None:
    with pytest.raises(NotFoundError):
        results.save_result(db, owner, new_run_id(), "carts", {}, NOW)


def test_the_run_of_the_latest_result_of_a_kind_is_found(db: Database, owner: OwnerId) -> None:
    opened = {key: open_run(db, owner, key) for key in "abc"}
    for key, kind, hours in [("a", "carts", 2), ("b", "carts", 1), ("c", "recommendations", 3)]:
        results.save_result(db, owner, opened[key], kind, {"key": key}, NOW + hours * HOUR)
    assert results.latest_run(db, owner, USER, "carts") == opened["a"]
    assert results.latest_run(db, owner, UserName("another"), "carts") is None


def test_work_is_handed_on_until_it_is_cleared(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    results.save_work(db, run_id, "candidates", [[1, 500_000]])
    results.save_work(db, run_id, "candidates", [[1, 700_000], [2, 1]])
    results.save_work(db, run_id, "sellers", ["a"])
    assert results.work(db, run_id, "candidates") == [[1, 700_000], [2, 1]]
    assert results.work(db, run_id, "nothing") is None
    run_upkeep.clear_work(db, owner, run_id)
    assert results.work(db, run_id, "sellers") is None


def test_work_of_a_run_that_is_gone_is_dropped(db: Database) -> None:
    run_id = new_run_id()
    results.save_work(db, run_id, "candidates", [1])
    assert results.work(db, run_id, "candidates") is None


def test_a_worker_that_wakes_late_keeps_no_work_of_a_run_that_has_ended(db: Database, owner: OwnerId) -> None:
    run_id = open_run(db, owner)
    results.save_work(db, run_id, "candidates", [1])
    progress.finish(db, run_id, NOW, None)
    run_upkeep.clear_work(db, owner, run_id)
    results.save_work(db, run_id, "candidates", [1])
    assert results.work(db, run_id, "candidates") is None


def test_of_love_and_hide_the_last_counts(db: Database, owner: OwnerId) -> None:
    events: list[tuple[int, feedback.EventKind]] = [
        (1, "loved"),
        (2, "loved"),
        (2, "hidden"),
        (3, "hidden"),
        (3, "loved"),
        (4, "opened"),
    ]
    for release, kind in events:
        feedback.record(db, owner, USER, ReleaseId(release), kind, NOW)
    assert feedback.feedback(db, owner, USER) == feedback.Feedback(
        loved=frozenset({ReleaseId(1), ReleaseId(3)}), hidden=frozenset({ReleaseId(2)})
    )


def test_an_undone_event_gives_way_to_the_one_before(db: Database, owner: OwnerId) -> None:
    release = ReleaseId(1)
    feedback.record(db, owner, USER, release, "hidden", NOW)
    for _ in range(2):
        feedback.record(db, owner, USER, release, "loved", NOW + HOUR)
    feedback.undo(db, owner, USER, [release], "loved")
    assert feedback.feedback(db, owner, USER).hidden == {1}
    feedback.undo(db, owner, USER, [release], "hidden")
    assert feedback.feedback(db, owner, USER) == feedback.Feedback()


def test_recent_feedback_is_the_current_one_newest_first(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    events: list[tuple[int, feedback.EventKind]] = [
        (1, "loved"),
        (2, "loved"),
        (2, "hidden"),
        (3, "opened"),
        (4, "bought"),
        (1, "loved"),
        (5, "hidden"),
    ]
    for hours, (release, kind) in enumerate(events):
        feedback.record(db, owner, USER, ReleaseId(release), kind, NOW + hours * HOUR)
    found = feedback.recent_feedback(db, owner, USER, 2)
    assert found == [
        feedback.FeedbackEvent(ReleaseId(5), "hidden", NOW + 6 * HOUR),
        feedback.FeedbackEvent(ReleaseId(1), "loved", NOW + 5 * HOUR),
    ]
    assert [event.release for event in feedback.recent_feedback(db, owner, USER, 9)] == [5, 1, 2]
    assert feedback.recent_feedback(db, stranger, USER, 9) == []


def test_feedback_is_kept_by_owner_and_user(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    feedback.record(db, owner, USER, ReleaseId(1), "loved", NOW)
    nothing = feedback.Feedback()
    assert feedback.feedback(db, stranger, USER) == nothing
    assert feedback.feedback(db, owner, UserName("another")) == nothing


def test_a_purchase_counts_until_it_is_undone(db: Database, owner: OwnerId) -> None:
    both = [ReleaseId(1), ReleaseId(2)]
    feedback.record(db, owner, USER, ReleaseId(1), "hidden", NOW)
    feedback.record_new(db, owner, USER, both, "bought", NOW)
    feedback.record_new(db, owner, USER, both, "bought", NOW + HOUR)
    hidden = frozenset({ReleaseId(1)})
    assert feedback.feedback(db, owner, USER) == feedback.Feedback(hidden=hidden, bought=frozenset(both))
    feedback.undo(db, owner, USER, both, "bought")
    assert feedback.feedback(db, owner, USER) == feedback.Feedback(hidden=hidden)


def test_what_is_seen_counts_once_since_then(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    def see(now: datetime, *ids: int) -> None:
        feedback.record_new(db, owner, USER, map(ReleaseId, ids), "seen", now, now - HOUR)

    see(NOW, 1, 2, 2)
    see(NOW + HOUR / 2, 1, 3)
    see(NOW + 2 * HOUR, 1)
    see(NOW + 2 * HOUR)
    assert feedback.passed_over(db, owner, USER) == {1: 2, 2: 1, 3: 1}
    assert feedback.passed_over(db, stranger, USER) == {}
    assert feedback.feedback(db, owner, USER) == feedback.Feedback()


def test_what_was_opened_loved_or_bought_is_not_passed_over(db: Database, owner: OwnerId) -> None:
    kinds: list[feedback.EventKind] = ["opened", "loved", "bought", "hidden"]
    feedback.record_new(db, owner, USER, map(ReleaseId, range(1, 6)), "seen", NOW)
    for release, kind in enumerate(kinds, 1):
        feedback.record(db, owner, USER, ReleaseId(release), kind, NOW)
    assert feedback.passed_over(db, owner, USER) == {4: 1, 5: 1}


def test_views_are_deleted_and_feedback_and_purchases_are_not(db: Database, owner: OwnerId) -> None:
    kinds: list[feedback.EventKind] = ["seen", "opened", "loved", "hidden", "bought"]
    for at in (NOW - HOUR, NOW):
        for release, kind in enumerate(kinds, 1):
            feedback.record(db, owner, USER, ReleaseId(release), kind, at)
    feedback.forget_looks(db, NOW)
    with db.read() as connection:
        rows = connection.execute(select(event.c.kind).order_by(event.c.id)).scalars().all()
    assert rows == [*kinds[2:], *kinds]
