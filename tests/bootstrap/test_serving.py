"""Server processes: they begin, tell that they are ready, and leave in order when asked to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.pipelines.workers import until

from discogs_assistant.pipelines.runtime.leases import LONG_AGO
from discogs_assistant.store.database import open_database
from discogs_assistant.store.runs import leases


@contextmanager
def server(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process with an installation in `folder`."""
    environment = {**os.environ, "DISCOGS_ASSISTANT_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "discogs_assistant", *arguments]
    process = subprocess.Popen(
        command, env=environment, cwd=folder.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def marks(folder: Path) -> list[str]:
    """The workers that this machine knows of."""
    return [path.stem for path in (folder / "workers").glob("*.worker")]


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_server_that_is_asked_to_stop_gives_its_lease_back(tmp_path: Path, name: str) -> None:
    folder, port = tmp_path / "data", _free_port()
    with server(folder, "run", "--port", str(port)) as process:
        until(lambda: is_ready(port), 60)
        assert len(marks(folder)) == 1
        process.send_signal(getattr(signal, name))
        process.wait(30)
    assert marks(folder) == []
    db = open_database(f"sqlite:///{folder / 'assistant.db'}")
    try:
        assert leases.live(db, LONG_AGO) == []
    finally:
        db.close()


def test_a_worker_alone_stops_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with server(folder, "worker") as process:
        until(lambda: marks(folder), 60)
        process.terminate()
        assert process.wait(30) == 0
    assert marks(folder) == []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
