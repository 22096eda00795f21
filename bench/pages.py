"""CPU time of each page, handler, template and compression included, over a furnished made-up world."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import Message

from bench.figures import Figure, percentile
from bench.main_job import PAGES
from discogs_assistant.bootstrap.demo_world import DEFAULT_WORLD, MadeUpWorld, made_up_world
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.bootstrap.wiring import App, open_app
from discogs_assistant.config import Settings
from discogs_assistant.model.ids import RunId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.accounts.accounts import local_owner
from discogs_assistant.pipelines.carts.result import CartsResult
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.web.app import create_app

LOOKS = 60


def measure() -> list[Figure]:
    """The first look at each page and the median of the next, in ms of this process's CPU."""
    with furnished() as (pages, carts):
        context: Context = pages.state.site.ctx
        return asyncio.run(_measure(pages, (*PAGES, f"/carts/{carts}", *_catalogue(context, RunId(carts)))))


@contextmanager
def furnished() -> Iterator[tuple[FastAPI, str]]:
    """The pages of an instance whose collector has records, recommendations and carts; the carts' run."""
    configure_logs("WARNING")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        with made_up_world(settings, lambda _: None, DEFAULT_WORLD) as world:
            app = open_app(world.settings)
            try:
                world.populate(app)
                carts = _main_job(app, world)
                yield create_app(app.ctx, app.runner, demo_users=world.demo_users), carts
            finally:
                app.close()


def _catalogue(ctx: Context, carts: RunId) -> tuple[str, ...]:
    """The catalogue's pages of a record in the carts: its release, artist and label, and a search for it."""
    result = runs.result(ctx, local_owner(ctx.db, ctx.clock.now()), carts)
    assert isinstance(result, CartsResult)
    known = releases.releases(ctx.db, ctx.catalogue, list(result.releases)).values()
    record = next(known_release.release for known_release in known if known_release.release.artists[0].id > 0)
    artist, label = record.artists[0], record.labels[0]
    return (
        f"/release/{record.id}",
        f"/artist/{artist.id}",
        f"/label/{label.id}",
        f"/search?{urlencode({'artist': artist.name})}",
        f"/search/suggestions?{urlencode({'q': artist.name[:4]})}",
    )


def _main_job(app: App, world: MadeUpWorld) -> str:
    user = UserName(world.demo_users[0])
    accounts.set_preferences(app.ctx, app.owner, Preferences(user=user, country="DE"))
    app.runner.launch()
    for kind, options in (
        (RunKind.SYNC, {}),
        (RunKind.RECOMMEND, {}),
        (RunKind.SHOP, {"budget": "100", "currency": "EUR"}),
    ):
        run = runs.request(app.ctx, app.runner, app.owner, kind, user, options).run
        runs.wait(app.ctx, app.owner, run.id, lambda _: None)
    app.runner.stop()
    return run.id


async def _measure(pages: FastAPI, addresses: tuple[str, ...]) -> list[Figure]:
    await _look(pages, "/about")
    figures = []
    for address in addresses:
        first, size = await _look(pages, address)
        others = [(await _look(pages, address))[0] for _ in range(LOOKS)]
        path = address.partition("?")[0]
        shown = path if path.startswith("/search") else "/".join(path.split("/")[:2])
        name = f"{shown} ({size / 1000:,.0f} kB)"
        figures.append(Figure(f"{name}: first look", 1000 * first, "ms"))
        figures.append(Figure(f"{name}: median", 1000 * percentile(others, 0.5), "ms"))
    return figures


async def _look(pages: FastAPI, address: str) -> tuple[float, int]:
    """Seconds of CPU, and the bytes sent compressed."""
    sent: list[Message] = []
    began = time.process_time()
    await pages(_scope(address), _nothing, lambda message: _keep(sent, message))
    seconds = time.process_time() - began
    if sent[0]["status"] != 200:
        raise RuntimeError(f"{address} answered {sent[0]['status']}")
    return seconds, sum(len(message.get("body", b"")) for message in sent)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _keep(sent: list[Message], message: Message) -> None:
    sent.append(message)


def _scope(address: str) -> dict[str, object]:
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"accept-encoding", b"gzip"), (b"accept", b"text/html")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
