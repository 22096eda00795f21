"""Requests of one person among many: they wait for their turn, ask again, and are sent once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
import pytest
from tests.sources.discogs.fakes import API_URL, FakeBudget, FakeClock, Script, ok

from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.ports import Turn
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.interactive_budget import ShortPatience
from discogs_assistant.sources.discogs.refusals import Subject
from discogs_assistant.sources.http import open_http

SUBJECT = Subject("the release 1")


@dataclass
class Turns(FakeBudget):
    """Answers turns by script."""

    script: Iterator[Turn] = field(default_factory=lambda: iter(()))
    untils: list[datetime | None] = field(default_factory=list)

    def take_turn(self, person: OwnerId, *, signed_in: bool, until: datetime | None = None) -> Turn:
        self.turns.append(person)
        self.untils.append(until)
        return next(self.script)


def api(budget: FakeBudget, script: Script, clock: FakeClock, **more: Any) -> DiscogsApi:
    http = open_http(API_URL, clock, transport=httpx2.MockTransport(script))
    return DiscogsApi(http, budget, clock, api_url=API_URL, user_agent="Test/1.0", **more)


def test_a_person_asks_again_until_a_slot_is_theirs_and_waits_for_it() -> None:
    reported: list[tuple[str, float]] = []
    turns = [Turn(2.0, granted=False), Turn(1.5, granted=False), Turn(3.0, granted=True)]
    budget, clock, script = Turns(script=iter(turns)), FakeClock(), Script([ok({"id": 1})])
    client = api(
        budget, script, clock, person=OwnerId(7), on_wait=lambda what, left: reported.append((what, left))
    )
    assert client.get("/releases/1", SUBJECT) == {"id": 1}
    assert budget.turns == [OwnerId(7)] * 3
    assert budget.reserved == []
    assert sum(clock.slept) == 6.5
    assert len(script.requests) == 1
    assert reported[-1] == ("Discogs", 0.0)


def test_requests_without_a_person_take_no_turns() -> None:
    budget, script = Turns(), Script([ok({"id": 1})])
    api(budget, script, FakeClock()).get("/releases/1", SUBJECT)
    assert budget.turns == []
    assert budget.reserved == [False]


def test_a_page_request_learns_at_once_that_its_turn_comes_too_late() -> None:
    budget, clock, script = Turns(script=iter([Turn(44.0, granted=False)])), FakeClock(), Script([ok({})])
    patience = ShortPatience(clock)
    client = api(budget, script, clock, person=OwnerId(7), caller=patience)
    with pytest.raises(UnreachableError, match="did not answer in time"):
        client.get("/releases/1", SUBJECT)
    assert budget.untils == [patience.until]
    assert clock.slept == []
    assert script.requests == []


class Stopped(FakeClock):
    """A process that is stopped for a minute during its first wait."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds if self.slept else seconds + 60)


def test_a_caller_who_wakes_too_late_for_a_slot_takes_another() -> None:
    turns = [Turn(2.0, granted=True, good_for=0.5), Turn(1.0, granted=True, good_for=0.5)]
    budget, clock, script = Turns(script=iter(turns)), Stopped(), Script([ok({"id": 1})])
    assert api(budget, script, clock, person=OwnerId(7)).get("/releases/1", SUBJECT) == {"id": 1}
    assert len(budget.turns) == 2
    assert len(script.requests) == 1
