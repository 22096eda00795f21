"""What a month of dumps does for recommendations in the sandbox: hidden records found, requests spent."""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from bench.sandbox_dump import write_dump
from discogs_assistant.bootstrap.session import Session
from discogs_assistant.bootstrap.wiring import open_app
from discogs_assistant.config import Settings
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.catalogue.importing import import_dumps
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World

COLLECTORS = 10
TOP = 50
_ENOUGH = 10**6  # requests a window: the figures are about how many are spent, not about waiting


@dataclass
class Spent:
    """Of several collectors together."""

    recall: float = 0.0
    requests: int = 0
    seconds: float = 0.0


def measure() -> list[Figure]:
    """A lone user each: without and with the world's dump, a fifth of the collection hidden."""
    found = {words: _measured(dump=words == "with") for words in ("without", "with")}
    return [
        figure
        for words, numbers in found.items()
        for figure in (
            Figure(f"{words} a month: hidden records among {TOP}", numbers.recall / COLLECTORS, ""),
            Figure(f"{words} a month: requests a list", numbers.requests / COLLECTORS, ""),
            Figure(f"{words} a month: seconds a list", numbers.seconds / COLLECTORS, "s"),
        )
    ]


def _measured(*, dump: bool) -> Spent:
    spent = Spent()
    for place in range(1, COLLECTORS + 1):
        world = World.generate()
        account = [collector for collector in world.collectors if not collector.private_collection][place]
        hidden = _hide(world, account)
        with (
            tempfile.TemporaryDirectory() as name,
            SandboxServer(build_app(world, rate=_ENOUGH, anonymous_rate=_ENOUGH)) as server,
        ):
            folder = Path(name)
            if dump:
                import_dumps(
                    folder / "catalogue", write_dump(world, folder), SystemClock(), lambda sentence: None
                )
            _ask(folder, server, account.name, world, hidden, spent)
    return spent


def _hide(world: World, account: Account) -> set[int]:
    """Take a fifth of the works out of the collection, and all traces of them."""
    works = sorted({world.releases[item.release].work for item in account.items})
    hidden = set(random.Random(account.name).sample(works, len(works) // 5))
    account.items = tuple(item for item in account.items if world.releases[item.release].work not in hidden)
    account.wants = tuple(want for want in account.wants if world.releases[want.release].work not in hidden)
    return hidden


def _ask(
    folder: Path, server: SandboxServer, user: str, world: World, hidden: set[int], spent: Spent
) -> None:
    settings = Settings(
        data_dir=folder, discogs_api_url=server.url, discogs_site_url=server.url, rate_limit=_ENOUGH,
        anonymous_rate_limit=_ENOUGH, _env_file=None,
    )  # type: ignore[call-arg]  # fmt: skip
    app = open_app(settings)
    try:
        session = Session(app)
        session.result_of(RunKind.SYNC, user, {}, lambda run: None)
        before, began = server.app.rate.log.requests, time.perf_counter()
        result = session.result_of(RunKind.RECOMMEND, user, {"top": TOP}, lambda run: None)
        spent.seconds += time.perf_counter() - began
        spent.requests += server.app.rate.log.requests - before
    finally:
        app.close()
    assert isinstance(result, RecommendationResult)
    found = {world.releases[recommendation.release.id].work for recommendation in result.recommendations}
    spent.recall += len(found & hidden) / min(TOP, len(hidden))
