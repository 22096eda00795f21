"""Reading the inventories of many sellers side by side, and saying who answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from discogs_assistant.model.ids import printable
from discogs_assistant.pipelines.market.inventory_reading import INVENTORY, InventoryState, chunk_of, state_of
from discogs_assistant.pipelines.runtime.circuit_breaker import only_known
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.flow import ChunkOutcome, Flow

PAGES_A_CHUNK = 10
"""An interrupted chunk requests at most this many pages again."""

_FIRST_GROUP = 6
_GROUP = 25
_NAMED = 5


@dataclass
class Survey:
    """The outcome for each seller, in the order requested, within an `allowance` of requests (None: any).

    `afterwards` is how many requests of the same stage follow once the sellers were asked, as far as known.
    `cut_short` names sellers whose first page alone was read for lack of requests, `unasked` those who were
    not asked at all; `silent` if that is because no seller answered. `halted` is a sentence that says why
    the others would not have either: Discogs cannot be reached, or does not accept the token.
    """

    allowance: int | None = None
    afterwards: int = 0
    states: dict[str, InventoryState] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)
    cut_short: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    silent: bool = False
    halted: str | None = None

    @property
    def requests(self) -> int:
        """How many requests were spent."""
        return sum(state.pages or 1 for state in self.states.values()) + len(self.unreachable)

    def expected(self, going_on: Sequence[str], others: int) -> int:
        """How many requests this takes in all: those spent, the pages left, what `others` may take, the rest.

        Of a seller who was not asked yet, the mean of those who were is expected.
        """
        asked = len(self.states) + len(self.unreachable)
        left = sum(self.states[seller].left for seller in going_on)
        mean = (self.requests + left) / asked if asked else 1.0
        found = round(self.requests + left + others * max(1.0, mean)) + self.afterwards
        return found if self.allowance is None else min(found, max(self.allowance, self.requests))

    @property
    def gone(self) -> list[str]:
        """Sellers whom Discogs does not show."""
        return [seller for seller, state in self.states.items() if state.gone]

    @property
    def answered(self) -> list[str]:
        """Sellers whose inventory was read, at least in part."""
        return [seller for seller, state in self.states.items() if not state.gone and state.pages]

    def take(self, outcomes: Sequence[ChunkOutcome]) -> None:
        """Note what chunks brought; a seller who fails later keeps what was read before."""
        for outcome in outcomes:
            seller = outcome.chunk["seller"]
            if outcome.value is not None:
                self.states[seller] = state = state_of(outcome.value)
                self.halted = state.halted or self.halted
            else:
                self.unreachable[seller] = outcome.problem or "It was not finished in time."

    def sentences(self) -> list[str]:
        """What is missing, in words."""
        missing = [state.problem for state in self.states.values() if state.problem]
        asked = len(self.states | self.unreachable)
        if self.halted:
            missing.insert(0, only_known(self.halted))
            asked += len(self.unasked)
        if len(self.answered) < asked and (self.answered or not self.halted):
            missing.insert(0, f"{len(self.answered)} of {asked} sellers answered.")
        for why in sorted(set(self.unreachable.values())):
            names = [seller for seller, reason in self.unreachable.items() if reason == why]
            missing.append(f"{_names(names)} could not be read to the end: {why}")
        unread = sum(state.unread for state in self.states.values())
        if unread:
            missing.append(f"{unread} listings could not be read and are left out.")
        if self.cut_short:
            missing.append(
                f"Only the 100 cheapest records of {_names(self.cut_short)} were read: {_ALLOWANCE}"
            )
        if self.unasked and not self.halted:
            why = "no seller has answered so far." if self.silent else _ALLOWANCE
            missing.append(f"{len(self.unasked)} more sellers were not asked: {why}")
        return missing


_ALLOWANCE = "this search used all its requests."


def survey_sellers(
    ctx: Context,
    flow: Flow,
    sellers: Sequence[str],
    *,
    stage: int,
    ends: datetime,
    allowance: int | None,
    afterwards: int = 0,
) -> Survey:
    """Read the inventories of `sellers`, the most promising first, until `ends` or `allowance` requests.

    If no seller of a group answers, Discogs is taken to be down and the others are not asked; nor are they
    if it cannot be reached or refuses the token.
    """
    survey = Survey(allowance, afterwards)
    rest = list(sellers)
    size = _FIRST_GROUP
    while rest:
        room = len(rest) if allowance is None else allowance - survey.requests
        group, rest = rest[: min(size, room)], rest[min(size, room) :]
        if not group:
            break
        _read_group(ctx, flow, survey, group, len(rest), stage, ends)
        survey.silent = not any(seller in survey.states for seller in group)
        if survey.silent or survey.halted:
            break
        size = _GROUP
    survey.unasked = rest
    return survey


def _read_group(
    ctx: Context,
    flow: Flow,
    survey: Survey,
    group: Sequence[str],
    others: int,
    stage: int,
    ends: datetime,
) -> None:
    planned, allowance = survey.expected((), others + len(group)), survey.allowance
    first = [chunk_of(seller, 1, stage=stage, planned=planned) for seller in group]
    survey.take(_fan_out(ctx, flow, first, ends))
    going_on = []
    spent = survey.requests
    for seller in group:
        left = survey.states[seller].left if seller in survey.states else 0
        if allowance is not None and left > allowance - spent:
            survey.cut_short.append(seller)
        elif left:
            spent += left
            going_on.append(seller)
    while going_on:
        planned = survey.expected(going_on, others)
        chunks = [chunk_of(seller, PAGES_A_CHUNK, stage=stage, planned=planned) for seller in going_on]
        survey.take(_fan_out(ctx, flow, chunks, ends))
        going_on = [s for s in going_on if s not in survey.unreachable and survey.states[s].left]


def _fan_out(ctx: Context, flow: Flow, chunks: list[Any], ends: datetime) -> list[ChunkOutcome]:
    left: float = flow.step(
        "see how much time is left", lambda: max(0.0, (ends - ctx.clock.now()).total_seconds())
    )
    return flow.fan_out(INVENTORY, chunks, deadline=left)


def deadline(ctx: Context, flow: Flow, seconds: float) -> datetime:
    """The moment that is `seconds` from when this was first asked, the same after a restart."""

    def set_it() -> str:
        return (ctx.clock.now() + timedelta(seconds=seconds)).isoformat()

    return datetime.fromisoformat(flow.step("set the deadline", set_it))


def _names(sellers: Sequence[str]) -> str:
    shown = ", ".join(f"“{printable(seller)}”" for seller in sellers[:_NAMED])
    return shown if len(sellers) <= _NAMED else f"{shown} and {len(sellers) - _NAMED} more"
