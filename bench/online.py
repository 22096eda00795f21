"""Two hundred people online at once on a hosted instance: how long pages take, and whether memory grows.

`python -m bench.online --minutes 30`: Postgres, two web processes and a worker; each person signed in, with a
stream of a run of theirs open, and a page every ten seconds on average. `python -m bench online` is the same.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.chaos.server import sandbox_process
from tests.store.servers import fresh_database, postgres

from bench.figures import Figure, machine, memory_mb, percentile, print_figures
from bench.product import Spoken, free_port
from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.config import PREFIX, Settings
from discogs_assistant.model.ids import OwnerId, RunId, UserName
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.results import finished
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.runs import progress
from discogs_sandbox.oauth import APP_KEY, APP_SECRET
from discogs_sandbox.server import SandboxOptions, sandbox_app

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "200"))
PACE = 10.0
"""Seconds from one page of a person to the next, on average."""
WEBS = 2
"""One a core, as docs/hosting.md says."""
RATE = 60
_WORLD = SandboxOptions(releases=1500, users=300, sellers=40, seed=2)
_LISTS = 20
"""People whose lists are made; the others are handed one of these, else the preparation took an hour."""
_LOOK = 2.0
_P95, _GROWTH = 150.0, 0.2
_MARKS = range(10, 100, 10)
HOSTED = {
    "mode": "hosted",
    "secret_key": "k" * 43,
    "public_url": "https://crates.example.org",
    "discogs_consumer_key": APP_KEY,
    "discogs_consumer_secret": APP_SECRET,
    "log_level": "WARNING",
}


@dataclass(frozen=True)
class Slope:
    """Megabytes a minute by least squares, and the standard error of that."""

    of: float
    spread: float

    @classmethod
    def by(cls, points: list[tuple[float, float]]) -> Slope:
        """Of (minute, megabytes); needs three."""
        minutes, sizes = zip(*points, strict=True)
        line = statistics.linear_regression(minutes, sizes)
        off = [size - line.intercept - line.slope * minute for minute, size in points]
        wide = sum((minute - statistics.fmean(minutes)) ** 2 for minute in minutes)
        return cls(line.slope, (sum(distance**2 for distance in off) / (len(points) - 2) / wide) ** 0.5)


@dataclass(frozen=True)
class Person:
    """Somebody signed in: the cookie, and the run that they watch."""

    owner: OwnerId
    user: str
    secret: str
    run: RunId

    def browser(self) -> dict[str, Any]:
        """What the client knows of them."""
        pages = [
            "/",
            "/recommendations",
            "/profile",
            "/taste",
            "/search?q=the",
            "/settings",
            f"/runs/{self.run}",
        ]
        headers = {
            "Cookie": f"__Host-session={self.secret}",
            "Accept": "text/html",
            "Sec-Fetch-Site": "same-origin",
        }
        return {"headers": headers, "pages": pages, "run": self.run}


def measure(minutes: float = 30.0, webs: int = WEBS) -> list[Figure]:
    """The figures of `PEOPLE` people for so many minutes, on so many web processes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(fresh_database(stack.enter_context(postgres())))
        sizes = {
            "releases": _WORLD.releases,
            "users": _WORLD.users,
            "sellers": _WORLD.sellers,
            "seed": _WORLD.seed,
        }
        words = [word for name, value in sizes.items() for word in (f"--{name}", str(value))]
        wide = ("--rate", "100000", "--anonymous-rate", "100000", "--window", "1")
        url = stack.enter_context(sandbox_process(*words, *wide))
        given = HOSTED | {
            "data_dir": folder,
            "database_url": address,
            "discogs_api_url": url,
            "discogs_site_url": url,
        }
        people = _furnish(given, url)
        strict = given | {"rate_limit": RATE, "anonymous_rate_limit": RATE, "workers": 8}
        stack.enter_context(process_of("worker", strict, folder))
        ports = [free_port() for _ in range(webs)]
        pages = [stack.enter_context(process_of("web", strict | {"port": port}, folder)) for port in ports]
        for port in ports:
            until_ready(port)
        return _watched(people, [page.pid for page in pages], ports, minutes)


