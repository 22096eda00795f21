"""Uploads and imports of the largest size: memory, the longest transaction, and what others notice.

`python -m bench uploads`. Each import runs in a process of its own, so that its memory is its own; the last
part is a hosted web process on SQLite at which three people upload at once, while a fourth asks for 50 pages
a second.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Connection

from bench.figures import Figure, memory_mb, percentile
from bench.online import HOSTED, process_of, until_ready
from bench.product import free_port
from discogs_assistant import bootstrap
from discogs_assistant.bootstrap.logs import configure_logs
from discogs_assistant.config import Settings
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.pipelines.accounts import sessions
from discogs_assistant.pipelines.files.peak_memory import peak_mb
from discogs_assistant.pipelines.market.uploads import add_market_files
from discogs_assistant.pipelines.profiles.file_import import import_profile_files
from discogs_assistant.pipelines.runtime.uploads.reading import (
    ReadHere,
    UploadedFile,
    UploadReader,
    upload_processes,
)
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import sellers

ROWS, MANY_ROWS, ITEMS = 500_000, 1_500_000, 100_000
MANY_ITEMS = 1_000_000
PEOPLE, RATE = 3, 50
_PAGES = ("/", "/profile", "/settings", "/health")
_MOST_MB, _LONGEST = 300.0, 1.0
_COPIES = "listing_id,seller,release_id,price,currency,media,sleeve,quantity"
_LIST = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder,Date Added"


def measure() -> list[Figure]:
    """The figures of imports, then those of uploads at a web process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies, many = folder / "copies.csv", folder / "many.csv"
        items, many_items = folder / "items.csv", folder / "many_items.csv"
        write_copies(copies, ROWS)
        write_copies(many, MANY_ROWS)
        write_items(items, ITEMS)
        write_items(many_items, MANY_ITEMS)
        return [
            *_import(f"{ROWS:,} copies, as in the browser", "copies", "browser", copies),
            *_import(f"{MANY_ROWS:,} copies by the command line", "copies", "command", many),
            *_import(f"{ITEMS:,} items of a collection, as in the browser", "items", "browser", items),
            *_import(f"{MANY_ITEMS:,} items by the command line", "items", "command", many_items),
            *_at_a_web_process(folder, copies),
        ]


def write_copies(path: Path, rows: int) -> None:
    """A table of listings."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_COPIES + "\n")
        for number in range(rows):
            seller, release, price = (
                dice.randrange(2_000),
                dice.randrange(1, 15_000_000),
                dice.randrange(1, 90),
            )
            file.write(f"{10**7 + 3 * number},seller_{seller},{release},{price}.50,USD,VG+,VG,1\n")


def write_items(path: Path, rows: int) -> None:
    """An exported collection."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_LIST + "\n")
        for number in range(rows):
            release = dice.randrange(1, 15_000_000)
            artists = f'"Artist {number % 50_000}, Artist {number % 777}"'
            file.write(
                f"C {number},{artists},Title {number},Label,LP,4,1979,{release},Jazz,2024-01-02 10:11:12\n"
            )


def _import(what: str, kind: str, how: str, path: Path) -> list[Figure]:
    command = [sys.executable, "-m", "bench.uploads", kind, how, str(path)]
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    # Nobody else saves where a person imports a million items into an installation of their own.
    most = "under 1" if (kind, how) != ("items", "command") else ""
    missed = bool(most) and done["longest"] >= _LONGEST
    figures = [
        Figure(f"{what}: whole time", done["seconds"], "s"),
        _memory(f"{what}: most memory of the importing process", done["memory"]),
        Figure(f"{what}: longest write transaction", done["longest"], "s", most, missed),
    ]
    if done["child"]:
        figures.append(_memory(f"{what}: most memory of the reading process", done["child"]))
    return figures


def _memory(name: str, megabytes: float) -> Figure:
    return Figure(name, megabytes, "MB", f"under {_MOST_MB:.0f}", megabytes >= _MOST_MB)


def import_here(kind: str, how: str, path: Path) -> dict[str, float]:
    """Import a file into a new database in this process; what it took."""
    with tempfile.TemporaryDirectory() as folder, watched_writes() as writes, path.open("rb") as content:
        configure_logs("ERROR")
        app = bootstrap.open_app(Settings(_env_file=None, data_dir=Path(folder)))  # type: ignore[call-arg]
        children: list[int] = []
        reader: UploadReader = ReadHere()
        if how == "browser":
            reader = upload_processes(app.ctx.settings, lambda ended: children.append(ended.peak_kb))
        file, began = UploadedFile(path.name, content), time.perf_counter()
        if kind == "copies":
            add_market_files(app.ctx, app.owner, [file], reader=reader)
        else:
            import_profile_files(app.ctx, app.owner, "digger", file, None, reader)
        seconds = time.perf_counter() - began
        app.close()
    child = max(children, default=0) / 1024
    return {"seconds": seconds, "memory": peak_mb(), "child": child, "longest": max(writes)}


