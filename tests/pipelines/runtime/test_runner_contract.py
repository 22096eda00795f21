"""What the runner relies on in the workflow library, and what no public function of it promises."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from tests.pipelines.runtime.test_runner import Steps
from tests.pipelines.workers import at_work, make_runner, open_run, opened, until, until_ended

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.pipelines.runtime.runner import WORKFLOW_VERSION, Runner
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.runs import leases

LONG = 3600.0
"""A lease so long that no takeover comes by itself."""


def test_a_takeover_takes_only_what_still_belongs_to_the_dead_worker(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        left, own = open_run(db), open_run(db)
        abandoned = Steps(hold_at=1)
        _abandon(make_runner(db, abandoned, lease_seconds=LONG), abandoned, left.id)
        body = Steps(hold_at=0)
        with at_work(make_runner(db, body, executor_id="second", lease_seconds=LONG)) as second:
            second.enqueue(own.id)
            body.held.wait(20)
            library = Library(db)
            assert library.hand_over("nobody", WORKFLOW_VERSION) == []
            assert library.hand_over("first", WORKFLOW_VERSION) == [left.id]
            until(lambda: 2 in body.done)
            assert library.hand_over("first", WORKFLOW_VERSION) == []
            library.close()
            body.go.set()
            assert {until_ended(db, run.id).state for run in (left, own)} == {RunState.DONE}
        assert sorted(body.done) == [0, 1, 2, 2]


def test_a_run_that_is_taken_over_keeps_its_queue_and_with_it_the_limit_of_places(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, abandoned = open_run(db), Steps(hold_at=1)
        _abandon(make_runner(db, abandoned, lease_seconds=LONG), abandoned, run.id)
        with at_work(make_runner(db, Steps(), executor_id="second", lease_seconds=LONG)):
            Library(db).hand_over("first", WORKFLOW_VERSION)
            until_ended(db, run.id)
        with db.read() as connection:
            query = text("SELECT queue_name, queue_partition_key FROM workflow_status")
            assert connection.execute(query).all() == [("runs", str(run.owner))]


def test_a_run_left_by_another_workflow_version_is_not_resumed(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, abandoned = open_run(db), Steps(hold_at=1)
        _abandon(make_runner(db, abandoned, lease_seconds=LONG), abandoned, run.id)
        with db.write() as connection:
            connection.execute(text("UPDATE workflow_status SET application_version = 'older'"))
        with at_work(make_runner(db, Steps(), executor_id="second", lease_seconds=LONG)):
            assert Library(db).hand_over("first", WORKFLOW_VERSION) == []


def test_the_library_keeps_plain_json_of_ids_and_counts_and_our_workflow_version(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run = open_run(db)

        def body(flow: Flow) -> None:
            flow.fan_out("same", ["a seller's name"], deadline=30)

        handlers = {"same": lambda _run, chunk: len(chunk)}
        with at_work(make_runner(db, body, handlers=handlers)) as runner:
            runner.enqueue(run.id)
            until_ended(db, run.id)
            until(lambda: not Library(db).has_unfinished("first"))
        with db.read() as connection:
            rows = connection.execute(
                text("SELECT inputs, serialization, application_version FROM workflow_status")
            ).all()
            steps = connection.execute(text("SELECT output, serialization FROM operation_outputs")).all()
        assert {row.serialization for row in rows} == {"portable_json"}
        assert {row.application_version for row in rows} == {WORKFLOW_VERSION}
        assert "seller" not in repr(rows) + repr(steps)


def test_the_library_writes_no_lines_of_its_own_to_the_terminal(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db, at_work(make_runner(db, Steps())):
        handlers = logging.getLogger("dbos").handlers
        assert handlers
        assert all(isinstance(handler, logging.NullHandler) for handler in handlers)


def test_ended_workflows_can_be_purged(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run = open_run(db)
        with at_work(make_runner(db, Steps())) as runner:
            runner.enqueue(run.id)
            until_ended(db, run.id)
            library = Library(db)
            until(lambda: library.workflow_states([run.id])[run.id].status == "SUCCESS")
            assert library.purge(datetime.now(UTC) - timedelta(hours=1)) == 0
            assert library.purge(datetime.now(UTC) + timedelta(hours=1)) == 1
            assert library.workflow_states([run.id]) == {}
            library.close()


def _abandon(runner: Runner, body: Steps, run_id: RunId) -> None:
    """Let a worker end in the middle of a run as if killed, without the lease by which others notice."""
    runner.launch()
    runner.enqueue(run_id)
    body.held.wait(20)
    stop = threading.Thread(target=runner.stop)
    stop.start()
    until(runner.stopping.is_set)
    body.go.set()
    stop.join()
    leases.release(runner.db, "first")
    as_killed = "UPDATE workflow_status SET status = 'PENDING', owner_xid = 'x' WHERE status = 'ENQUEUED'"
    with runner.db.write() as connection:
        connection.execute(text(as_killed))