def _furnish(given: dict[str, Any], url: str) -> list[Person]:
    """Accounts of collectors with their records and recommendations, each with a run that is under way."""
    quick = given | {"rate_limit": 10**5, "anonymous_rate_limit": 10**5, "rate_window": 1.0}
    settings = Settings(_env_file=None, **quick)  # type: ignore[call-arg]
    configure_logs("ERROR")
    app = bootstrap.open_app(settings)
    app.runner.launch()
    listed = json.loads(Spoken(url).http.get("/_sandbox/users").text)
    users = [
        user["user"] for user in listed if not user["private_collection"] and not user["private_wantlist"]
    ]
    assert len(users) >= PEOPLE, "the made-up world has too few collectors"
    owners = [(accounts.add_account(app.ctx.db, user, app.ctx.clock.now()), user) for user in users[:PEOPLE]]
    _carry_out(app, owners, RunKind.SYNC, {})
    lists = _carry_out(app, owners[:_LISTS], RunKind.RECOMMEND, {"top": 50})
    for number, (owner, user) in enumerate(owners[_LISTS:]):
        _hand_out(app, owner, user, *lists[number % len(lists)])
    app.runner.stop()
    names = [seller.name for seller in sandbox_app(_WORLD).world.sellers]
    people = [
        Person(owner, user, sessions.open_session(app.ctx, owner), _begin(app, owner, user, names))
        for owner, user in owners
    ]
    app.close()
    return people


def _carry_out(
    app: App, owners: list[tuple[OwnerId, str]], kind: RunKind, options: dict[str, Any]
) -> list[tuple[OwnerId, RunId]]:
    asked = [
        runs.request(app.ctx, app.runner, owner, kind, UserName(user), options).run for owner, user in owners
    ]
    for run in asked:
        runs.wait(app.ctx, run.owner, run.id, lambda _: None)
    sys.stderr.write(f"{len(asked)} of {kind.value}\n")
    return [(run.owner, run.id) for run in asked]


def _hand_out(app: App, owner: OwnerId, user: str, other: OwnerId, theirs: RunId) -> None:
    """A list that costs as much to show as one of their own, and nothing to make."""
    criteria, result = runs.find(app.ctx.db, other, theirs).criteria, runs.result(app.ctx, other, theirs)
    assert isinstance(result, RecommendationResult)
    run = runs.open_at_once(app.ctx, owner, RunKind.RECOMMEND, UserName(user), dict(criteria))
    id = finished.keep(app.ctx.db, run, replace(result, user=UserName(user)), app.ctx.clock.now())
    progress.finish(app.ctx.db, run.id, app.ctx.clock.now(), id)


def _begin(app: App, owner: OwnerId, user: str, names: list[str]) -> RunId:
    """A run that at Discogs' true rate is under way for hours, since all others' are too."""
    return runs.request(app.ctx, app.runner, owner, RunKind.MARKET, UserName(user), {"sellers": names}).run.id


@contextmanager
def process_of(what: str, given: dict[str, Any], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`discogs-assistant web` or `worker` with these settings, its log in the folder."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    words = {PREFIX + name.upper(): str(value) for name, value in given.items()}
    own["MALLOC_ARENA_MAX"] = "2"  # as in deploy/
    log_file = folder / f"{what}-{given.get('port', '')}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "discogs_assistant", what], env=own | words, stdout=log, stderr=log
        )
    try:
        yield process
        if process.poll() is not None:
            raise RuntimeError(log_file.read_text()[-2000:])
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def until_ready(port: int) -> None:
    """Return when the web process at the port answers."""
    product = Spoken(f"http://127.0.0.1:{port}")
    for _ in range(600):
        try:
            if product.http.get("/health").status_code == 200:
                return
        except OSError:
            pass
        except Exception as error:  # noqa: BLE001 - refused until it listens
            del error
        time.sleep(0.1)
    raise TimeoutError("the web process does not answer")


