"""Requests of several processes for many people at once: never over the window, and hardly below it."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.server import sandbox_process
from tests.store.servers import fresh_database, postgres

from bench.figures import Figure
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.refusals import Subject
from discogs_assistant.sources.http import open_http
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.database_clock import clock_of
from discogs_assistant.store.runs.rate_budget import SqlRateBudget

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "10000"))  # fewer for a look at a change
TRUE_SECONDS = float(os.environ.get("BENCH_SECONDS", "300"))
LIMIT, PROCESSES, THREADS = 60, 4, 8
_WORLD = ("--releases", "50", "--users", "20", "--sellers", "1")
_USED = 90.0


@dataclass(frozen=True)
class Work:
    """What a process does: `count` requests, or as many as go within `seconds`."""

    url: str
    database: str
    window: float
    process: int
    count: int
    seconds: float


def measure() -> list[Figure]:
    """10,000 requests where 60 pass in any second, on each kind of database."""
    return [figure for kind in ("Postgres", "SQLite") for figure in _of(kind, 1.0, REQUESTS, 3600.0)]


def measure_true_window() -> list[Figure]:
    """As many requests as go in five minutes where 60 pass in any 60 seconds."""
    return [figure for kind in ("Postgres", "SQLite") for figure in _of(kind, 60.0, REQUESTS, TRUE_SECONDS)]


def _of(kind: str, window: float, count: int, seconds: float) -> list[Figure]:
    options = ("--rate", LIMIT, "--anonymous-rate", LIMIT, "--window", window)
    with _database(kind) as address, sandbox_process(*map(str, options), *_WORLD) as url:
        began = time.monotonic()
        _all_at_once(
            [Work(url, address, window, each, count // PROCESSES, seconds) for each in range(PROCESSES)]
        )
        took = time.monotonic() - began
        statistics = _statistics(url)
    passed = statistics["requests"] - statistics["over_window"]
    # What the window lets through from the first request to the last, those that waited at the end too.
    span = statistics["last_at"] - statistics["first_at"]
    used = 100 * passed / (LIMIT * span / window)
    return [
        Figure(
            f"{kind}: requests from {PROCESSES} processes for {PROCESSES * THREADS} people",
            statistics["requests"],
            "",
        ),
        Figure(f"{kind}: time", took, "s"),
        Figure(
            f"{kind}: requests over the window",
            statistics["over_window"],
            "",
            "0",
            missed=statistics["over_window"] > 0,
        ),
        Figure(f"{kind}: most in any window, of {LIMIT}", statistics["most_used"], ""),
        Figure(f"{kind}: share of the allowed rate", used, "%", f"at least {_USED:g} %", missed=used < _USED),
    ]


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "Postgres":
        with postgres() as server, fresh_database(server) as address:
            yield _with_tables(address)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield _with_tables(f"sqlite:///{Path(folder) / 'assistant.db'}")


def _with_tables(address: str) -> str:
    db = open_database(address)
    migrate(db)
    db.close()
    return address


def _all_at_once(works: list[Work]) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=ask, args=(work,)) for work in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process failed")


def ask(work: Work) -> None:
    """One process: so many threads, each for a person of its own, as workers read for people."""
    db = open_database(work.database)
    clock = clock_of(db)
    http = open_http(work.url, clock)
    budget = SqlRateBudget(db, "bench", LIMIT, LIMIT, work.window, clock)
    ends, left = time.monotonic() + work.seconds, iter(range(work.count))

    def of_person(number: int) -> None:
        person = OwnerId(work.process * THREADS + number + 1)
        api = DiscogsApi(
            http, budget, clock, api_url=work.url, user_agent="bench/1", window=work.window, person=person
        )
        while time.monotonic() < ends and next(left, None) is not None:
            api.get("/", Subject("the welcome"))

    threads = [threading.Thread(target=of_person, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    http.close()
    db.close()


def _statistics(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/_sandbox/stats", timeout=30) as answer:
        return dict(json.load(answer))
