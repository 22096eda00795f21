"""What an operator sees of runs, workers and steps, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.store.fakes import NOW, make_run

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import overview
from discogs_assistant.store.operations.overview import RunCount
from discogs_assistant.store.runs import progress, runs, step_times

MINUTE = timedelta(minutes=1)


@pytest.fixture
def library(db: Database) -> Iterator[str]:
    """The library's tables, empty; how they are called in front."""
    made = Library(db)
    made.prepare()
    made.close()
    schema = "" if db.dialect == "sqlite" else "dbos."
    with db.write() as connection:
        for name in ("operation_outputs", "workflow_status"):
            connection.execute(text(f"DELETE FROM {schema}{name}"))
    yield schema


def test_runs_of_all_people_are_counted_and_the_oldest_queued_is_found(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    for person, minutes in ((owner, 3), (stranger, 5)):
        runs.open_run(db, make_run(person, at=NOW - minutes * MINUTE), reuse_since=None)
    begun = make_run(owner, kind=RunKind.SHOP, at=NOW - 9 * MINUTE)
    runs.open_run(db, begun, reuse_since=None)
    progress.start(db, begun.id, NOW)
    assert overview.run_counts(db) == [RunCount("carts", "running", 1), RunCount("sync", "queued", 2)]
    assert runs.oldest_queued(db) == NOW - 5 * MINUTE
    assert [(run.kind, run.state) for run in overview.open_runs(db, 2)] == [
        ("carts", "running"),
        ("sync", "queued"),
    ]
    assert accounts.count_people(db, signed_in=False) == 2
    accounts.sign_in(db, 42, UserName("digger"), NOW)
    assert accounts.count_people(db, signed_in=True) == 1


def test_a_failure_is_its_code_without_any_sentence(db: Database, owner: OwnerId) -> None:
    for at, key in ((NOW - timedelta(days=2), "old"), (NOW, "new")):
        run = make_run(owner, key=key, user="digger")
        runs.open_run(db, run, reuse_since=None)
        progress.fail(db, run.id, at, "The collection of digger is private.", "private", "Ask digger.")
    (failure,) = overview.failures(db, NOW - timedelta(days=1), 10)
    assert failure == overview.FailedRun(run.id, "sync", NOW, "private")


def test_before_the_library_has_tables_nothing_is_known_of_steps(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from discogs_assistant.store.database import migrate, open_database

    fresh = open_database(f"sqlite:///{tmp_path_factory.mktemp('fresh') / 'a.db'}")
    migrate(fresh)
    assert step_times.step_seconds(fresh, NOW) == {}
    fresh.close()


def test_steps_are_listed_by_name_with_their_parts_together(db: Database, library: str) -> None:
    now = int(NOW.timestamp() * 1000)
    workflow = (
        f"INSERT INTO {library}workflow_status (workflow_uuid, status, name, executor_id, created_at, "
        "updated_at, started_at_epoch_ms, completed_at) VALUES (:id, :status, :name, :worker, :now, :now, "
        ":began, :ended)"
    )
    step = (
        f"INSERT INTO {library}operation_outputs (workflow_uuid, function_id, function_name, output, "
        "started_at_epoch_ms, completed_at_epoch_ms, child_workflow_id) "
        "VALUES ('r', :n, :name, '{}', :began, :ended, :child)"
    )
    workflows = [
        ("r", "PENDING", "run", "w1", now - 9000, None),
        ("c1", "SUCCESS", "chunk", "w1", now - 4000, now),
        ("c2", "PENDING", "chunk", "w2", now - 400, None),
    ]
    steps = [
        ("read records, part 1", 3000, 0, None),
        ("read records, part 12", 1000, 10, None),
        ("lay out inventory-1", 20, 10, None),
        ("too old", 10, 7_200_000, None),
        ("chunk", 5, 10, "c1"),
        ("DBOS.sleep", 5, 10, None),
    ]
    with db.write() as connection:
        for id, status, name, worker, began, ended in workflows:
            row = {"id": id, "status": status, "name": name, "worker": worker, "now": now}
            connection.execute(text(workflow), row | {"began": began, "ended": ended})
        for n, (name, took, ago, child) in enumerate(steps):
            ended = now - ago
            row = {"n": n, "name": name, "began": ended - took, "ended": ended, "child": child}
            connection.execute(text(step), row)
    assert step_times.step_seconds(db, NOW - timedelta(hours=1)) == {
        step_times.CHUNK: [4.0],
        "lay out inventory": [0.02],
        "read records": [1.0, 3.0],
    }
