"""A hosted instance beside a made-up Discogs, each as a process of its own, as an operator starts them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from discogs_sandbox.oauth import APP_KEY, APP_SECRET

_PATIENCE = 120.0
_LOOK = 0.2
_WORLD = ("--releases", "400", "--users", "80", "--sellers", "10", "--rate", "100000", "--window", "1")


@dataclass(frozen=True)
class HostedProduct:
    """Where its pages are."""

    base: str
    folder: Path

    def sign_in(self, page: Page, user: str, answer: str = "Allow") -> None:
        """As a person does: our page, Discogs' page, and back."""
        page.goto(self.base + "/")
        page.get_by_role("button", name="Sign in with Discogs").click()
        page.get_by_label("Who are you?").fill(user)
        page.get_by_role("button", name=answer).click()
        page.wait_for_url(f"{self.base}/**")


@contextmanager
def hosted_product(folder: Path, operator: str = "") -> Iterator[HostedProduct]:
    """Both, until the end of the block; the data is in `folder`. `operator` is a Discogs user number."""
    folder.mkdir(parents=True, exist_ok=True)
    discogs, pages = (f"http://127.0.0.1:{_free_port()}" for _ in range(2))
    settings = {
        "MODE": "hosted",
        "DATA_DIR": str(folder),
        "PUBLIC_URL": pages,
        "SECRET_KEY": "a key for tests that is as long as hosted mode asks",
        "DISCOGS_CONSUMER_KEY": APP_KEY,
        "DISCOGS_CONSUMER_SECRET": APP_SECRET,
        "DISCOGS_API_URL": discogs,
        "DISCOGS_SITE_URL": discogs,
        "RATE_LIMIT": "100000",
        "ANONYMOUS_RATE_LIMIT": "100000",
        "RATE_WINDOW": "1",
        "OPERATORS": operator,
    }
    named = {f"DISCOGS_ASSISTANT_{name}": value for name, value in settings.items()}
    with ExitStack() as running, (folder / "log").open("wb") as log:
        for words in (
            ("sandbox", "--port", discogs.rpartition(":")[2], *_WORLD),
            ("run", "--port", pages.rpartition(":")[2]),
        ):
            command = [sys.executable, "-m", "discogs_assistant", *words]
            process = subprocess.Popen(command, env=os.environ | named, stdout=log, stderr=log)
            running.callback(_end, process)
        for address in (f"{discogs}/_sandbox/stats", f"{pages}/ready"):
            _await(address)
        yield HostedProduct(pages, folder)


def _await(address: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(_LOOK)
    raise RuntimeError(f"{address} does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
