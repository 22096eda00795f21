"""A disk that is full, and a folder that may only be read: said in a sentence, and nothing is lost."""

from __future__ import annotations

import os
import pwd
import resource
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from tests.chaos.storm_crew import Crew, Worker
from tests.chaos.storm_worker import Workplace
from tests.forked import FORKED
from tests.pipelines.workers import now_of, until, until_ended

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.errors import AssistantError
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results.counts import SyncResult
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

FULL = 4096
"""Bytes beyond which no file may grow: nothing that SQLite writes fits."""
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    world = World.generate(3, releases=120, users=8, sellers=2, listings=20)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


@pytest.fixture
def place(discogs: SandboxServer, tmp_path: Path) -> Workplace:
    return Workplace(tmp_path, discogs.url, f"sqlite:///{tmp_path / 'assistant.db'}", lease=1.5)


def ask(app: App, user: str) -> Run:
    return runs.request(app.ctx, app.runner, app.owner, RunKind.SYNC, user, {"full": True}).run


@pytest.mark.timeout(180)
def test_a_run_that_meets_a_full_disk_is_not_lost_and_work_goes_on_once_there_is_room(
    discogs: SandboxServer, place: Workplace
) -> None:
    app = bootstrap.open_app(place.settings())
    crew = Crew([Worker(0, place, mobile=False)])
    crew.fill()
    user = discogs.world.demo_user
    try:
        before = ask(app, user)
        assert until_ended(app.ctx.db, before.id).state is RunState.DONE
        resource.prlimit(crew.workers[0].pid, resource.RLIMIT_FSIZE, (FULL, resource.RLIM_INFINITY))
        run = ask(app, user)
        log = place.folder / "worker-one.log"
        until(lambda: "disk" in log.read_text(encoding="utf-8"), 60)
        assert now_of(app.ctx.db, run.id).state is not RunState.DONE
        resource.prlimit(crew.workers[0].pid, resource.RLIMIT_FSIZE, UNLIMITED)
        until(lambda: now_of(app.ctx.db, run.id).state.ended, 60)
        ended = now_of(app.ctx.db, run.id)
        assert ended.state is RunState.DONE or "disk" in (ended.error or "")
        again = ask(app, user)
        until(lambda: now_of(app.ctx.db, again.id).state.ended, 60)
        kept, now = (runs.result(app.ctx, app.owner, run.id) for run in (before, again))
        assert isinstance(kept, SyncResult)
        assert isinstance(now, SyncResult)
        assert (kept.collection, kept.wantlist) == (now.collection, now.wantlist)
    finally:
        crew.end()
        app.close()


def test_a_folder_that_may_only_be_read_is_said_in_a_sentence(discogs: SandboxServer) -> None:
    # Not pytest's own folder, which nobody else may even look into.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = Workplace(folder, discogs.url, f"sqlite:///{folder / 'assistant.db'}", lease=1.5)
        bootstrap.open_app(place.settings()).close()
        for path in (*folder.iterdir(), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        ours, theirs = FORKED.Pipe()
        process = FORKED.Process(target=open_as_nobody, args=(place, theirs), daemon=True)
        process.start()
        assert ours.poll(60)
        said = ours.recv()
        process.join()
        folder.chmod(0o755)
    assert said == "The database file is read-only. Check that you can write to it and to its folder."


def open_as_nobody(place: Workplace, results: Connection) -> None:
    """Open the instance as somebody whom rights bind, also where tests run as root; tell what was said."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    try:
        bootstrap.open_app(place.settings())
        results.send("opened")
    except AssistantError as error:
        results.send(str(error))
    except BaseException as error:
        results.send(repr(error))
        raise
