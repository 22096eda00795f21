"""Upkeep of runs and leases: nothing is lost, nothing is stuck."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.pipelines.workers import FixedClock, now_of, open_run, opened
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant.model.ids import OwnerId, RunId, new_run_id
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime.leases import LeaseKeeper
from discogs_assistant.pipelines.runtime.upkeep import Upkeep
from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks
from discogs_assistant.pipelines.runtime.workflow_library import Library, WorkflowState
from discogs_assistant.store.database import Database
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.runs import leases, progress, results, runs
from discogs_assistant.store.runs.leases import WorkerFacts

LEASE = timedelta(seconds=20)


class FakeLibrary(Library):
    """Remembers what it is asked, and tells what a test puts into `known`."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.known: dict[RunId, WorkflowState] = {}
        self.enqueued: list[RunId] = []
        self.purged: list[datetime] = []
        self.left: list[str] = []
        self.forgotten: list[str] = []
        self.put_back_again: list[str] = []
        self.holding: set[str] = set()

    def holders(self) -> set[str]:
        return self.holding

    def enqueue(self, run_id: RunId, person: OwnerId) -> None:
        self.enqueued.append(run_id)

    def pending(self, executor_id: str) -> list[str]:
        looks = self.known.values()
        return [look.run_id for look in looks if (look.status, look.executor_id) == ("PENDING", executor_id)]

    def put_back(self, workflow_id: str, executor_id: str) -> None:
        self.put_back_again.append(workflow_id)

    def forget_runs(self, run_ids: Sequence[RunId]) -> None:
        self.forgotten += run_ids

    def workflow_states(self, run_ids: Sequence[RunId]) -> dict[RunId, WorkflowState]:
        return {id: self.known[id] for id in run_ids if id in self.known}

    def purge(self, before: datetime) -> int:
        self.purged.append(before)
        return 0

    def left_behind(self, before: datetime) -> list[str]:
        return self.left

    def forget(self, workflow_ids: Sequence[str]) -> None:
        self.forgotten += workflow_ids


