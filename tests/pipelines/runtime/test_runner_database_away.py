"""A database that goes away for a while costs no run: what was under way is done again."""

from __future__ import annotations

from pathlib import Path

from tests.pipelines.runtime.test_runner import Steps
from tests.pipelines.workers import at_work, make_runner, now_of, open_run, opened, until_ended

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.pipelines.runtime.workflow_library import Library


class Away:
    """Fails so often with a database that does not answer."""

    def __init__(self, times: int = 2) -> None:
        self.times = times

    def __call__(self) -> int:
        if self.times:
            self.times -= 1
            raise DatabaseAwayError("The database is starting or shutting down.", "Try again in a minute.")
        return 7


def test_a_step_that_meets_it_is_done_again_until_the_database_answers(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        away, seen, run = Away(), list[int](), open_run(db)
        with at_work(make_runner(db, lambda flow: seen.append(flow.step("ask", away)))) as runner:
            runner.enqueue(run.id)
            assert until_ended(db, run.id).state is RunState.DONE
        assert seen == [7]


def test_between_two_steps_the_run_is_put_back_and_no_finished_step_is_done_again(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        away, steps, run = Away(), Steps(count=2), open_run(db)

        def body(flow: Flow) -> None:
            steps(flow)
            away()
            flow.step("last", lambda: steps.done.append(9))

        with at_work(make_runner(db, body)) as runner:
            runner.enqueue(run.id)
            assert until_ended(db, run.id).state is RunState.DONE
        assert steps.done == [0, 1, 9]


def test_a_chunk_that_meets_it_is_done_again(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        away, outcomes, run = Away(), list[tuple[object, str | None]](), open_run(db)

        def body(flow: Flow) -> None:
            outcomes.extend(
                (chunk.value, chunk.problem) for chunk in flow.fan_out("ask", ["chunk"], deadline=30)
            )

        handlers = {"ask": lambda _run, _chunk: away()}
        with at_work(make_runner(db, body, handlers=handlers)) as runner:
            runner.enqueue(run.id)
            assert until_ended(db, run.id).state is RunState.DONE
        assert outcomes == [(7, None)]


def test_only_the_worker_that_began_a_run_puts_it_back(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        steps, run = Steps(hold_at=0), open_run(db)
        library = Library(db)
        with at_work(make_runner(db, steps)) as runner:
            runner.enqueue(run.id)
            steps.held.wait(20)
            library.put_back(run.id, "somebody else")
            assert library.workflow_states([run.id])[run.id].status == "PENDING"
            steps.go.set()
            until_ended(db, run.id)
        assert now_of(db, run.id).state is RunState.DONE
        assert steps.done == [0, 1, 2]
        library.close()
