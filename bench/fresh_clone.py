"""From a fresh clone to the first page, installation included, and on to the first carts."""

from __future__ import annotations

import os
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
from discogs_assistant.sandbox.world import World

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
            product = Spoken(f"http://127.0.0.1:{port}")
            _wait(product.url, process)
            first = Figure("fresh clone to first page", time.monotonic() - began, "s", "under 60 s")
            job = flow(product, World.generate().demo_user)
            return [
                first,
                *job,
                Figure("that first server, after its carts", memory_mb(children_of(process.pid)[0]), "MB"),
            ]
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            if httpx2.get(url, timeout=10).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise RuntimeError("make run ended before its first page")