@contextmanager
def watched_writes() -> Iterator[list[float]]:
    """The seconds of each write transaction of this process."""
    seconds: list[float] = []
    plain = Database.write

    @contextmanager
    def watched(db: Database) -> Iterator[Connection]:
        with plain(db) as connection:
            began = time.perf_counter()
            yield connection
        seconds.append(time.perf_counter() - began)

    Database.write = watched  # type: ignore[method-assign, assignment]
    try:
        yield seconds
    finally:
        Database.write = plain  # type: ignore[method-assign]


@dataclass
class _Seen:
    """What was noticed beside the uploads: milliseconds of pages, seconds of small writes, megabytes."""

    pages: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


def _at_a_web_process(folder: Path, copies: Path) -> list[Figure]:
    port = free_port()
    given: dict[str, Any] = HOSTED | {"data_dir": folder / "data", "port": port}
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg]
    app = bootstrap.open_app(settings)
    now = app.ctx.clock.now()
    owners = [accounts.add_account(app.ctx.db, f"person_{number}", now) for number in range(PEOPLE + 1)]
    cookies = [sessions.open_session(app.ctx, owner) for owner in owners]
    seen = _Seen()
    with process_of("web", given, folder) as web:
        until_ready(port)
        over = threading.Event()
        writer = threading.Thread(target=_write_now_and_then, args=(app.ctx.db, owners[-1], seen, over))
        writer.start()
        asyncio.run(_load(f"http://127.0.0.1:{port}", cookies, copies, seen, web.pid))
        over.set()
        writer.join()
    app.close()
    return _figures(seen, sum(file.stat().st_size for file in (folder / "data").glob("assistant.db*")))


def _write_now_and_then(db: Database, owner: OwnerId, seen: _Seen, over: threading.Event) -> None:
    """Save something small, as another process would that shares the database."""
    while not over.wait(0.05):
        began = time.perf_counter()
        sellers.add_favourite(db, owner, "somebody")
        seen.writes.append(time.perf_counter() - began)


async def _load(url: str, cookies: list[str], copies: Path, seen: _Seen, pid: int) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=1800) as http:
        uploads = [asyncio.create_task(_upload(http, url, cookie, copies, seen)) for cookie in cookies[:-1]]
        looks: list[asyncio.Task[None]] = []
        began, number = time.perf_counter(), 0
        while not all(upload.done() for upload in uploads):
            looks.append(asyncio.create_task(_look(http, cookies[-1], _PAGES[number % len(_PAGES)], seen)))
            number += 1
            if number % RATE == 0:
                seen.memory.append(memory_mb(pid))
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        await asyncio.gather(*uploads, *looks)


async def _upload(http: httpx2.AsyncClient, url: str, cookie: str, copies: Path, seen: _Seen) -> None:
    began = time.perf_counter()
    headers = {"Cookie": f"__Host-session={cookie}", "Sec-Fetch-Site": "same-origin"}
    with copies.open("rb") as content:
        answer = await http.post("/market/files", files={"files": (copies.name, content)}, headers=headers)
    seen.uploads.append(time.perf_counter() - began)
    seen.answers.append(f"{answer.status_code}" + (" read" if f"{ROWS:,} copies" in answer.text else ""))


async def _look(http: httpx2.AsyncClient, cookie: str, page: str, seen: _Seen) -> None:
    began = time.perf_counter()
    try:
        answer = await http.get(page, headers={"Cookie": f"__Host-session={cookie}", "Accept": "text/html"})
    except httpx2.HTTPError as error:
        seen.wrong.append(f"{page}: {error!r}")
        return
    seen.pages.append(1000 * (time.perf_counter() - began))
    if answer.status_code != 200:
        seen.wrong.append(f"{page}: {answer.status_code}")


def _figures(seen: _Seen, size: int) -> list[Figure]:
    what = f"{PEOPLE} uploads of {ROWS:,} copies at once"
    failed = [answer for answer in seen.answers if answer != "200 read"]
    longest = max(seen.writes)
    return [
        Figure(f"{what}: until the last was stored", max(seen.uploads), "s"),
        Figure(f"{what}: not read whole", len(failed), "", "0", bool(failed)),
        Figure(f"{what}: others' pages, {RATE} a second", len(seen.pages), "pages"),
        Figure(f"{what}: others' pages that failed", len(seen.wrong), "", "0", bool(seen.wrong)),
        Figure(f"{what}: others' median", percentile(seen.pages, 0.5), "ms"),
        Figure(f"{what}: others' p95", percentile(seen.pages, 0.95), "ms"),
        Figure(f"{what}: longest wait of who saves", longest, "s", "under 1", longest >= _LONGEST),
        Figure(f"{what}: most memory of the web process", max(seen.memory), "MB"),
        Figure(f"{what}: database afterwards", size / 1e6, "MB"),
    ]


if __name__ == "__main__":
    print(json.dumps(import_here(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
