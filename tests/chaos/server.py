"""The real server, pages and worker in one process, killed while a step works; the sandbox is another one.

Nothing in the server knows of it: from the workflow library's own record of an undisturbed run the order of
the steps is known, and from that of the run at work which of them is the first that is not recorded.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.killing import Arena, Done, Spot, Trail
from tests.chaos.worker import chosen, settings_of

from discogs_assistant import bootstrap
from discogs_assistant.config import PREFIX
from discogs_assistant.model.run import Run, RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.workflow_library import CHUNK_WORKFLOW

MOMENT = "at work"
END = "end the run"
"""What is done after the last step: the run's own row is ended."""

MOMENTS = (MOMENT,)

_PATIENCE = 120.0
_LOOK = 0.0005
_WITHIN = 0.6
_LONGEST = 0.5
_A_CHUNK = 0.05
_ADDRESS = re.compile(r"http://\S+:\d+")


@dataclass
class Watcher:
    """Reads the database beside the server: what a run has done, and what it does now."""

    file: Path
    run_id: str
    known: Sequence[Done] = ()
    _line: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._line = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        self._line.close()

    def ended(self) -> bool:
        """Whether the run's row says so."""
        query = "SELECT state FROM run WHERE id = ?"
        return RunState(self._line.execute(query, (self.run_id,)).fetchone()[0]).ended

    def at_work(self) -> dict[str, float]:
        """The steps at work and the seconds that each takes; a chunk works beside the one that awaits it."""
        if not self.known or self.ended():
            return {}
        query = "SELECT count(*) FROM operation_outputs WHERE workflow_uuid = ?"
        done = int(self._line.execute(query, (self.run_id,)).fetchone()[0])
        now = self.known[done] if done < len(self.known) else Done(END, 0.0)
        working = {now.step: now.seconds} if now.step else {}
        chunks = "SELECT workflow_uuid FROM workflow_status WHERE status = 'PENDING' AND workflow_uuid LIKE ?"
        return {
            self._chunk(id): _A_CHUNK for (id,) in self._line.execute(chunks, (f"{self.run_id}-%",))
        } | working

    def record(self) -> tuple[Done, ...]:
        """All that the library has recorded of the run, in its order."""
        query = (
            "SELECT function_name, completed_at_epoch_ms - started_at_epoch_ms FROM operation_outputs "
            "WHERE workflow_uuid = ? ORDER BY function_id"
        )
        rows = self._line.execute(query, (self.run_id,))
        return tuple(Done("" if name == CHUNK_WORKFLOW else name, (ms or 0) / 1000) for name, ms in rows)

    def chunks(self) -> set[str]:
        """The kinds of chunks that the run was cut into."""
        query = "SELECT workflow_uuid FROM workflow_status WHERE workflow_uuid LIKE ?"
        return {self._chunk(id) for (id,) in self._line.execute(query, (f"{self.run_id}-%",))}

    def unfinished(self) -> int:
        """How many workflows of anybody have not ended."""
        query = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED')"
        return int(self._line.execute(query).fetchone()[0])

    def _chunk(self, workflow: str) -> str:
        return f"chunk: {workflow.removeprefix(self.run_id)[1:].rsplit('-', 2)[0]}"


@dataclass
class ServerArena(Arena):
    """Its one process is what `discogs-assistant run` starts."""

    port: int = 0
    server: subprocess.Popen[bytes] | None = None

    def carry_out(self, run: Run, to_hit: set[Spot], dice: random.Random, known: Sequence[Done]) -> Trail:
        """The server until the run has ended, killed and started again at each spot."""
        watcher = Watcher(self.folder / "assistant.db", run.id, known)
        wanted, hit = {spot.step for spot in to_hit}, list[Spot]()
        ends = time.monotonic() + _PATIENCE
        try:
            while not watcher.ended():
                assert time.monotonic() < ends, f"the run does not end; hit so far: {hit}"
                self._live()
                step = self._kill_at(watcher, wanted, dice)
                if step is not None:
                    wanted.discard(step)
                    hit.append(Spot(step, MOMENT))
            record, chunks = watcher.record(), watcher.chunks()
        finally:
            watcher.close()
        self._look_through_the_server(run)
        steps = [done.step for done in record if done.step] + sorted(chunks) + [END]
        return Trail(tuple(dict.fromkeys(steps)), tuple(hit), record)

    def stop(self) -> None:
        """End the server as Ctrl+C does; it must leave nothing behind."""
        if self.server is None:
            return
        self.server.terminate()
        self.server.wait(30)
        self.server = None
        watcher = Watcher(self.folder / "assistant.db", "")
        try:
            assert watcher.unfinished() == 0, "the library still has work"
        finally:
            watcher.close()

    def kill(self) -> None:
        """End the server without any warning."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None

    def _kill_at(self, watcher: Watcher, wanted: set[str], dice: random.Random) -> str | None:
        """Kill while a wanted step works; the step that was hit, which may be the one behind it."""
        working = watcher.at_work()
        meant = sorted(wanted & working.keys())
        if not meant:
            threading.Event().wait(_LOOK)
            return None
        threading.Event().wait(dice.uniform(0.0, _WITHIN) * min(working[meant[0]], _LONGEST))
        self.kill()
        cut_off = watcher.at_work()
        return meant[0] if meant[0] in cut_off else next(iter(cut_off), None)

    def _live(self) -> None:
        if self.server is not None:
            assert self.server.poll() is None, "the server ended by itself"
            return
        own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        given = {PREFIX + name.upper(): str(value) for name, value in chosen(self.folder, self.url).items()}
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "discogs_assistant", "run", "--port", str(self.port)],
                env=own | given,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def _look_through_the_server(self, run: Run) -> None:
        """The run and its result as the JSON API tells them, over the wire."""
        self._live()
        shown = self._get(f"/api/runs/{run.id}")
        assert shown["state"] == self.now(run).state.value
        if shown["state"] == RunState.DONE.value:
            kept = runs.result(self.app.ctx, self.app.owner, run.id)
            assert self._get(f"/api/runs/{run.id}/result") == kept

    def _get(self, path: str) -> Any:
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                    return json.load(answer)
            except OSError:
                assert time.monotonic() < ends, "the server does not answer"
                threading.Event().wait(0.1)


@contextmanager
def server_arena(folder: Path, url: str) -> Iterator[ServerArena]:
    """A new installation in an empty folder."""
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    app = bootstrap.open_app(settings_of(folder, url))
    place = ServerArena(folder, url, app, port)
    try:
        yield place
        place.stop()
    finally:
        place.kill()
        app.close()


@contextmanager
def sandbox_process(*options: str) -> Iterator[str]:
    """The stand-in Discogs as a process of its own; its address."""
    command = [sys.executable, "-m", "discogs_assistant", "sandbox", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        found = _ADDRESS.search(process.stdout.readline())
        assert found is not None, "the sandbox does not say where it is"
        yield found.group()
    finally:
        process.kill()
        process.wait()
