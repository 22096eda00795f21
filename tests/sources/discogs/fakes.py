"""Fakes at the client's ports: a clock that jumps, a budget that notes, a Discogs that answers by script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.ports import Turn, WaitListener
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.http import open_http

API_URL = "https://api.test"
Handler = Callable[[httpx2.Request], httpx2.Response]


@dataclass
class FakeClock:
    """Sleeping moves it."""

    moment: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


@dataclass
class FakeBudget:
    """Gives out the `waits` one by one, then nothing to wait; a pause is waited for by the next request."""

    waits: list[float] = field(default_factory=list)
    reserved: list[bool] = field(default_factory=list)
    observed: list[tuple[bool, int | None, int | None]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    turns: list[OwnerId] = field(default_factory=list)

    def reserve(self, *, signed_in: bool) -> float:
        self.reserved.append(signed_in)
        return self.waits.pop(0) if self.waits else 0.0

    def take_turn(self, person: OwnerId, *, signed_in: bool, until: datetime | None = None) -> Turn:
        self.turns.append(person)
        return Turn(self.reserve(signed_in=signed_in), granted=len(self.turns) % 2 == 0)

    def observe(self, *, signed_in: bool, limit: int | None, remaining: int | None) -> None:
        self.observed.append((signed_in, limit, remaining))

    def pause(self, *, signed_in: bool, seconds: float) -> None:
        self.pauses.append(seconds)
        self.waits.insert(0, seconds)


@dataclass
class Script:
    """Answers one after the other, the last one for ever; keeps the requests. An exception is raised."""

    answers: Sequence[httpx2.Response | Exception]
    requests: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


def ok(document: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
    """A good JSON answer."""
    return said(200, document, headers)


def said(status: int, document: Any = None, headers: dict[str, str] | None = None) -> httpx2.Response:
    """A JSON answer of that status."""
    text = json.dumps({"message": "so"} if document is None else document)
    all_headers = {"Content-Type": "application/json"} | (headers or {})
    return httpx2.Response(status, headers=all_headers, content=text.encode())


def page_of(key: str, entries: Iterable[Any], **pagination: int) -> dict[str, Any]:
    """A page's document; by default the only one."""
    listed = list(entries)
    frame = {"page": 1, "pages": 1, "per_page": 100, "items": len(listed), "urls": {}} | pagination
    return {"pagination": frame, key: listed}


@dataclass
class Bench:
    """A client with its fakes."""

    handler: Handler
    token: str | None = None
    window: float = 60.0
    on_wait: WaitListener | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    budget: FakeBudget = field(default_factory=FakeBudget)

    @property
    def client(self) -> DiscogsClient:
        http = open_http(API_URL, self.clock, transport=httpx2.MockTransport(self.handler))
        return DiscogsClient(
            DiscogsApi(
                http,
                self.budget,
                self.clock,
                api_url=API_URL,
                user_agent="DiscogsAssistant/1.0",
                token=self.token,
                window=self.window,
                on_wait=self.on_wait,
                jitter=lambda: 0.5,
            )
        )
