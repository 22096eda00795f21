"""The product as its own process, in an empty data folder, spoken to over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

from discogs_assistant.config import PREFIX


class Spoken:
    """A product at an address, asked for runs over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Shorter than the server keeps a connection, which it may close just as it is used again.
        kept = httpx2.Limits(keepalive_expiry=2)
        self.http = httpx2.Client(base_url=url, timeout=60, limits=kept)

    def try_out(self, user: str) -> str:
        """Take over the collector as a person does, so that the pages show their records; the sync's run."""
        ours = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        answer = self.http.post("/start/demo", data={"user": user}, headers=ours)
        return answer.headers["location"].rpartition("/")[2]

    def start(self, user: str, kind: str, options: dict[str, Any]) -> str:
        """Request a run; its id."""
        answer = self.http.post(f"/api/users/{user}/{kind}", json=options)
        answer.raise_for_status()
        return str(answer.json()["run"])

    def finish(self, run: str, limit: float = 600) -> dict[str, Any]:
        """Wait for a run to end; its result."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            state = self.http.get(f"/api/runs/{run}").json()
            if state["state"] == "done":
                return dict(self.http.get(f"/api/runs/{run}/result").json())
            if state["state"] in {"failed", "cancelled"}:
                raise RuntimeError(str(state))
            time.sleep(0.05)
        raise TimeoutError(run)


class Product(Spoken):
    """`discogs-assistant run --sandbox` on a free port; gone with its data at the end."""

    def __init__(self, *arguments: str, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        self._arguments = arguments or ("run", "--sandbox")
        self._settings = {PREFIX + name.upper(): value for name, value in settings.items()}

    def __enter__(self) -> Product:
        environment = os.environ | {PREFIX + "DATA_DIR": self._folder.name, PREFIX + "PORT": str(self.port)}
        self.folder = Path(self._folder.name)
        self.log = self.folder / "log.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "discogs_assistant", *self._arguments],
                env=environment | self._settings,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._folder.cleanup()

    def wait_until_ready(self, limit: float = 60) -> None:
        """Return when `/ready` says 200; RuntimeError with the log where it never does."""
        end = time.monotonic() + limit
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.http.get("/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(self.log.read_text(encoding="utf-8", errors="replace")[-3000:])


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
