"""A run: one request of a person, its stages, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from discogs_assistant.model.ids import OwnerId, RunId


class RunKind(StrEnum):
    """The name of a kind of run, as the JSON API has it; pipelines/runtime/registry.py says what each is.

    A kind that no code mentions needs no constant here: `RunKind("name")` is the name of any.
    """

    SYNC = "sync"
    RECOMMEND = "recommendations"
    SHOP = "carts"
    MARKET = "market"
    CHECK = "check"
    PLANS = "plans"

    @classmethod
    def _missing_(cls, value: object) -> RunKind | None:
        if not isinstance(value, str):
            return None
        made = str.__new__(cls, value)
        made._name_ = made._value_ = value
        return made


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


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its owner sees it. `stage` counts from 1 (0 while queued) and never falls.

    `criteria` are the request's options as plain JSON; `key` is what equal requests share; `stage_names` are
    the stages of its kind in words.
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
    stage_names: tuple[str, ...] = ()
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
        return len(self.stage_names)

    @property
    def stage_name(self) -> str:
        """The present stage in words."""
        return self.stage_names[self.stage - 1] if self.stage else "Waiting for its turn"