def _watched(people: list[Person], webs: list[int], ports: list[int], minutes: float) -> list[Figure]:
    task = {
        "urls": [f"http://127.0.0.1:{port}" for port in ports],
        "seconds": 60 * minutes,
        "pace": PACE,
        "people": [person.browser() for person in people],
    }
    client = subprocess.Popen(
        [sys.executable, "-m", "bench.online_client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    points: list[tuple[float, float]] = []
    began, over = time.monotonic(), threading.Event()

    def weigh() -> None:
        while not over.wait(_LOOK):
            points.append(((time.monotonic() - began) / 60, sum(map(memory_mb, webs))))

    weigher = threading.Thread(target=weigh, daemon=True)
    weigher.start()
    used = sum(map(_cpu, webs))
    said, _ = client.communicate(json.dumps(task))
    used = sum(map(_cpu, webs)) - used
    over.set()
    weigher.join()
    return _figures(json.loads(said), points, minutes, used, len(webs))


def _figures(
    seen: dict[str, Any], points: list[tuple[float, float]], minutes: float, used: float, webs: int
) -> list[Figure]:
    took = [milliseconds for _, milliseconds in seen["pages"]]
    # The first half fills what a process keeps: connections, compiled templates, parts of pages.
    slope = Slope.by(points[len(points) // 2 :])
    p95, wrong, growth = percentile(took, 0.95), seen["wrong"], slope.of - 2 * slope.spread
    for problem in wrong[:5]:
        sys.stderr.write(f"{problem}\n")
    return [
        Figure("people online, each with a stream open", PEOPLE, ""),
        Figure("web processes, each page and stream of either by chance", webs, ""),
        Figure("fewest streams open at once", seen["fewest_open"] or 0, ""),
        Figure("minutes", minutes, ""),
        Figure(f"pages, one of a person every {PACE:g} s", len(took), ""),
        Figure("events of streams", seen["events"], ""),
        Figure("answers that were none", len(wrong), "", "0", missed=bool(wrong)),
        Figure("a page: median", percentile(took, 0.5), "ms"),
        Figure("a page: 95 %", p95, "ms", "under 150 ms", missed=p95 >= _P95),
        Figure("a page: 99 %", percentile(took, 0.99), "ms"),
        *_by_page(seen["pages"]),
        Figure("use of one core by the web processes", 100 * used / (60 * minutes), "%"),
        Figure("their memory at the start", points[0][1], "MB"),
        *(
            Figure(f"after {mark} % of the time", points[len(points) * mark // 100][1], "MB")
            for mark in _MARKS
        ),
        Figure("their memory at the end", points[-1][1], "MB"),
        Figure(
            "growth of memory in the second half",
            slope.of,
            f"± {2 * slope.spread:.2f} MB a minute",
            "flat: below 0.2 but for the spread",
            missed=growth > _GROWTH,
        ),
    ]


def _by_page(took: list[tuple[str, float]]) -> Iterator[Figure]:
    """95 % of each page; runs are one."""
    by_page: dict[str, list[float]] = {}
    for address, milliseconds in took:
        by_page.setdefault("/runs" if address.startswith("/runs/") else address, []).append(milliseconds)
    for address, some in sorted(by_page.items()):
        yield Figure(f"{address}: 95 %", percentile(some, 0.95), "ms")


def _cpu(pid: int) -> float:
    """Processor seconds of a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print the table; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--webs", type=int, default=WEBS)
    asked = parser.parse_args()
    print(machine())
    figures = measure(asked.minutes, asked.webs)
    print_figures(f"{PEOPLE} people online", figures)
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
