"""Mixed runs of many people while workers die, stall and tell a wrong time, the database restarts, and
connections break: none is lost, none stuck, none has an effect twice, and each ends as it does in peace.

`python -m tests.chaos.storm --runs 1000 --workers 4 --database postgres` prints a table, and so does
`python -m tests.chaos.storm --runs 1000 --workers 1 --database sqlite --kill-every 10 --lease 8`; 1 where
anything is wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.chaos import storm_table
from tests.chaos.own_postgres import OwnPostgres, own_postgres
from tests.chaos.proxy import Proxy
from tests.chaos.server import sandbox_process
from tests.chaos.storm_crew import crew
from tests.chaos.storm_faults import Storm, Weather
from tests.chaos.storm_field import Field, Plan, surely
from tests.chaos.storm_judge import Judge, left_over
from tests.chaos.storm_takeover import Takeovers
from tests.chaos.storm_worker import RATE, Workplace

from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_sandbox.server import SandboxOptions, sandbox_app


@dataclass
class Outcome:
    """What came of a storm."""

    plan: Plan
    storm: Storm
    judge: Judge
    takeovers: Takeovers
    asked: int
    stuck: int
    seconds: float
    peace: float
    requests: dict[str, int]
    left: dict[str, int]

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled, stuck or different, and each takeover came in time."""
        late = any(
            kind != "a stalled worker's" and max(took) > 30 for kind, took in self.takeovers.took.items()
        )
        return not (self.judge.wrong or self.stuck or self.left or late or self.asked < self.plan.runs)


def blow(plan: Plan) -> Outcome:
    """The whole of it."""
    with _field(plan) as (place, proxy, postgres, statistics):
        began = time.monotonic()
        place.crew.fill()
        judge = Judge(place.peace())
        peace, before = time.monotonic() - began, statistics()
        takeovers = Takeovers(place.app.ctx.db)
        storm = Storm(plan.weather, place.crew, takeovers, proxy, postgres, plan.seed)
        watcher = threading.Thread(target=takeovers.watch, daemon=True)
        watcher.start()
        began = time.monotonic()
        storm.begin()
        people = place.people("person", -(-plan.runs // plan.wishes), plan.wishes)
        stuck = place.carry_out(
            people, plan.at_once, lambda person, number: judge.see(place.app, person, number)
        )
        seconds = time.monotonic() - began
        storm.calm()
        after = statistics()
        left = _left(place)
        takeovers.stop()
        watcher.join()
        requests = {name: after[name] - before[name] for name in after}
        asked = sum(len(person.runs) for person in people)
        return Outcome(plan, storm, judge, takeovers, asked, stuck, seconds, peace, requests, left)


def _left(place: Field) -> dict[str, int]:
    """What is left over once the workers had time to end what they had begun."""
    for _ in range(int(2 * place.plan.lease + 20) * 2):
        left = surely(lambda: left_over(place.app.ctx.db))
        if not left:
            break
        threading.Event().wait(0.5)
    return left


@contextmanager
def _field(plan: Plan) -> Iterator[tuple[Field, Proxy, OwnPostgres | None, Callable[[], dict[str, int]]]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(own_postgres()) if plan.database == "postgres" else None
        url = stack.enter_context(sandbox_process(*_words(plan.world), "--flaky"))
        parts = urlsplit(url)
        proxy = stack.enter_context(Proxy(parts.hostname or "", parts.port or 0))
        address = postgres.address if postgres else f"sqlite:///{folder / 'assistant.db'}"
        workplace = Workplace(folder, proxy.url, address, plan.lease)
        app = bootstrap.open_app(workplace.settings())
        stack.callback(app.close)
        workers = crew(workplace, plan.workers)
        stack.callback(workers.end)
        world = sandbox_app(plan.world).world
        open_ones = [
            collector.name
            for collector in world.collectors
            if not collector.private_collection and not collector.private_wantlist and collector.items
        ]
        names = tuple(seller.name for seller in world.sellers)
        users = tuple(open_ones[: plan.collectors])
        yield Field(plan, app, workers, names, users), proxy, postgres, lambda: storm_table.statistics(url)


def _words(options: SandboxOptions) -> list[str]:
    pairs = {
        "--seed": options.seed,
        "--releases": options.releases,
        "--users": options.users,
        "--sellers": options.sellers,
        "--rate": RATE,
        "--anonymous-rate": RATE,
        "--window": 1,
    }
    return [str(word) for pair in pairs.items() for word in pair]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--kill-every", type=float, default=4.0, help="seconds, on average")
    parser.add_argument("--lease", type=float, default=20.0, help="seconds; the product's own by default")
    parser.add_argument("--collectors", type=int, default=3, help="whose wishes are made by all people")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    configure_logs("ERROR")
    weather = Weather(kill=asked.kill_every, stalled=1.4 * asked.lease)
    plan = Plan(
        asked.runs,
        asked.workers,
        asked.database,
        asked.lease,
        collectors=asked.collectors,
        seed=asked.seed,
        weather=weather,
    )
    outcome = blow(plan)
    storm_table.show(outcome)
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
