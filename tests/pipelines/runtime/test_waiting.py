"""Waiting on behalf of a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.workers import FixedClock, now_of, open_run, opened

from discogs_assistant.errors import CancelledError
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines.runtime.durable_flow import DurableFlow
from discogs_assistant.pipelines.runtime.waiting import RunClock, WorkerStoppingError
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "a.db") as database:
        yield database


@pytest.fixture
def run(db: Database) -> Run:
    opened_run = open_run(db)
    progress.start(db, opened_run.id, opened_run.created_at)
    return opened_run


def clock_of(db: Database, run: Run) -> RunClock:
    return RunClock(db, FixedClock(), run.id, threading.Event())


def test_a_long_wait_is_shown_and_goes_away_when_it_is_over(db: Database, run: Run) -> None:
    clock = clock_of(db, run)
    clock.tell("Discogs", 34.2)
    assert now_of(db, run.id).waiting_for == "Discogs, 34 s"
    clock.tell("Discogs", 0.0)
    assert now_of(db, run.id).waiting_for is None


def test_the_ordinary_spacing_of_requests_is_not_shown(db: Database, run: Run) -> None:
    clock_of(db, run).tell("Discogs", 1.1)
    assert now_of(db, run.id).waiting_for is None


def test_a_cancelled_run_waits_no_longer(db: Database, run: Run) -> None:
    progress.cancel(db, run.owner, run.id, run.created_at)
    with pytest.raises(CancelledError):
        clock_of(db, run).sleep(600)


def test_a_worker_that_stops_waits_no_longer_and_the_run_has_not_failed(db: Database, run: Run) -> None:
    clock = clock_of(db, run)
    clock.stopping.set()
    with pytest.raises(WorkerStoppingError):
        clock.sleep(600)
    assert not issubclass(WorkerStoppingError, Exception)


def flow_of(db: Database, run: Run, stopping: threading.Event | None = None) -> DurableFlow:
    def no_chunks(*_: Any) -> dict[str, Any]:
        raise AssertionError

    stops = stopping or threading.Event()
    return DurableFlow(run.id, db, FixedClock(), stops, no_chunks, lambda id: None, person=run.owner)


def test_what_is_prepared_is_shown_until_it_has_come(db: Database, run: Run) -> None:
    coming = threading.Event()
    waiter = threading.Thread(target=lambda: flow_of(db, run).wait(coming, "the press"))
    waiter.start()
    while now_of(db, run.id).waiting_for != "the press":
        assert waiter.is_alive()
    coming.set()
    waiter.join(10)
    assert now_of(db, run.id).waiting_for is None


def test_what_is_there_is_not_waited_for(db: Database, run: Run) -> None:
    before = now_of(db, run.id)
    there = threading.Event()
    there.set()
    flow_of(db, run).wait(there, "the press")
    assert now_of(db, run.id) == before


def test_a_cancelled_run_waits_for_nothing_that_is_prepared(db: Database, run: Run) -> None:
    progress.cancel(db, run.owner, run.id, run.created_at)
    with pytest.raises(CancelledError):
        flow_of(db, run).wait(threading.Event(), "the press")


def test_a_worker_that_stops_waits_for_nothing_that_is_prepared(db: Database, run: Run) -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(WorkerStoppingError):
        flow_of(db, run, stopping).wait(threading.Event(), "the press")
