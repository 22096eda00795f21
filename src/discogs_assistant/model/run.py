"""A run: one request of a person, its stages, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from discogs_assistant.model.ids import OwnerId, RunId


class RunKind(StrEnum):
    """What a run does; the values are those of the JSON API."""

    SYNC = "sync"
    RECOMMEND = "recommendations"
    SHOP = "carts"
    MARKET = "market"
    CHECK = "check"


class RunState(StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """True where it will change no more."""
        return self in {RunState.DONE, RunState.FAILED, RunState.CANCELLED}


STAGES: dict[RunKind, tuple[str, ...]] = {
    RunKind.SYNC: (
        "Looking at the profile",
        "Reading the collection",
        "Reading the wantlist",
        "Putting it away",
    ),
    RunKind.RECOMMEND: (
        "Looking at the profile",
        "Reading the collection",
        "Reading the wantlist",
        "Finding records you may love",
        "Scoring and writing reasons",
    ),
    RunKind.SHOP: (
        "Looking at the profile",
        "Reading the collection",
        "Reading the wantlist",
        "Finding records you may love",
        "Scoring and writing reasons",
        "Asking who sells them",
        "Building carts",
    ),
    RunKind.MARKET: ("Asking who sells them",),
    RunKind.CHECK: ("Reading each copy again", "Building the cart anew"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its owner sees it. `stage` counts from 1 (0 while queued) and never falls.

    `criteria` are the request's options as plain JSON; `key` is what equal requests share.
    """

    id: RunId
    owner: OwnerId
    kind: RunKind
    user: str
    criteria: dict[str, Any]
    key: str
    state: RunState
    stage: int
    done: int
    total: int
    created_at: datetime
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    finished_at: datetime | None = None
    waiting_for: str | None = None
    partial: tuple[str, ...] = ()
    error: str | None = None
    error_code: str | None = None
    error_next: str | None = None
    result_id: int | None = None
    stage_at: datetime | None = None
    """When the present stage began."""

    @property
    def stages(self) -> int:
        """How many stages a run of this kind has."""
        return len(STAGES[self.kind])

    @property
    def stage_name(self) -> str:
        """The present stage in words."""
        return STAGES[self.kind][self.stage - 1] if self.stage else "Waiting for its turn"
