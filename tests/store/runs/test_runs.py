"""Runs: sharing equal requests, progress, ends."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from tests.store.fakes import HOUR, NOW, make_run

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId, new_run_id
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, runs


@pytest.fixture
def opened(db: Database, owner: OwnerId) -> Run:
    return runs.open_run(db, make_run(owner, kind=RunKind.SHOP), reuse_since=None)[0]


def seen(db: Database, wanted: Run) -> Run:
    found = runs.run(db, wanted.owner, wanted.id)
    assert found is not None
    return found


def test_a_new_run_comes_back_as_it_was_asked(db: Database, owner: OwnerId) -> None:
    wanted = replace(make_run(owner), partial=("one seller did not answer",))
    assert runs.open_run(db, wanted, reuse_since=None) == (wanted, "new")
    assert runs.run(db, owner, wanted.id) == wanted
    assert runs.run_for_worker(db, wanted.id) == wanted


def test_an_equal_request_under_way_is_shared(db: Database, owner: OwnerId) -> None:
    first, _ = runs.open_run(db, make_run(owner), reuse_since=NOW)
    assert runs.open_run(db, make_run(owner), reuse_since=None) == (first, "under-way")


def test_an_equal_request_that_ended_is_shared_within_its_age(db: Database, owner: OwnerId) -> None:
    first, _ = runs.open_run(db, make_run(owner), reuse_since=NOW)
    progress.finish(db, first.id, NOW, None)
    found, status = runs.open_run(db, make_run(owner), reuse_since=NOW)
    assert (found.id, status) == (first.id, "finished")
    assert runs.open_run(db, make_run(owner), reuse_since=NOW + HOUR)[1] == "new"


def test_running_again_makes_a_new_run(db: Database, owner: OwnerId) -> None:
    first, _ = runs.open_run(db, make_run(owner), reuse_since=NOW)
    progress.finish(db, first.id, NOW, None)
    assert runs.open_run(db, make_run(owner), reuse_since=None)[1] == "new"


def test_of_several_finished_runs_the_last_is_shared(db: Database, owner: OwnerId) -> None:
    ids = []
    for hours in (1, 3, 2):
        run, _ = runs.open_run(db, make_run(owner), reuse_since=None)
        progress.finish(db, run.id, NOW + hours * HOUR, None)
        ids.append(run.id)
    assert runs.open_run(db, make_run(owner), reuse_since=NOW)[0].id == ids[1]


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_a_failed_or_cancelled_run_is_never_shared(db: Database, owner: OwnerId, end: str) -> None:
    first, _ = runs.open_run(db, make_run(owner), reuse_since=NOW)
    if end == "failed":
        progress.fail(db, first.id, NOW, "It failed.", "upstream", "Try again.")
    else:
        progress.cancel(db, owner, first.id, NOW)
    assert runs.open_run(db, make_run(owner), reuse_since=NOW - HOUR)[1] == "new"


def test_requests_of_others_other_kinds_and_other_keys_are_apart(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    wanted = [
        make_run(owner),
        make_run(owner, key="another"),
        make_run(owner, kind=RunKind.SHOP),
        make_run(stranger),
    ]
    assert [runs.open_run(db, run, reuse_since=NOW)[1] for run in wanted] == ["new"] * 4


def test_equal_requests_at_once_become_one_run(db: Database, owner: OwnerId) -> None:
    barrier = threading.Barrier(6)
    found: list[RunId] = []

    def ask() -> None:
        barrier.wait(10)
        found.append(runs.open_run(db, make_run(owner), reuse_since=NOW)[0].id)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_run_is_seen_by_its_owner_alone(db: Database, opened: Run, stranger: OwnerId) -> None:
    assert runs.run(db, stranger, opened.id) is None
    assert runs.runs(db, stranger, 10) == []
    assert runs.revision(db, stranger, opened.id) is None
    assert progress.log_lines(db, stranger, opened.id) == []
    assert not progress.cancel(db, stranger, opened.id, NOW)
    assert seen(db, opened).state is RunState.QUEUED


def test_runs_are_listed_newest_first(db: Database, owner: OwnerId) -> None:
    made = [
        runs.open_run(db, make_run(owner, key=str(n), at=NOW + n * HOUR), reuse_since=None)[0]
        for n in range(3)
    ]
    assert [run.id for run in runs.runs(db, owner, 2)] == [made[2].id, made[1].id]


def test_a_run_for_an_account_that_is_gone_is_refused(db: Database) -> None:
    with pytest.raises(NotFoundError):
        runs.open_run(db, make_run(OwnerId(999)), reuse_since=None)


def test_a_started_run_is_at_its_first_stage(db: Database, opened: Run) -> None:
    progress.start(db, opened.id, NOW)
    progress.start(db, opened.id, NOW + HOUR)
    run = seen(db, opened)
    assert (run.state, run.stage, run.started_at, run.heartbeat_at) == (
        RunState.RUNNING,
        1,
        NOW,
        NOW + HOUR,
    )


def test_stages_and_counts_never_fall(db: Database, opened: Run) -> None:
    progress.start(db, opened.id, NOW)
    reports = [(2, 5, 9), (2, 3, 9), (1, 9, 9), (3, 0, 4), (3, 2, 4)]
    shown = []
    for stage, done, total in reports:
        progress.advance(db, opened.id, NOW, stage=stage, done=done, total=total)
        run = seen(db, opened)
        shown.append((run.stage, run.done, run.total))
    assert shown == [(2, 5, 9), (2, 5, 9), (2, 5, 9), (3, 0, 4), (3, 2, 4)]


def test_a_wait_is_reported_until_the_run_goes_on(db: Database, opened: Run) -> None:
    progress.waiting(db, opened.id, NOW, "Discogs, 34 s")
    assert seen(db, opened).waiting_for == "Discogs, 34 s"
    progress.waiting(db, opened.id, NOW, None)
    assert seen(db, opened).waiting_for is None
    progress.waiting(db, opened.id, NOW, "Discogs, 34 s")
    progress.advance(db, opened.id, NOW, stage=1, done=1, total=2)
    assert seen(db, opened).waiting_for is None


def test_a_missing_part_is_reported_once(db: Database, opened: Run) -> None:
    for sentence in ("One seller is gone.", "Two pages are unread.", "One seller is gone."):
        progress.add_partial(db, opened.id, sentence)
    assert seen(db, opened).partial == ("One seller is gone.", "Two pages are unread.")


def test_log_lines_come_in_order(db: Database, opened: Run) -> None:
    for number in range(3):
        progress.log(db, opened.id, NOW, f"page {number}\0")
    lines = progress.log_lines(db, opened.owner, opened.id)
    assert [line.line for line in lines] == [f"page {n}\N{REPLACEMENT CHARACTER}" for n in range(3)]
    assert lines[0].at == NOW


def test_each_stage_that_begins_is_a_line_once(db: Database, opened: Run) -> None:
    for minute in range(2):
        progress.start(db, opened.id, NOW)
        for stage, done in ((1, 1), (2, 0), (2, 5), (4, 0)):
            progress.advance(db, opened.id, NOW + minute * HOUR, stage=stage, done=done)
    lines = progress.log_lines(db, opened.owner, opened.id)
    names = opened.stage_names
    assert [(line.at, line.line) for line in lines] == [(NOW, names[0]), (NOW, names[1]), (NOW, names[3])]


def test_no_stage_begins_after_the_end(db: Database, opened: Run) -> None:
    progress.cancel(db, opened.owner, opened.id, NOW)
    progress.advance(db, opened.id, NOW, stage=3)
    assert progress.log_lines(db, opened.owner, opened.id) == []


def test_a_log_line_of_no_run_is_dropped(db: Database, opened: Run) -> None:
    progress.log(db, new_run_id(), NOW, "lost")
    assert progress.log_lines(db, opened.owner, opened.id) == []


def test_a_finished_run_is_at_its_last_stage_and_waits_for_nothing(db: Database, opened: Run) -> None:
    progress.waiting(db, opened.id, NOW, "Discogs, 34 s")
    assert progress.finish(db, opened.id, NOW + HOUR, 17)
    run = seen(db, opened)
    assert (run.state, run.stage, run.result_id) == (RunState.DONE, run.stages, 17)
    assert (run.finished_at, run.waiting_for) == (NOW + HOUR, None)


def test_a_failed_run_says_why_and_what_to_do(db: Database, opened: Run) -> None:
    assert progress.fail(db, opened.id, NOW, "Discogs is down.", "unreachable", "Try later.")
    run = seen(db, opened)
    assert (run.error, run.error_code, run.error_next) == ("Discogs is down.", "unreachable", "Try later.")


def test_an_ended_run_never_changes(db: Database, opened: Run) -> None:
    assert progress.cancel(db, opened.owner, opened.id, NOW)
    before, revision = seen(db, opened), runs.revision(db, opened.owner, opened.id)
    progress.start(db, opened.id, NOW + HOUR)
    progress.advance(db, opened.id, NOW + HOUR, stage=3, done=1, total=2)
    progress.waiting(db, opened.id, NOW + HOUR, "Discogs")
    progress.add_partial(db, opened.id, "Something is missing.")
    assert not progress.finish(db, opened.id, NOW + HOUR, 1)
    assert not progress.fail(db, opened.id, NOW + HOUR, "It failed.", "error", "")
    assert not progress.cancel(db, opened.owner, opened.id, NOW + HOUR)
    assert seen(db, opened) == before
    assert runs.revision(db, opened.owner, opened.id) == revision


def test_only_a_cancelled_or_vanished_run_is_cancelled(db: Database, opened: Run) -> None:
    assert not runs.is_cancelled(db, opened.id)
    progress.cancel(db, opened.owner, opened.id, NOW)
    assert runs.is_cancelled(db, opened.id)
    assert runs.is_cancelled(db, new_run_id())


def test_the_revision_rises_with_each_change(db: Database, opened: Run) -> None:
    revisions = [runs.revision(db, opened.owner, opened.id)]
    progress.start(db, opened.id, NOW)
    revisions.append(runs.revision(db, opened.owner, opened.id))
    progress.advance(db, opened.id, NOW, stage=2)
    revisions.append(runs.revision(db, opened.owner, opened.id))
    progress.add_partial(db, opened.id, "Something is missing.")
    revisions.append(runs.revision(db, opened.owner, opened.id))
    progress.finish(db, opened.id, NOW, None)
    revisions.append(runs.revision(db, opened.owner, opened.id))
    assert revisions == [0, 1, 2, 3, 4]
