"""Real processes of the product on one database, as an operator starts them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from tests.pipelines.workers import until

from discogs_assistant import bootstrap
from discogs_assistant.config import PREFIX, Settings
from discogs_assistant.store import schema_version

HOSTED = {
    "MODE": "hosted",
    "SECRET_KEY": "k" * 43,
    "PUBLIC_URL": "https://crates.example.org",
    "DISCOGS_CONSUMER_KEY": "key",
    "DISCOGS_CONSUMER_SECRET": "secret",
}


STOPPED_WITHIN = 30
"""Seconds within which a process ends that is asked to stop."""


def come_up(address: str, folder: Path, together: Barrier, answers: Queue[Any]) -> None:
    """Open the instance with others at once; tell the version of our tables and of the library's."""
    settings = Settings(data_dir=folder, database_url=address, _env_file=None)  # type: ignore[call-arg]
    together.wait(60)
    try:
        app = bootstrap.open_app(settings)
        with app.ctx.db.read() as connection:
            ours = schema_version.version_of(connection)
            schema = "dbos." if app.ctx.db.dialect == "postgresql" else ""
            query = text(f"SELECT version FROM {schema}dbos_migrations")
            theirs = list(connection.execute(query).scalars())
        app.close()
        answers.put((ours, theirs, app.owner))
    except Exception as error:  # noqa: BLE001 - the test that asked gets it
        answers.put(repr(error))


def environment(folder: Path, **chosen: str) -> dict[str, str]:
    """The environment of a process with these settings alone."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return own | {PREFIX + name: value for name, value in {"DATA_DIR": str(folder), **chosen}.items()}


@contextmanager
def process(*arguments: str, given: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command for as long as the block; what it says goes to a file that a failure shows."""
    log = folder / f"{'-'.join(arguments)}-{uuid4().hex[:6]}.log"
    with log.open("wb") as said:
        started = subprocess.Popen(
            [sys.executable, "-m", "discogs_assistant", *arguments],
            env=dict(given),
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        yield started
    except BaseException:
        sys.stderr.write(log.read_text(encoding="utf-8")[-4000:])
        raise
    finally:
        started.kill()
        started.wait()


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ask(port: int, path: str, **headers: str) -> tuple[int, Any]:
    """The status and the JSON of an answer; 0 and None where there is none."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Accept": "application/json"} | headers
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, None


def until_ready(port: int, *, workers: int) -> None:
    """Wait until so many workers live and the instance is ready."""

    def is_so() -> bool:
        status, ready = ask(port, "/ready")
        return status == 200 and ready["workers"] == workers

    until(is_so, 90)
