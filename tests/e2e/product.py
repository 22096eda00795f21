"""The product on its made-up world as a process of its own, and a browser to look at it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE = 120.0
_LOOK = 0.2
_LOOKED_AT = 40


@dataclass
class Product:
    """A served product: where its pages are, and the process that can be killed and started again."""

    base: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "discogs_assistant", "run", "--sandbox", "--port", str(self.port)],
            env=os.environ | {"DISCOGS_ASSISTANT_DATA_DIR": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + _PATIENCE
        while not self._ready():
            if time.monotonic() > ends or self.process.poll() is not None:
                raise RuntimeError("the product did not start")
            time.sleep(_LOOK)

    def kill(self) -> None:
        """End it without any warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """An answer of the JSON API."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def run(self, path: str, body: dict[str, Any]) -> str:
        """Ask for a run, wait until it is done, and name it."""
        run: str = self.ask("POST", path, body)["run"]
        ends = time.monotonic() + _PATIENCE
        while (state := self.ask("GET", f"/api/runs/{run}")["state"]) in {"queued", "running"}:
            if time.monotonic() > ends:
                raise RuntimeError(f"the run is still {state}")
            time.sleep(_LOOK)
        assert state == "done", self.ask("GET", f"/api/runs/{run}")
        return run

    def _ready(self) -> bool:
        try:
            return bool(self.ask("GET", "/ready")["ready"])
        except (OSError, urllib.error.URLError):
            return False


@contextmanager
def served_product(folder: Path) -> Iterator[Product]:
    """The product on a free port, with its data in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    product = Product(f"http://127.0.0.1:{port}", folder, port)
    try:
        product.start()
        yield product
    finally:
        product.stop()


def first_of_a_master(product: Product, run: str) -> dict[str, Any]:
    """The first record of a finished list that has a master and is known whole, else any of a master."""
    listed = product.ask("GET", f"/api/runs/{run}/result")["recommendations"]
    ids = [record["release_id"] for record in listed if record["master_id"]]
    records: list[dict[str, Any]] = [product.ask("GET", f"/api/releases/{id}") for id in ids[:_LOOKED_AT]]
    return next((record for record in records if record["complete"]), records[0])


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGS)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(product: Product, page: Page) -> str:
    """Try the made-up world as a person does, up to the collector's records; the collector's name."""
    page.goto(product.base + "/")
    user: str = page.locator("#demo").input_value()
    page.get_by_role("button", name="Try it now").click()
    page.wait_for_url("**/profile?*", timeout=_PATIENCE * 1000)
    return user
