"""Many processes on one database: who is first makes the tables, and a lost database ends nobody."""

from __future__ import annotations

import json
import signal
import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.bootstrap.processes import (
    HOSTED,
    STOPPED_WITHIN,
    ask,
    come_up,
    environment,
    free_port,
    process,
    until_ready,
)
from tests.chaos.own_postgres import own_postgres
from tests.durations import only_when_long
from tests.forked import FORKED
from tests.pipelines.workers import now_of, open_run, opened, until
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant import bootstrap
from discogs_assistant.config import Settings
from discogs_assistant.model.run import RunKind, RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.runner import WORKFLOW_VERSION
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store import schema_version
from discogs_assistant.store.runs import leases
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

pytestmark = only_when_long


MANY = 6
_LIST = RunKind.RECOMMEND


def come_up_at_once(address: str, folder: Path) -> list[object]:
    """What each of six processes reports that open the same empty database at the same moment."""
    together, reports = FORKED.Barrier(MANY), FORKED.Queue()
    started = [FORKED.Process(target=come_up, args=(address, folder, together, reports)) for _ in range(MANY)]
    for opener in started:
        opener.start()
    answers = [reports.get(timeout=100) for _ in started]
    for opener in started:
        opener.join(30)
    return answers


def test_six_processes_at_once_make_the_tables_of_an_empty_file_once(tmp_path: Path) -> None:
    check_made_once(come_up_at_once(f"sqlite:///{tmp_path / 'assistant.db'}", tmp_path))


@pytest.mark.postgres
def test_six_processes_at_once_make_the_tables_of_an_empty_postgres_once(tmp_path: Path) -> None:
    try:
        with postgres() as server, fresh_database(server) as address:
            assert address.startswith("postgresql+psycopg://")
            check_made_once(come_up_at_once(address, tmp_path))
    except NoPostgresError as error:
        pytest.skip(str(error))


def check_made_once(answers: list[object]) -> None:
    assert len(answers) == MANY, answers
    assert all(isinstance(answer, tuple) for answer in answers), answers
    assert len(set(map(repr, answers))) == 1, answers
    first = answers[0]
    assert isinstance(first, tuple)
    ours, theirs, _ = first
    assert ours == schema_version.known_versions()[-1]
    assert len(theirs) == 1


@pytest.mark.postgres
@pytest.mark.timeout(240)
def test_processes_outlive_a_restart_of_their_database_and_stop_in_order(tmp_path: Path) -> None:
    try:
        with own_postgres() as server:
            outlive(server, tmp_path)
    except NoPostgresError as error:
        pytest.skip(str(error))


def outlive(server: object, folder: Path) -> None:
    port = free_port()
    given = environment(folder, DATABASE_URL=server.address, LEASE_SECONDS="3", **HOSTED)  # type: ignore[attr-defined]
    with (
        process("web", "--port", str(port), given=given, folder=folder) as web,
        process("worker", given=given, folder=folder) as worker,
    ):
        until_ready(port, workers=1)
        server.stop("fast")  # type: ignore[attr-defined]
        try:
            until(lambda: ask(port, "/ready")[0] == 503, 30)
            assert "database" in ask(port, "/ready")[1]["reason"]
            assert ask(port, "/health")[0] == 200
            status, document = ask(port, "/api/search?words=blue", Authorization="Bearer dsa_of-nobody")
            assert status == 503
            assert "database" in document["error"]
            assert document["next_step"]
        finally:
            server.start()  # type: ignore[attr-defined]
        until_ready(port, workers=1)
        assert (web.poll(), worker.poll()) == (None, None)
        for started in (web, worker):
            started.send_signal(signal.SIGTERM)
        assert (web.wait(STOPPED_WITHIN), worker.wait(STOPPED_WITHIN)) == (0, 0)


def test_a_web_process_that_stops_ends_its_streams_in_order(tmp_path: Path) -> None:
    """A watcher sees the end of the answer, and can ask another process."""
    with opened(tmp_path / "assistant.db") as db:
        run = open_run(db, now=datetime.now(UTC))
    port, seen = free_port(), list[str]()
    began, ended = threading.Event(), threading.Event()

    def watch() -> None:
        address = f"http://127.0.0.1:{port}/api/runs/{run.id}/events"
        with urllib.request.urlopen(address, timeout=60) as answer:
            for line in answer:
                seen.append(line.decode().strip())
                began.set()
        ended.set()

    with process("web", "--port", str(port), given=environment(tmp_path), folder=tmp_path) as web:
        until(lambda: ask(port, "/health")[0] == 200, 60)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        assert began.wait(30)
        web.send_signal(signal.SIGTERM)
        assert web.wait(STOPPED_WITHIN) == 0
        assert ended.wait(10), "the stream was cut off"
    assert json.loads(seen[0].removeprefix("data: "))["state"] == "queued"


@only_when_long
@pytest.mark.timeout(200)
def test_a_worker_process_that_stops_hands_its_run_to_another_long_before_its_lease_is_over(
    tmp_path: Path,
) -> None:
    world = World.generate(3, releases=300, users=12, sellers=6, listings=400)
    slow = {"RATE_LIMIT": "12", "ANONYMOUS_RATE_LIMIT": "12", "RATE_WINDOW": "6", "LEASE_SECONDS": "600"}
    with SandboxServer(build_app(world, rate=12, anonymous_rate=12, window=6.0)) as discogs:
        urls = {"DISCOGS_API_URL": discogs.url, "DISCOGS_SITE_URL": discogs.url}
        given = environment(tmp_path, DISCOGRAPHY_REQUESTS="20", **urls, **slow)
        address = f"sqlite:///{tmp_path / 'assistant.db'}"
        settings = Settings(data_dir=tmp_path, database_url=address, _env_file=None)  # type: ignore[call-arg]
        app = bootstrap.open_app(settings)
        db, library = app.ctx.db, Library(app.ctx.db)
        try:
            with (
                process("worker", given=given, folder=tmp_path) as worker,
                process("worker", given=given, folder=tmp_path) as other,
            ):
                until(lambda: len(leases.workers(db)) == 2, 60)
                run = runs.request(app.ctx, app.runner, app.owner, _LIST, world.demo_user, {}).run
                until(lambda: now_of(db, run.id).stage >= 4, 60)
                executor = library.workflow_states([run.id])[run.id].executor_id or ""
                works, waits = (worker, other) if f"-{worker.pid}-" in executor else (other, worker)
                works.send_signal(signal.SIGTERM)
                assert works.wait(STOPPED_WITHIN) == 0
                (left,) = leases.workers(db)
                assert (left.pid, left.workflow_version) == (waits.pid, WORKFLOW_VERSION)
                until(lambda: now_of(db, run.id).state.ended, 60)
            assert now_of(db, run.id).state is RunState.DONE
            assert library.workflow_states([run.id])[run.id].executor_id == left.executor_id
        finally:
            library.close()
            app.close()
