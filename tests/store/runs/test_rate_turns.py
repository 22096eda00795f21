"""Taking turns at Discogs: nobody waits for all that somebody else wants, and no slot is lost."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.store.fakes import FakeClock, served
from tests.store.runs.test_rate_budget import WINDOW, budget_of, most_in_a_window

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import rate_turns
from discogs_assistant.store.runs.rate_budget import Pace

SPACING = Pace.of(60, WINDOW).spacing
HEAVY, LIGHT, THIRD = OwnerId(1), OwnerId(2), OwnerId(3)


@dataclass
class Person:
    """Somebody with so many requests to make, by several callers at a time, from a moment on."""

    owner: OwnerId
    requests: int
    callers: int = 1
    begins: float = 0.0
    sent: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)


def play(db: Database, *people: Person) -> None:
    """Let all ask until nobody wants anything more; moments count from the beginning."""
    clock = FakeClock()
    budget, start, order = budget_of(db, clock), clock.now().timestamp(), itertools.count()
    events = [
        (person.begins, next(order), person, person.begins, False)
        for person in people
        for _ in range(person.callers)
    ]
    while events:
        moment, _, one, since, granted = heapq.heappop(events)
        clock.sleep(max(0.0, start + moment - clock.now().timestamp()))
        if granted:
            one.sent.append(moment)
            one.waited.append(moment - since)
            since = moment
        elif one.requests == 0:
            continue
        turn = budget.take_turn(one.owner, signed_in=True) if one.requests else None
        if turn is not None:
            one.requests -= turn.granted
            heapq.heappush(events, (moment + turn.seconds, next(order), one, since, turn.granted))


def test_a_light_latecomer_waits_at_most_twice_their_fair_share(db: Database) -> None:
    heavy = Person(HEAVY, 130, callers=6)
    light = Person(LIGHT, 10, begins=40.0)
    play(db, heavy, light)
    assert len(heavy.sent) == 130
    assert len(light.sent) == 10
    assert max(light.waited) <= 2 * 2 * SPACING
    assert light.sent[-1] - light.begins <= 10 * 2 * SPACING + 2 * SPACING
    assert most_in_a_window([*heavy.sent, *light.sent], WINDOW) <= 60


def test_three_heavy_users_each_get_a_third(db: Database) -> None:
    people = [Person(number, 60, callers=calls) for number, calls in ((HEAVY, 8), (LIGHT, 2), (THIRD, 1))]
    play(db, *people)
    within = [sum(10 < moment <= 110 for moment in person.sent) for person in people]
    assert max(within) - min(within) <= 2


@pytest.mark.parametrize("callers", [1, 4])
def test_a_lone_user_may_use_the_whole_rate(db: Database, callers: int) -> None:
    alone = Person(HEAVY, 150, callers=callers)
    play(db, alone)
    assert len(alone.sent) / (alone.sent[-1] - alone.sent[0]) >= 0.9
    assert most_in_a_window(alone.sent, WINDOW) <= 60


def test_a_rested_budget_lets_one_person_have_the_whole_burst(db: Database) -> None:
    budget = budget_of(db, FakeClock())
    turns = [budget.take_turn(HEAVY, signed_in=True) for _ in range(6)]
    assert [turn.seconds for turn in turns[:5]] == [0.0] * 5
    assert turns[5].granted
    assert turns[5].seconds == pytest.approx(SPACING, abs=1e-3)
    assert not budget.take_turn(HEAVY, signed_in=True).granted


def test_a_caller_who_cannot_wait_so_long_takes_no_slot(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    budget.pause(signed_in=True, seconds=30)
    for _ in range(40):
        turn = budget.take_turn(HEAVY, signed_in=True, until=clock.now() + timedelta(seconds=10))
        assert not turn.granted
        assert turn.seconds == pytest.approx(30, abs=1e-3)
    assert budget.queue(signed_in=True) == pytest.approx(30, abs=1e-3)
    turn = budget.take_turn(HEAVY, signed_in=True, until=clock.now() + timedelta(seconds=31))
    assert turn.granted
    assert turn.seconds == pytest.approx(30, abs=1e-3)


def test_requests_without_a_person_are_not_delayed(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    for _ in range(8):
        budget.take_turn(HEAVY, signed_in=True)
    assert budget.reserve(signed_in=True) <= 2 * SPACING + 1e-3
    assert budget.take_turn(HEAVY, signed_in=False).seconds == 0


def test_a_pause_holds_everybody_up(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    budget.take_turn(HEAVY, signed_in=True)
    budget.pause(signed_in=True, seconds=30)
    assert budget.take_turn(LIGHT, signed_in=True).seconds == pytest.approx(30, abs=1e-3)
    turn = budget.take_turn(LIGHT, signed_in=True)
    assert not turn.granted
    assert turn.seconds == pytest.approx(30, abs=1e-3)


def test_a_clock_that_was_wrong_once_blocks_no_account(db: Database) -> None:
    ahead = FakeClock()
    ahead.sleep(365 * 86400)
    budget_of(db, ahead).take_turn(HEAVY, signed_in=True)
    assert budget_of(db, FakeClock()).take_turn(HEAVY, signed_in=True).seconds <= WINDOW + 2


def test_turns_are_counted_and_forgotten(db: Database) -> None:
    clock = FakeClock()
    budget_of(db, clock).take_turn(HEAVY, signed_in=True)
    clock.sleep(100)
    budget_of(db, clock).take_turn(LIGHT, signed_in=True)
    now = clock.now().timestamp()
    assert served(db, "here", now - 60) == 1
    rate_turns.forget(db, now - 60)
    assert served(db, "here", 0.0) == 1


@pytest.mark.parametrize(("limit", "window"), [(60, 60.0), (25, 60.0), (60, 1.0), (240, 60.0), (2, 60.0)])
def test_slots_used_as_late_as_they_may_be_do_not_break_the_window(limit: int, window: float) -> None:
    pace = Pace.of(limit, window)
    late = pace.lateness(limit, window)
    assert late > 0
    # The first so late that it meets all that come behind it on time.
    assert pace.burst + int((window + late) / pace.spacing) <= limit