class Bench:
    """An upkeep with all that it touches."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = FixedClock()
        self.library = FakeLibrary(db)
        self.taken: list[str] = []
        self.at_work: set[str] = set()
        self.upkeep = Upkeep(
            db,
            self.clock,
            self.library,
            "w",
            "7",
            LEASE,
            timedelta(hours=6),
            timedelta(days=30),
            self.taken.append,
            lambda: self.at_work,
        )

    def run(self, *, age: float, running: bool = False) -> RunId:
        """A run opened so many seconds ago."""
        run = open_run(self.db, now=self.clock.now() - timedelta(seconds=age))
        if running:
            progress.start(self.db, run.id, run.created_at)
        return run.id

    def library_says(
        self, run_id: RunId, status: str, *, version: str | None = "7", worker: str | None = "w"
    ) -> None:
        self.library.known[run_id] = WorkflowState(run_id, status, version, worker)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with opened(tmp_path / "a.db") as db:
        yield Bench(db)


def test_a_run_that_was_opened_and_never_enqueued_is_enqueued(bench: Bench) -> None:
    lost, fresh = bench.run(age=60), bench.run(age=1)
    bench.upkeep.do_chores()
    assert bench.library.enqueued == [lost]
    assert fresh not in bench.library.enqueued


def test_a_run_under_way_at_a_living_worker_is_left_alone(bench: Bench) -> None:
    run = bench.run(age=60, running=True)
    bench.library_says(run, "PENDING")
    leases.renew(bench.db, "w", bench.clock.now())
    bench.at_work.add(run)
    bench.upkeep.do_chores()
    bench.upkeep.do_chores()
    assert not bench.taken
    assert now_of(bench.db, run).state is RunState.RUNNING


def test_a_run_that_its_living_worker_let_fall_is_queued_again_at_the_second_sight(bench: Bench) -> None:
    run = bench.run(age=60, running=True)
    bench.library_says(run, "PENDING")
    leases.renew(bench.db, "w", bench.clock.now())
    bench.upkeep.do_chores()
    assert bench.library.put_back_again == []
    bench.upkeep.do_chores()
    assert bench.library.put_back_again == [run]


def test_a_run_whose_worker_is_gone_without_a_trace_is_taken_over(bench: Bench) -> None:
    run = bench.run(age=60, running=True)
    bench.library_says(run, "PENDING")
    bench.upkeep.do_chores()
    assert bench.taken == ["w"]


def test_what_a_worker_without_a_lease_has_begun_is_taken_over_at_the_second_sight(bench: Bench) -> None:
    bench.library.holding = {"nobody", "w"}
    leases.renew(bench.db, "w", bench.clock.now())
    bench.upkeep.do_chores()
    assert bench.taken == []
    bench.upkeep.do_chores()
    assert bench.taken == ["nobody"]


@pytest.mark.parametrize("version", ["6", "8"])
def test_a_run_of_another_workflow_version_begins_again_once_its_worker_is_gone(
    bench: Bench, version: str
) -> None:
    run = bench.run(age=60, running=True)
    results.save_work(bench.db, run, "candidates", [1])
    bench.library_says(run, "PENDING", version=version, worker="other")
    bench.upkeep.do_chores()
    assert now_of(bench.db, run).state is RunState.QUEUED
    assert bench.library.forgotten == [run]
    assert bench.library.enqueued == [run]
    assert results.work(bench.db, run, "candidates") is None


def test_a_run_that_changed_since_it_was_looked_at_is_not_begun_again(bench: Bench) -> None:
    run = bench.run(age=60, running=True)
    (seen,) = run_upkeep.unended(bench.db, bench.clock.now())
    assert run_upkeep.begin_again(bench.db, seen)
    assert not run_upkeep.begin_again(bench.db, seen)
    progress.fail(bench.db, run, bench.clock.now(), "It failed.", "error", "Try again.")
    assert not run_upkeep.begin_again(bench.db, replace(seen, revision=2))


@pytest.mark.parametrize("status", ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
def test_a_run_that_ended_in_the_library_alone_is_ended_here_too(bench: Bench, status: str) -> None:
    run = bench.run(age=60, running=True)
    results.save_work(bench.db, run, "candidates", [1])
    bench.library_says(run, status)
    bench.upkeep.do_chores()
    assert now_of(bench.db, run).state is RunState.FAILED
    assert results.work(bench.db, run, "candidates") is None


def test_a_run_carried_out_by_its_caller_is_ended_only_after_a_long_silence(bench: Bench) -> None:
    silent, alive = bench.run(age=3600, running=True), bench.run(age=60, running=True)
    bench.upkeep.do_chores()
    assert now_of(bench.db, silent).state is RunState.FAILED
    assert now_of(bench.db, alive).state is RunState.RUNNING


def test_old_things_are_removed_once_an_hour(bench: Bench) -> None:
    cutoffs: list[datetime] = []
    bench.upkeep.forget_old = cutoffs.append
    bench.upkeep.do_chores()
    assert cutoffs == [bench.clock.now() - timedelta(days=30)]
    bench.upkeep.do_chores()
    bench.clock.sleep(3600)
    bench.upkeep.do_chores()
    assert (len(bench.library.purged), len(cutoffs)) == (2, 2)


def test_runs_are_removed_when_they_ended_longer_ago_than_the_setting_says(bench: Bench) -> None:
    run, waiting = bench.run(age=60, running=True), bench.run(age=60)
    progress.fail(bench.db, run, bench.clock.now(), "It failed.", "error", "Try again.")
    bench.library_says(waiting, "ENQUEUED", worker=None)
    bench.clock.sleep(30 * 86400)
    bench.upkeep.purge(bench.clock.now())
    assert now_of(bench.db, run).state is RunState.FAILED
    bench.clock.sleep(1)
    bench.upkeep.purge(bench.clock.now())
    assert runs.run_for_worker(bench.db, run) is None
    assert now_of(bench.db, waiting).state is RunState.QUEUED


def test_the_library_forgets_what_it_holds_of_runs_that_have_ended_or_are_gone(bench: Bench) -> None:
    ended, living = bench.run(age=60, running=True), bench.run(age=60, running=True)
    progress.fail(bench.db, ended, bench.clock.now(), "It failed.", "error", "Try again.")
    gone = [new_run_id(), f"{new_run_id()}-inventory-1-0", ended, f"{ended}-inventory-1-7"]
    bench.library.left = [*gone, living, f"{living}-inventory-1-0"]
    bench.upkeep.purge(bench.clock.now())
    assert bench.library.forgotten == gone


@pytest.mark.parametrize("server", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_librarys_own_rows_of_a_run_that_ended_go_with_it(tmp_path: Path, server: str) -> None:
    with _databases(server, tmp_path) as address, opened(address) as db:
        bench, library = Bench(db), Library(db)
        bench.upkeep.library = library
        library.prepare()
        run, living = open_run(db), open_run(db)
        for one in (run, living):
            library.enqueue(one.id, one.owner)
        progress.cancel(db, run.owner, run.id, run.created_at)
        bench.upkeep.purge(run.created_at + timedelta(days=29))
        assert library.workflow_states([run.id, living.id]).keys() == {run.id, living.id}
        bench.upkeep.purge(run.created_at + timedelta(days=31))
        assert library.workflow_states([run.id, living.id]).keys() == {living.id}
        assert runs.run_for_worker(db, run.id) is None
        library.close()


def test_a_dead_worker_is_taken_over_once_and_its_lease_removed(bench: Bench) -> None:
    leases.renew(bench.db, "dead", bench.clock.now() - 2 * LEASE)
    taken: list[str] = []
    keeper = _keeper(bench, taken)
    keeper.heartbeat()
    keeper.heartbeat()
    assert taken == ["dead"]
    assert leases.live(bench.db, bench.clock.now() - LEASE) == ["me"]


def test_after_a_silence_of_all_nobody_is_taken_for_dead_before_they_could_speak(bench: Bench) -> None:
    """As when the database comes back after a while."""
    taken: list[str] = []
    keeper = _keeper(bench, taken)
    send_heartbeat(bench, "other", version="7")
    keeper.heartbeat()
    bench.clock.sleep(3 * LEASE.total_seconds())
    keeper.heartbeat()
    assert taken == []
    bench.clock.sleep(LEASE.total_seconds() / 2)
    keeper.heartbeat()
    bench.clock.sleep(LEASE.total_seconds() / 2)
    keeper.heartbeat()
    assert taken == ["other"]


def test_a_lease_tells_where_its_worker_is_and_what_it_does(bench: Bench) -> None:
    began = bench.clock.now()
    leases.renew(bench.db, "w", began, WorkerFacts("crate", 7, began, "2"), at_work=3)
    bench.clock.sleep(5)
    leases.renew(bench.db, "w", bench.clock.now())
    (last,) = leases.workers(bench.db)
    assert (last.host, last.pid, last.started_at, last.workflow_version) == ("crate", 7, began, "2")
    assert (last.role, last.at_work, last.renewed_at) == ("worker", 0, bench.clock.now())


def test_a_worker_that_leaves_work_behind_is_dead_at_once_and_one_that_does_not_is_forgotten(
    bench: Bench,
) -> None:
    for unfinished, left in ((True, ["me"]), (False, [])):
        keeper = _keeper(bench, [])
        keeper.start()
        keeper.stop(unfinished=unfinished)
        silent = bench.clock.now() - LEASE
        assert [last.executor_id for last in leases.workers(bench.db) if last.renewed_at < silent] == left


def test_a_killed_process_of_this_machine_is_known_to_be_gone_before_its_lease_says_so(
    bench: Bench, tmp_path: Path
) -> None:
    leases.renew(bench.db, "killed", bench.clock.now())
    taken: list[str] = []
    keeper = _keeper(bench, taken)
    with _marked_process(tmp_path / "marks", "killed") as process:
        keeper.heartbeat()
        assert taken == []
        assert WorkerMarks(tmp_path / "marks").gone() == set()
        process.kill()
        process.wait()
        keeper.heartbeat()
    assert taken == ["killed"]
    assert not list((tmp_path / "marks").iterdir())


def test_a_worker_that_ends_well_leaves_no_mark(bench: Bench, tmp_path: Path) -> None:
    keeper = _keeper(bench, [])
    keeper.start()
    assert WorkerMarks(tmp_path / "marks").gone() == set()
    keeper.stop(unfinished=False)
    assert not list((tmp_path / "marks").iterdir())


@contextmanager
def _databases(server: str, folder: Path) -> Iterator[Path | str]:
    """An empty database of that kind; a visible skip where there is no Postgres."""
    if server == "sqlite":
        yield folder / "own.db"
        return
    try:
        with postgres() as place, fresh_database(place) as address:
            yield address
    except NoPostgresError as error:
        pytest.skip(str(error))


@contextmanager
def _marked_process(folder: Path, executor_id: str) -> Iterator[subprocess.Popen[bytes]]:
    program = (
        "import sys, pathlib; from discogs_assistant.pipelines.runtime.worker_locks import WorkerMarks;"
        "marks = WorkerMarks(pathlib.Path(sys.argv[1])); marks.hold(sys.argv[2]); print('held', flush=True);"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(folder), executor_id]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def send_heartbeat(bench: Bench, worker: str, *, version: str, ago: timedelta = timedelta(0)) -> None:
    """Let a worker of that workflow version have sent a heartbeat."""
    moment = bench.clock.now() - ago
    leases.renew(bench.db, worker, moment, WorkerFacts("crate", 1, moment, version))


def _keeper(bench: Bench, taken: list[str], version: str = "7") -> LeaseKeeper:
    marks = WorkerMarks(Path(bench.db.engine.url.database or "").parent / "marks")
    about = WorkerFacts("here", 2, bench.clock.now(), version)
    return LeaseKeeper(
        bench.db, bench.clock, marks, "me", LEASE.total_seconds(), taken.append, lambda: None, about
    )
