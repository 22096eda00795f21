"""Two hundred browsers as one program: each with a stream open, and a page now and then.

Reads what to do as JSON from stdin, and prints what it saw as JSON when the time is over.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

_PATIENCE = 30.0


@dataclass
class Seen:
    """Milliseconds of each page with its address, and what went wrong."""

    pages: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    events: int = 0
    streams_open: int = 0
    fewest_open: int | None = None
    runs_ended: int = 0


@dataclass
class Browser:
    """A person: cookies, the addresses they look at, and the run that they watch."""

    http: httpx2.AsyncClient
    urls: list[str]
    headers: dict[str, str]
    pages: list[str]
    run: str
    dice: random.Random
    seen: Seen
    pace: float
    ends: float

    async def look(self) -> None:
        """Open a page every `pace` seconds on average, half to one and a half of it."""
        await asyncio.sleep(self.dice.uniform(0, self.pace))
        while time.monotonic() < self.ends:
            address, began = self.dice.choice(self.pages), time.perf_counter()
            try:
                answer = await self.http.get(self._somewhere() + address, headers=self.headers)
                if answer.status_code != 200:
                    self.seen.wrong.append(f"{address}: {answer.status_code}")
            except httpx2.HTTPError as error:
                self.seen.wrong.append(f"{address}: {error!r}")
            took = time.perf_counter() - began
            self.seen.pages.append((address, 1000 * took))
            await asyncio.sleep(max(0.0, self.dice.uniform(0.5, 1.5) * self.pace - took))

    async def watch(self) -> None:
        """Keep the stream of the run open; a browser comes back three seconds after it was closed."""
        while time.monotonic() < self.ends:
            try:
                async with self.http.stream(
                    "GET", f"{self._somewhere()}/runs/{self.run}/stream", headers=self.headers, timeout=None
                ) as lines:
                    self.seen.streams_open += 1
                    try:
                        await asyncio.wait_for(self._follow(lines), max(0.0, self.ends - time.monotonic()))
                    finally:
                        self.seen.streams_open -= 1
            except TimeoutError:
                return
            except httpx2.HTTPError as error:
                self.seen.wrong.append(f"stream: {error!r}")
            self.seen.runs_ended += 1
            await asyncio.sleep(3)

    def _somewhere(self) -> str:
        """A proxy may hand each request to any of the web processes."""
        return self.dice.choice(self.urls)

    async def _follow(self, lines: httpx2.Response) -> None:
        async for line in lines.aiter_lines():
            self.seen.events += line.startswith("data:")


async def _count(seen: Seen, ends: float) -> None:
    """Once all had time to come, note the fewest streams that were open at once."""
    await asyncio.sleep(min(20.0, max(0.0, ends - time.monotonic()) / 3))
    while time.monotonic() < ends - 1:
        seen.fewest_open = min(seen.fewest_open or seen.streams_open, seen.streams_open)
        await asyncio.sleep(1)


async def browse(task: dict[str, Any]) -> Seen:
    """Until the time is over."""
    seen, ends = Seen(), time.monotonic() + task["seconds"]
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=60)
    async with httpx2.AsyncClient(timeout=_PATIENCE, limits=limits) as http:
        browsers = [
            Browser(
                http,
                task["urls"],
                person["headers"],
                person["pages"],
                person["run"],
                random.Random(number),
                seen,
                task["pace"],
                ends,
            )
            for number, person in enumerate(task["people"])
        ]
        works = [work for browser in browsers for work in (browser.look(), browser.watch())]
        await asyncio.gather(*works, _count(seen, ends))
    return seen


def main() -> None:
    """Browse as instructed."""
    seen = asyncio.run(browse(json.load(sys.stdin)))
    report = {name: getattr(seen, name) for name in ("pages", "wrong", "events", "fewest_open", "runs_ended")}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
