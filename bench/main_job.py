"""The main job in the sandbox: from sign-in to carts, pages under load, memory at rest."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Figure, children_mb, memory_mb, percentile
from bench.product import Product, Spoken
from discogs_sandbox.world.world import World

PAGES = ("/", "/profile", "/recommendations", "/market", "/shop", "/settings", "/about")
RATE = 50
SECONDS = 20


def measure() -> list[Figure]:
    """Figures of one product with the sandbox's defaults."""
    with Product() as product:
        pid, user = product.process.pid, World.generate().demo_user
        idle, sandbox = memory_mb(pid), children_mb(pid)
        job = flow(product, user)
        return [
            Figure("server at rest, before its first carts", idle, "MB", "under 450 MB"),
            Figure("server at rest, after its first carts", memory_mb(pid), "MB", "under 450 MB"),
            Figure("the sandbox beside it", sandbox, "MB"),
            *job,
            *_pages(product, user),
        ]


def flow(product: Spoken, user: str) -> list[Figure]:
    """Seconds from signing in to carts."""
    began = time.monotonic()
    product.finish(product.try_out(user))
    synced = time.monotonic()
    product.finish(product.start(user, "recommendations", {}))
    recommended = time.monotonic()
    carts = product.finish(product.start(user, "carts", {"budget": "100", "currency": "EUR"}))
    ended = time.monotonic()
    return [
        Figure("sandbox: sync", synced - began, "s"),
        Figure("sandbox: recommendations", recommended - synced, "s"),
        Figure(f"sandbox: carts ({len(carts['carts'])})", ended - recommended, "s"),
        Figure("sandbox: sign-in to carts", ended - began, "s", "under 30 s"),
    ]


def _pages(product: Product, user: str) -> list[Figure]:
    product.start(user, "carts", {"budget": "120", "currency": "USD", "run_anew": True})
    times: list[float] = []
    lock = threading.Lock()
    began = time.monotonic()

    def one(number: int) -> None:
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        asked = time.monotonic()
        answer = product.http.get(PAGES[number % len(PAGES)])
        with lock:
            times.append(time.monotonic() - asked if answer.status_code == 200 else float("inf"))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(RATE * SECONDS)))
    return [
        Figure(f"pages at {RATE} a second while a run works: median", 1000 * percentile(times, 0.5), "ms"),
        Figure(
            f"pages at {RATE} a second while a run works: p95",
            1000 * percentile(times, 0.95),
            "ms",
            "under 50 ms",
        ),
    ]
