"""Finding runs that have not ended, and their keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from tests.store.fakes import HOUR, NOW, make_item, make_run, make_want

from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import interests, progress, results, runs
from discogs_assistant.store.schema import metadata

MONTH = timedelta(days=30)


def test_runs_that_have_not_ended_are_found_with_their_last_heartbeat(db: Database, owner: OwnerId) -> None:
    asked = [("running", -1), ("queued", -2), ("ended", 0), ("new", 1)]
    opened = [
        runs.open_run(db, make_run(owner, key=key, at=NOW + hours * HOUR), reuse_since=None)[0]
        for key, hours in asked
    ]
    progress.start(db, opened[0].id, NOW)
    progress.finish(db, opened[2].id, NOW, None)
    found = run_upkeep.unended(db, NOW + HOUR)
    assert [(run.id, run.heartbeat_at) for run in found] == [
        (opened[1].id, NOW - 2 * HOUR),
        (opened[0].id, NOW),
    ]


def test_a_run_is_found_by_its_new_key(db: Database, owner: OwnerId) -> None:
    run = runs.open_run(db, make_run(owner, key="old"), reuse_since=None)[0]
    run_upkeep.rekey(db, run.id, "new")
    assert runs.open_run(db, make_run(owner, key="new"), reuse_since=None)[0].id == run.id


def test_a_key_that_another_run_under_way_has_stays_with_it(db: Database, owner: OwnerId) -> None:
    first = runs.open_run(db, make_run(owner, key="first"), reuse_since=None)[0]
    second = runs.open_run(db, make_run(owner, key="second"), reuse_since=None)[0]
    run_upkeep.rekey(db, second.id, "first")
    assert runs.open_run(db, make_run(owner, key="first"), reuse_since=None)[0].id == first.id
    assert runs.open_run(db, make_run(owner, key="second"), reuse_since=None)[0].id == second.id


def ended_run(
    db: Database,
    owner: OwnerId,
    at: datetime,
    *,
    kind: RunKind = RunKind.SYNC,
    user: str = "digger",
    answer: bool = True,
) -> RunId:
    """A run that ended then, with a row in each table that knows of runs."""
    wanted = make_run(owner, kind=kind, user=user, at=at)
    run = runs.open_run(db, wanted, reuse_since=None)[0]
    progress.start(db, run.id, at)
    staging.stage_items(db, owner, run.id, [make_item(1)], at)
    staging.stage_wants(db, owner, run.id, [make_want(2)], at)
    apply_staged(db, owner, UserName(user), run.id, WHOLE, WHOLE, origin="api", now=at)
    staging.stage_items(db, owner, run.id, [make_item(3)], at)
    staging.stage_wants(db, owner, run.id, [make_want(4)], at)
    progress.log(db, run.id, at, "a line")
    results.save_work(db, run.id, "left over", [1])
    interests.save_interest(db, owner, run.id, {"wanted": []})
    if answer:
        kept = results.save_result(db, owner, run.id, kind.value, {"user": user}, at)
        progress.finish(db, run.id, at, kept)
    else:
        progress.fail(db, run.id, at, "It failed.", "error", "Try again.")
    return run.id


def rows_of(db: Database, run_id: RunId) -> dict[str, int]:
    """How many rows of each table that knows of runs are this one's."""
    with db.read() as connection:
        return {
            table.name: connection.scalar(
                select(func.count()).select_from(table).where(table.c.run_id == run_id)
            )
            or 0
            for table in metadata.sorted_tables
            if "run_id" in table.c
        }


def test_a_run_that_ended_long_ago_goes_with_all_its_rows(db: Database, owner: OwnerId) -> None:
    old, failed = ended_run(db, owner, NOW - HOUR), ended_run(db, owner, NOW - HOUR, answer=False)
    young = ended_run(db, owner, NOW)
    before = rows_of(db, young)
    assert all(before.values()), before
    of_old = rows_of(db, old)
    assert of_old.keys() == before.keys()
    assert all(of_old.values()), of_old
    assert run_upkeep.forget_ended(db, NOW) == 2
    assert not any(rows_of(db, old).values())
    assert not any(rows_of(db, failed).values())
    assert [run.id for run in runs.runs(db, owner, 9)] == [young]
    assert rows_of(db, young) == before
    assert run_upkeep.forget_ended(db, NOW) == 0


def test_a_run_under_way_stays_however_old(db: Database, owner: OwnerId) -> None:
    queued = runs.open_run(db, make_run(owner, key="queued", at=NOW - MONTH), reuse_since=None)[0]
    running = runs.open_run(db, make_run(owner, key="running", at=NOW - MONTH), reuse_since=None)[0]
    progress.start(db, running.id, NOW - MONTH)
    assert run_upkeep.forget_ended(db, NOW) == 0
    assert {run.id for run in runs.runs(db, owner, 9)} == {queued.id, running.id}


def test_the_newest_result_of_each_owner_user_and_kind_stays_however_old(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    kept = set()
    for whose in (owner, stranger):
        for user in ("digger", "a-friend"):
            for kind in (RunKind.RECOMMEND, RunKind.SHOP):
                ended_run(db, whose, NOW - 2 * MONTH, kind=kind, user=user)
                kept.add(ended_run(db, whose, NOW - MONTH, kind=kind, user=user))
                ended_run(db, whose, NOW - HOUR, kind=kind, user=user, answer=False)
    assert run_upkeep.forget_ended(db, NOW) == 16
    assert {run.id for whose in (owner, stranger) for run in runs.runs(db, whose, 99)} == kept
    newest = results.latest_run(db, owner, UserName("digger"), RunKind.SHOP.value)
    assert newest in kept


def test_of_two_results_of_one_moment_the_later_one_stays(db: Database, owner: OwnerId) -> None:
    ended_run(db, owner, NOW)
    second = ended_run(db, owner, NOW)
    assert run_upkeep.forget_ended(db, NOW + HOUR) == 1
    assert [run.id for run in runs.runs(db, owner, 9)] == [second]


def test_many_old_runs_go_a_hundred_at_a_time(db: Database, owner: OwnerId) -> None:
    for number in range(110):
        run = runs.open_run(db, make_run(owner, key=str(number)), reuse_since=None)[0]
        progress.cancel(db, owner, run.id, NOW)
    assert [run_upkeep.forget_ended(db, NOW + HOUR) for _ in range(3)] == [100, 10, 0]


def test_a_worker_that_wakes_late_lays_nothing_aside_for_a_run_that_has_ended(
    db: Database, owner: OwnerId
) -> None:
    run = runs.open_run(db, make_run(owner), reuse_since=None)[0]
    staging.stage_items(db, owner, run.id, [make_item(1)], NOW)
    assert staging.staged_counts(db, owner, run.id) == (1, 0)
    progress.finish(db, run.id, NOW, None)
    run_upkeep.clear_work(db, owner, run.id)
    staging.stage_items(db, owner, run.id, [make_item(2)], NOW)
    staging.stage_wants(db, owner, run.id, [make_want(3)], NOW)
    assert staging.staged_counts(db, owner, run.id) == (0, 0)
