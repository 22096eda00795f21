"""Handing over: to a program of another workflow version, and by a worker that is asked to stop."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.durations import only_when_long
from tests.pipelines.runtime.test_runner import Steps
from tests.pipelines.workers import (
    at_work,
    local_owner,
    make_runner,
    now_of,
    open_run,
    opened,
    until,
    until_ended,
)
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.pipelines.runtime.runner import Runner
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import leases, results

pytestmark = only_when_long


def test_a_run_of_an_older_workflow_version_is_begun_again_and_has_one_result(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, old = open_run(db), Steps(hold_at=1)
        _stop_in_the_middle(make_runner(db, old, workflow_version="2"), old, run.id)
        new = Steps(count=4)
        with at_work(make_runner(db, _keeping(db, new), executor_id="second", workflow_version="3")):
            assert until_ended(db, run.id).state is RunState.DONE
        assert old.done == [0, 1]
        assert new.done == [0, 1, 2, 3]
        stored = results.result(db, run.owner, run.id)
        assert stored is not None
        assert stored.document == {"total": 10}


def test_a_step_back_to_an_older_workflow_version_begins_what_waits(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        with at_work(make_runner(db, Steps(), workflow_version="3")):
            pass
        run, older = open_run(db), Steps()
        with at_work(make_runner(db, older, executor_id="second", workflow_version="2")) as runner:
            runner.enqueue(run.id)
            assert until_ended(db, run.id).state is RunState.DONE
        assert older.done == [0, 1, 2]


def test_chunks_of_an_older_workflow_version_are_done_again_with_their_run(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, held, go = open_run(db), threading.Event(), threading.Event()
        seen: list[list[object]] = []

        def body(flow: Flow) -> None:
            seen.append([chunk.value for chunk in flow.fan_out("same", [1, 2, 3], deadline=30)])

        def hold(_run: RunId, chunk: int) -> int:
            if chunk == 2:
                held.set()
                go.wait(20)
            return chunk

        first = make_runner(db, body, handlers={"same": hold}, workflow_version="2")
        first.launch()
        first.enqueue(run.id)
        held.wait(20)
        _stop(first, go)
        handlers = {"same": lambda _run, chunk: 10 * chunk}
        with at_work(make_runner(db, body, handlers=handlers, executor_id="second", workflow_version="3")):
            until_ended(db, run.id)
        assert seen == [[10, 20, 30]]


def test_a_worker_that_stops_hands_over_at_once_what_it_has_begun(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, steps = open_run(db), Steps(hold_at=1)
        _stop_in_the_middle(make_runner(db, steps, lease_seconds=3600.0), steps, run.id)
        library = Library(db)
        assert library.workflow_states([run.id])[run.id].status == "ENQUEUED"
        assert leases.workers(db) == []
        library.close()
        rest = Steps()
        with at_work(make_runner(db, rest, executor_id="second", lease_seconds=3600.0)):
            assert until_ended(db, run.id).state is RunState.DONE
        assert steps.done == [0, 1]
        assert rest.done == [2]


def test_a_worker_that_stops_takes_nothing_more(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, steps = open_run(db), Steps(hold_at=1)
        runner, library = make_runner(db, steps), Library(db)
        runner.launch()
        runner.enqueue(run.id)
        steps.held.wait(20)
        stopping = threading.Thread(target=runner.stop)
        stopping.start()
        until(runner.stopping.is_set)
        late = open_run(db)
        library.enqueue(late.id, late.owner)
        steps.go.set()
        stopping.join()
        assert library.workflow_states([late.id])[late.id].executor_id is None
        assert now_of(db, late.id).state is RunState.QUEUED
        library.close()


@pytest.mark.postgres
def test_the_same_works_on_postgres() -> None:
    try:
        with postgres() as server, fresh_database(server) as address, opened(address) as db:
            run, old = open_run(db), Steps(hold_at=1)
            _stop_in_the_middle(make_runner(db, old, workflow_version="2"), old, run.id)
            new = Steps(count=4)
            with at_work(make_runner(db, _keeping(db, new), executor_id="second", workflow_version="3")):
                assert until_ended(db, run.id).state is RunState.DONE
            assert old.done == [0, 1]
            assert new.done == [0, 1, 2, 3]
    except NoPostgresError as error:
        pytest.skip(str(error))


def test_what_is_held_of_a_run_can_be_forgotten_with_its_chunks(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, other = open_run(db), open_run(db)

        def body(flow: Flow) -> None:
            flow.fan_out("same", [1, 2], deadline=30)

        with at_work(make_runner(db, body, handlers={"same": lambda _run, chunk: chunk})) as runner:
            for one in (run, other):
                runner.enqueue(one.id)
                until_ended(db, one.id)
            until(lambda: not Library(db).has_unfinished("first"))
            runner.forget([run.id])
        library = Library(db)
        library._open()
        ids = {workflow.workflow_id for workflow in library._open().list_workflows()}
        assert ids == {other.id, f"{other.id}-same-1-0", f"{other.id}-same-1-1"}
        library.close()


def _keeping(db: Database, steps: Steps) -> Steps:
    """The same, keeping its total as the result."""

    class Keeping(Steps):
        def __call__(self, flow: Flow) -> None:
            super().__call__(flow)
            document = {"total": self.total}
            now = datetime.now(UTC)
            flow.step(
                "keep", lambda: results.save_result(db, local_owner(db), flow.run_id, "sync", document, now)
            )

    keeping = Keeping(steps.count)
    keeping.done = steps.done
    return keeping


def _stop_in_the_middle(runner: Runner, steps: Steps, run_id: RunId) -> None:
    runner.launch()
    runner.enqueue(run_id)
    steps.held.wait(20)
    _stop(runner, steps.go)


def _stop(runner: Runner, go: threading.Event) -> None:
    """Ask it to stop while a step is at work, and then let the step end."""
    stopping = threading.Thread(target=runner.stop)
    stopping.start()
    until(runner.stopping.is_set)
    go.set()
    stopping.join()


def _wait_for(beats: threading.Semaphore, count: int) -> None:
    for _ in range(count):
        assert beats.acquire(timeout=20)
