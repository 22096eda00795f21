"""The runner with the real workflow library, on a database of its own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
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

from discogs_assistant.errors import PrivateError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.flow import ChunkOutcome, Flow
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import leases, progress, results


class Steps:
    """A pipeline of numbered steps that counts how often each is done; it can be held at one of them."""

    def __init__(self, count: int = 3, hold_at: int | None = None) -> None:
        self.count = count
        self.hold_at = hold_at
        self.done: list[int] = []
        self.held = threading.Event()
        self.go = threading.Event()

    def __call__(self, flow: Flow) -> None:
        total = 0
        for number in range(self.count):
            total += flow.step(f"step {number}", partial(self._do, number))
        self.total = total

    def _do(self, number: int) -> int:
        self.done.append(number)
        if number == self.hold_at:
            self.held.set()
            self.go.wait(20)
        return number + 1


def test_a_run_is_done_with_the_result_that_its_pipeline_stored(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:

        def body(flow: Flow) -> None:
            document = {"answer": 42}
            owner = local_owner(db)
            flow.step("keep", lambda: results.save_result(db, owner, flow.run_id, "sync", document, _now(db)))

        run = open_run(db)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            ended = until_ended(db, run.id)
        stored = results.result(db, run.owner, run.id)
        assert ended.state is RunState.DONE
        assert stored is not None
        assert stored.document == {"answer": 42}
        assert ended.result_id == stored.id


def test_an_error_of_ours_ends_the_run_with_its_sentence_code_and_next_step(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:

        def body(flow: Flow) -> None:
            flow.step("ask", _refuse)

        run = open_run(db)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            ended = until_ended(db, run.id)
        assert ended.state is RunState.FAILED
        assert (ended.error, ended.error_code, ended.error_next) == ("It is private.", "private", "Ask.")


def test_an_unforeseen_error_ends_the_run_without_showing_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(tmp_path / "a.db") as db:

        def body(flow: Flow) -> None:
            flow.step("burst", _burst)

        run = open_run(db)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            ended = until_ended(db, run.id)
        assert ended.state is RunState.FAILED
        assert ended.error_code == "unexpected"
        assert "inside" not in f"{ended.error} {ended.error_next}"
        assert "nothing of the inside" in capsys.readouterr().out


def test_a_run_enqueued_twice_is_carried_out_once(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        body, run = Steps(), open_run(db)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            runner.enqueue(run.id)
            until_ended(db, run.id)
            runner.enqueue(run.id)
            other = open_run(db)
            runner.enqueue(other.id)
            until_ended(db, other.id)
        assert body.done == [0, 1, 2, 0, 1, 2]


def test_a_worker_that_stops_leaves_its_run_to_the_next_which_repeats_no_finished_step(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "a.db") as db:
        first, run = Steps(hold_at=1), open_run(db)
        runner = make_runner(db, first)
        runner.launch()
        runner.enqueue(run.id)
        first.held.wait(20)
        stop = threading.Thread(target=runner.stop)
        stop.start()
        until(runner.stopping.is_set)
        first.go.set()
        stop.join()
        assert first.done == [0, 1]
        assert now_of(db, run.id).state is RunState.RUNNING
        assert "first" not in leases.live(db, _now(db))
        second = Steps()
        with at_work(make_runner(db, second, executor_id="second")):
            ended = until_ended(db, run.id)
        assert ended.state is RunState.DONE
        assert second.done == [2]
        assert second.total == 6


def test_a_cancelled_run_ends_before_its_next_step(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        body, run = Steps(hold_at=1), open_run(db)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            body.held.wait(20)
            assert progress.cancel(db, run.owner, run.id, _now(db))
            body.go.set()
            other = open_run(db)
            runner.enqueue(other.id)
            until_ended(db, other.id)
        assert now_of(db, run.id).state is RunState.CANCELLED
        assert body.done == [0, 1, 0, 1, 2]


def test_what_a_worker_left_that_died_right_after_its_run_ended_is_cleared(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        body, run, other = Steps(), open_run(db), open_run(db)
        for one in (run, other):
            results.save_work(db, one.id, "candidates", [1])
        progress.finish(db, run.id, _now(db), None)
        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            until(lambda: results.work(db, run.id, "candidates") is None)
        assert body.done == []
        assert now_of(db, run.id).state is RunState.DONE
        assert results.work(db, other.id, "candidates") == [1]


def test_outcomes_of_a_fan_out_stand_in_the_order_of_its_chunks(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        seen: list[list[ChunkOutcome]] = []

        def body(flow: Flow) -> None:
            seen.append(flow.fan_out("double", [1, "two", 3, 4], deadline=30))

        def double(_run: RunId, chunk: Any) -> int:
            if chunk == "two":
                raise PrivateError("It is private.", "Ask.")
            if chunk == 3:
                raise ZeroDivisionError("of the inside")
            return 2 * int(chunk)

        run = open_run(db)
        with at_work(make_runner(db, body, handlers={"double": double})) as runner:
            runner.enqueue(run.id)
            ended = until_ended(db, run.id)
        assert ended.state is RunState.DONE
        assert [outcome.value for outcome in seen[-1]] == [2, None, None, 8]
        assert seen[-1][1].problem == "It is private. Ask."
        assert seen[-1][2].problem
        assert "inside" not in seen[-1][2].problem


def test_chunks_that_miss_the_deadline_are_said_and_do_not_hold_the_run_up(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        go = threading.Event()
        seen: list[list[ChunkOutcome]] = []

        def body(flow: Flow) -> None:
            seen.append(flow.fan_out("wait", ["quick", "slow"], deadline=1.5))

        def wait(_run: RunId, chunk: str) -> str:
            if chunk == "slow":
                go.wait(20)
            return chunk

        run = open_run(db)
        with at_work(make_runner(db, body, handlers={"wait": wait})) as runner:
            runner.enqueue(run.id)
            until_ended(db, run.id)
            go.set()
        assert [(outcome.value, bool(outcome.problem)) for outcome in seen[-1]] == [
            ("quick", False),
            (None, True),
        ]


def test_runs_that_wait_for_their_chunks_never_take_the_places_of_chunks(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:

        def body(flow: Flow) -> None:
            assert [o.value for o in flow.fan_out("same", list(range(4)), deadline=30)] == [0, 1, 2, 3]

        runs = [open_run(db) for _ in range(4)]
        with at_work(
            make_runner(db, body, handlers={"same": lambda _run, chunk: chunk}, workers=1)
        ) as runner:
            for run in runs:
                runner.enqueue(run.id)
            assert {until_ended(db, run.id).state for run in runs} == {RunState.DONE}


@pytest.mark.postgres
def test_the_same_works_on_postgres() -> None:
    try:
        with postgres() as server, fresh_database(server) as address, opened(address) as db:
            body, run = Steps(), open_run(db)
            with at_work(make_runner(db, body)) as runner:
                runner.enqueue(run.id)
                assert until_ended(db, run.id).state is RunState.DONE
            assert body.done == [0, 1, 2]
    except NoPostgresError as error:
        pytest.skip(str(error))


def _refuse() -> None:
    raise PrivateError("It is private.", "Ask.")


def _now(_db: Database) -> datetime:
    return datetime.now(UTC)


def _burst() -> None:
    raise KeyError("nothing of the inside")
