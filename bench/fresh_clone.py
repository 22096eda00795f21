"""From a fresh clone to the first page, installation included, and on to the first carts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx2

from bench.figures import Figure, children_of, memory_mb
from bench.main_job import flow
from bench.product import Spoken, free_port
from discogs_assistant.config import PREFIX
from discogs_sandbox.world.world import World

ROOT = Path(__file__).parents[1]


def measure() -> list[Figure]:
    """Seconds from `git clone` to the first answered page of `make run`, and from there to carts.

    The engines' loops lie in the clone, so that here they are compiled meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = os.environ | {PREFIX + "DATA_DIR": f"{folder}/data", PREFIX + "PORT": str(port)}
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), f"{folder}/clone"], check=True)
        process = subprocess.Popen(
            ["make", "run"],
            cwd=f"{folder}/clone",
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/", process)
            first = Figure("fresh clone to first page", time.monotonic() - began, "s", "under 60 s")
            return [first, *_tried_out(Spoken(f"http://127.0.0.1:{port}"), process.pid)]
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _tried_out(product: Spoken, pid: int) -> list[Figure]:
    """From the button that begins the made-up world to carts in it, and the largest process then."""
    began = time.monotonic()
    ours = {"Origin": product.url, "Sec-Fetch-Site": "same-origin"}
    page = product.http.post("/start/made-up", headers=ours, follow_redirects=True).text
    while (found := re.search(r'href="(http://127\.0\.0\.1:\d+)/"', page)) is None:
        time.sleep(0.1)
        page = product.http.get("/start/made-up").text
    started = Figure("its made-up world begun", time.monotonic() - began, "s")
    job = flow(Spoken(found[1]), World.generate().demo_user)
    largest = max(map(memory_mb, children_of(pid)))
    return [started, *job, Figure("the largest process, after its carts", largest, "MB", "under 450 MB")]


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            if httpx2.get(url, timeout=10).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise RuntimeError("make run ended before its first page")
