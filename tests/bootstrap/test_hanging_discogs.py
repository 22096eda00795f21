"""A Discogs that takes connections and says nothing holds up no page of ours but those that ask it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from tests.bootstrap.processes import HOSTED

from discogs_assistant import bootstrap
from discogs_assistant.config import Settings
from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.sources.discogs import interactive_budget
from discogs_assistant.web.app import create_app

HOME = {"Host": "localhost", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
PEOPLE = 40
PATIENCE = timedelta(seconds=2)
SOON = 10.0
"""Seconds in which a busy machine does it too; a connection is given up by itself after thirty."""


@contextmanager
def hanging() -> Iterator[str]:
    """The address of a server that takes connections, reads nothing and answers nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * PEOPLE) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bootstrap.App]:
    monkeypatch.setattr(interactive_budget, "LONGEST", PATIENCE)
    chosen: dict[str, Any] = {name.lower(): value for name, value in HOSTED.items()}
    chosen |= {"public_url": HOME["Origin"], "sign_ins": 1000, "sign_ins_per_address": 1000}
    chosen |= {"rate_limit": 10**6, "anonymous_rate_limit": 10**6, "data_dir": tmp_path}
    with hanging() as url:
        chosen |= {"discogs_api_url": url, "discogs_site_url": url}
        opened = bootstrap.open_app(Settings(_env_file=None, **chosen))  # type: ignore[call-arg]
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(app: bootstrap.App) -> Iterator[str]:
    """The pages' address, served by one process as in hosted mode."""
    pages = create_app(app.ctx, app.runner)
    server = uvicorn.Server(uvicorn.Config(pages, log_level="critical", lifespan="off", ws="none"))
    with socket.create_server(("127.0.0.1", 0), backlog=2 * PEOPLE) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def test_one_try_takes_no_longer_than_somebody_waits(app: bootstrap.App) -> None:
    began = time.monotonic()
    with pytest.raises(UnreachableError, match="did not answer in time"):
        app.ctx.sources.discogs(app.owner, None).release(ReleaseId(1))
    assert PATIENCE.total_seconds() / 2 < time.monotonic() - began < SOON


def test_those_who_wait_for_it_leave_the_pages_to_others(app: bootstrap.App) -> None:
    def begin(number: int) -> int:
        return httpx2.post(f"{home}/sign-in", headers=HOME, timeout=60).status_code

    with served(app) as home, ThreadPoolExecutor(PEOPLE) as people:
        asked = [people.submit(begin, number) for number in range(PEOPLE)]
        while wait(asked, timeout=0.1).not_done:
            began = time.monotonic()
            assert httpx2.get(f"{home}/sign-in", headers=HOME, timeout=60).status_code == 200
            assert time.monotonic() - began < SOON
        assert [answer.result() for answer in asked] == [503] * PEOPLE
