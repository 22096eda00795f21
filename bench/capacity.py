"""What one person costs in requests, CPU time and bytes; and how many people that leaves room for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, memory_mb
from bench.product import Product
from discogs_assistant.store.operations.backup import save_copy
from discogs_assistant.store.runs.rate_budget import Pace
from discogs_sandbox.server import SandboxOptions, SandboxServer, sandbox_app

LISTS_A_DAY, CARTS_A_WEEK = 1, 1
"""How often a person comes, as the arithmetic has it."""
_DAY = 24


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: requests, seconds of CPU, bytes of the database."""

    requests: int
    seconds: float
    bytes: int


@dataclass
class Meter:
    """Counts what a run of the product against the made-up Discogs takes."""

    server: SandboxServer
    product: Product
    folder: Path

    def of(self, work: Callable[[], object]) -> Cost:
        """What `work` takes; the database is compared as packed copies."""
        before = self._now()
        work()
        after = self._now()
        return Cost(*(later - earlier for earlier, later in zip(before, after, strict=True)))  # type: ignore[arg-type]

    def _now(self) -> tuple[int, float, int]:
        return self.server.app.rate.log.requests, _cpu_seconds(self.product.process.pid), self._size()

    def _size(self) -> int:
        copy = self.folder / "copy.db"
        copy.unlink(missing_ok=True)
        return save_copy(self.product.folder / "assistant.db", copy)


def measure() -> list[Figure]:
    """A made-up person's first day, and what an hour of one source address is enough for."""
    with _meter() as meter:
        user = max(
            (
                collector
                for collector in meter.server.world.collectors
                if not collector.private_collection and not collector.private_wantlist
            ),
            key=lambda collector: len(collector.items),
        )
        wishes = {"budget": "100", "currency": "USD"}
        asked = meter.product
        items = len(user.items) + len(user.wants)
        first = meter.of(lambda: asked.finish(asked.start(user.name, "sync", {})))
        again = meter.of(lambda: asked.finish(asked.start(user.name, "sync", {})))
        listed = meter.of(lambda: asked.finish(asked.start(user.name, "recommendations", {})))
        second = meter.of(lambda: asked.finish(asked.start(user.name, "recommendations", {"run_anew": True})))
        carts = meter.of(lambda: asked.finish(asked.start(user.name, "carts", wishes)))
        memory = memory_mb(asked.process.pid)
    return [
        Figure("items of the collection and wantlist", items, ""),
        *_figures("a first sync", first),
        *_figures("a sync that finds nothing new", again),
        *_figures("a first list", listed),
        *_figures("a later list", second),
        *_figures("a search for carts", carts),
        Figure("memory of a process that serves and works", memory, "MB"),
        Figure("bytes of an item, its record included", first.bytes / items, "B"),
        *_room(second, carts),
    ]


def _room(listed: Cost, carts: Cost) -> list[Figure]:
    """Arithmetic: what the rate of one source address is enough for, and what a core is."""
    an_hour = 3600 / Pace.of(60, 60.0).spacing
    a_day = an_hour * _DAY
    requests = LISTS_A_DAY * listed.requests + CARTS_A_WEEK / 7 * carts.requests
    seconds = LISTS_A_DAY * listed.seconds + CARTS_A_WEEK / 7 * carts.seconds
    return [
        Figure("requests an hour of one source address", an_hour, ""),
        Figure("searches for carts an hour of one source address", an_hour / max(1, carts.requests), ""),
        Figure("requests a day of a person with a list a day and carts once a week", requests, ""),
        Figure("such people whom one source address is enough for", a_day / max(1.0, requests), ""),
        Figure("such people whom one core of workers is enough for", _DAY * 3600 / seconds, ""),
    ]


def _figures(what: str, cost: Cost) -> list[Figure]:
    return [
        Figure(f"requests of {what}", cost.requests, ""),
        Figure(f"CPU seconds of {what}", cost.seconds, "s"),
        Figure(f"bytes that {what} adds", max(0, cost.bytes), "B"),
    ]


@contextmanager
def _meter() -> Iterator[Meter]:
    options = SandboxOptions(rate=10**6, anonymous_rate=10**6)
    with (
        tempfile.TemporaryDirectory() as folder,
        SandboxServer(sandbox_app(options)) as server,
        Product(
            "run",
            discogs_api_url=server.url,
            discogs_site_url=server.url,
            rate_limit=str(10**6),
            anonymous_rate_limit=str(10**6),
            rate_window="1",
        ) as product,
    ):
        yield Meter(server, product, Path(folder))


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process with all threads (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
