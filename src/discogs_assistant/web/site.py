"""The parts of the product and the templates that serve the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.runtime.caches import ShortCache, VersionedCache
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.runs import RunQueue
from discogs_assistant.web.middleware.concurrency import Turns, UploadsUnderWay
from discogs_assistant.web.rendering import Templates
from discogs_assistant.web.watching import Watching

_HELD, _PIECES = 64_000_000, 40_000_000
"""Bytes of answers, of which two hundred people have 50 million, and of packed parts of pages."""


class TryOut(Protocol):
    """The made-up world as a separate server, started when a person first asks for it."""

    def start(self) -> None:
        """Start it, unless it already runs."""
        ...

    def failed(self) -> bool:
        """Whether it ended by itself."""
        ...

    def address(self) -> str | None:
        """Where its pages answer; None while it is not ready."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """The parts; `demo_users` and `demo_sellers` belong to the made-up world and are empty in the real one.

    `try_out` starts the made-up world beside the real Discogs, where that is possible; `poll` is the time in
    seconds between two looks at a run that somebody watches. `leaving` is set when the process is asked to
    stop: streams end then, and browsers reconnect elsewhere. `watching` looks for all streams at once.
    `turns` says who computes now, and `uploads` counts the files on their way.
    `memory` keeps what several looks within
    seconds need, `held` the answers of finished runs with what was prepared of them, `pieces` parts of pages.
    """

    ctx: Context
    queue: RunQueue
    templates: Templates
    memory: ShortCache
    demo_users: tuple[UserName, ...] = ()
    demo_sellers: tuple[str, ...] = ()
    poll: float = 1.0
    try_out: TryOut | None = None
    leaving: Event = field(default_factory=Event)
    watching: Watching = field(default_factory=Watching)
    turns: Turns = field(default_factory=Turns)
    uploads: UploadsUnderWay = field(default_factory=UploadsUnderWay)
    held: VersionedCache = field(default_factory=lambda: VersionedCache(_HELD))
    pieces: VersionedCache = field(default_factory=lambda: VersionedCache(_PIECES))
    seen: VersionedCache = field(default_factory=lambda: VersionedCache(1000))

    def forget(self) -> None:
        """Clear everything cached about any person."""
        self.memory.clear()
        self.held.clear()
        self.pieces.clear()
        self.seen.clear()
