"""The rate budget: never over Discogs' window, hardly under it, shared by processes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.forked import FORKED
from tests.store.fakes import FakeClock
from tests.store.processes import send_for

from discogs_assistant.model.ports import RateBudget
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.runs.rate_budget import Pace, SqlRateBudget

WINDOW = 60.0


def budget_of(db: Database, clock: FakeClock, *, source: str = "here", limit: int = 60) -> SqlRateBudget:
    return SqlRateBudget(db, source, limit, 25, WINDOW, clock)


def saturate(budget: SqlRateBudget, clock: FakeClock, count: int, *, signed_in: bool = True) -> list[float]:
    """The moments at which `count` requests leave, each as soon as it may."""
    sent = []
    for _ in range(count):
        clock.sleep(budget.reserve(signed_in=signed_in))
        sent.append(clock.now().timestamp())
    return sent


def most_in_a_window(sent: list[float], window: float) -> int:
    """The largest number of moments within any half-open window."""
    ordered = sorted(sent)
    return max(sum(start <= moment < start + window for moment in ordered) for start in ordered)


@pytest.mark.parametrize(("signed_in", "limit", "burst", "least"), [(True, 60, 5, 0.9), (False, 25, 3, 0.87)])
def test_a_rested_budget_lets_a_burst_go_and_then_keeps_its_pace(
    db: Database, signed_in: bool, limit: int, burst: int, least: float
) -> None:
    clock = FakeClock()
    sent = saturate(budget_of(db, clock), clock, 5 * limit, signed_in=signed_in)
    assert [moment - sent[0] for moment in sent[:burst]] == [0] * burst
    assert most_in_a_window(sent, WINDOW) <= limit
    assert len(sent) / (sent[-1] - sent[0]) >= least * limit / 60


def test_a_request_that_leaves_a_little_late_breaks_no_window(db: Database) -> None:
    clock = FakeClock()
    sent = saturate(budget_of(db, clock), clock, 130)
    assert len(sent) == 130
    for late in range(len(sent)):
        jittered = [*sent[:late], sent[late] + 0.5, *sent[late + 1 :]]
        assert most_in_a_window(jittered, WINDOW) <= 60


def test_slots_are_given_out_ahead_to_callers_that_wait(db: Database) -> None:
    budget: RateBudget = budget_of(db, FakeClock())
    waits = [budget.reserve(signed_in=True) for _ in range(8)]
    assert waits[:5] == [0.0] * 5
    assert waits[5:] == pytest.approx([60 / 55, 120 / 55, 180 / 55], abs=1e-4)


def test_signed_in_and_anonymous_and_other_addresses_are_apart(db: Database) -> None:
    clock = FakeClock()
    saturate(budget_of(db, clock), clock, 10)
    assert budget_of(db, clock).reserve(signed_in=False) == 0
    assert budget_of(db, clock, source="there").reserve(signed_in=True) == 0


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    limit=st.integers(1, 90),
    rests=st.lists(st.sampled_from([0.0, 0.1, 1.0, 9.0, 70.0]), min_size=20, max_size=120),
    source=st.uuids(),
)
def test_no_window_ever_sees_more_than_the_limit(
    db: Database, limit: int, rests: list[float], source: object
) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock, source=str(source), limit=limit)
    sent = []
    for rest in rests:
        clock.sleep(rest)
        sent.append(clock.now().timestamp() + budget.reserve(signed_in=True))
    assert most_in_a_window(sent, WINDOW) <= limit


@given(limit=st.integers(1, 5000), window=st.sampled_from([1.0, 3.0, 60.0]))
def test_a_pace_keeps_its_window_and_uses_nearly_all_of_it(limit: int, window: float) -> None:
    pace = Pace.of(limit, window)
    in_a_window = pace.burst + (window - 1e-9) // pace.spacing
    assert in_a_window <= max(limit, 1)
    assert limit < 14 or window / pace.spacing >= 0.85 * limit


def test_a_pause_gives_out_no_slot(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    budget.pause(signed_in=True, seconds=30)
    assert budget.reserve(signed_in=True) == pytest.approx(30, abs=1e-4)
    assert budget.reserve(signed_in=True) == pytest.approx(30 + 60 / 55, abs=1e-4)
    assert budget.reserve(signed_in=False) == 0


def test_a_pause_never_shortens_a_longer_one(db: Database) -> None:
    budget = budget_of(db, FakeClock())
    budget.pause(signed_in=True, seconds=30)
    budget.pause(signed_in=True, seconds=1)
    assert budget.reserve(signed_in=True) == pytest.approx(30, abs=1e-4)


def test_a_lower_limit_that_discogs_tells_is_kept_by_all(db: Database) -> None:
    clock = FakeClock()
    budget_of(db, clock).reserve(signed_in=True)
    budget_of(db, clock).observe(signed_in=True, limit=25, remaining=None)
    clock.sleep(WINDOW)
    sent = saturate(budget_of(db, clock), clock, 60)
    assert most_in_a_window(sent, WINDOW) <= 25
    budget_of(db, clock).observe(signed_in=True, limit=60, remaining=None)
    clock.sleep(WINDOW)
    assert most_in_a_window(saturate(budget_of(db, clock), clock, 120), WINDOW) > 50


def test_a_higher_limit_than_set_is_not_used(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    budget.reserve(signed_in=True)
    budget.observe(signed_in=True, limit=240, remaining=230)
    assert most_in_a_window(saturate(budget, clock, 130), WINDOW) <= 60


def test_what_others_have_left_of_the_window_is_not_exceeded_at_once(db: Database) -> None:
    budget = budget_of(db, FakeClock())
    budget.reserve(signed_in=True)
    budget.observe(signed_in=True, limit=60, remaining=2)
    waits = [budget.reserve(signed_in=True) for _ in range(4)]
    assert sum(wait == 0 for wait in waits) <= 2


def test_expected_headers_change_nothing(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    sent: list[float] = []
    for _ in range(200):
        clock.sleep(budget.reserve(signed_in=True))
        sent.append(clock.now().timestamp())
        used = sum(moment > sent[-1] - WINDOW for moment in sent)
        assert used <= 60
        budget.observe(signed_in=True, limit=60, remaining=60 - used)
    assert len(sent) / (sent[-1] - sent[0]) >= 0.9


def test_our_own_burst_is_not_taken_for_the_use_of_others(db: Database) -> None:
    """Four callers, each with its slot taken ahead, over five minutes, as workers have them."""
    clock = FakeClock()
    budget = budget_of(db, clock)
    start = clock.now().timestamp()
    slots = [start + budget.reserve(signed_in=True) for _ in range(4)]
    sent: list[float] = []
    while min(slots) < start + 5 * WINDOW:
        slots.sort()
        clock.sleep(max(0.0, slots[0] - clock.now().timestamp()))
        sent.append(clock.now().timestamp())
        used = sum(moment > sent[-1] - WINDOW for moment in sent)
        budget.observe(signed_in=True, limit=60, remaining=60 - used)
        slots[0] = sent[-1] + budget.reserve(signed_in=True)
    assert most_in_a_window(sent, WINDOW) <= 60
    assert len(sent) >= 0.97 * (5 * 55 + 5)


@pytest.mark.parametrize("others_per_minute", [10, 30, 50])
def test_beside_another_program_the_window_is_hardly_ever_exceeded(
    db: Database, others_per_minute: int
) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    start = clock.now().timestamp()
    others = [start + n * 60 / others_per_minute for n in range(20 * others_per_minute)]
    sent: list[float] = []
    refused = 0
    while clock.now().timestamp() < start + 420:
        clock.sleep(budget.reserve(signed_in=True))
        now = clock.now().timestamp()
        sent.append(now)
        used = sum(now - WINDOW < moment <= now for moment in [*sent, *others])
        refused += used > 60
        budget.observe(signed_in=True, limit=60, remaining=max(60 - used, 0))
    assert refused <= 5
    assert len(sent) >= 0.7 * (60 - others_per_minute) * 7


def test_a_long_queue_at_a_slow_pace_is_no_wrong_clock(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock, limit=1)
    waits = [budget.reserve(signed_in=True) for _ in range(120)]
    assert most_in_a_window(waits, WINDOW) == 1


def test_a_clock_that_was_wrong_once_does_not_stop_the_instance(db: Database) -> None:
    ahead = FakeClock()
    ahead.sleep(timedelta(days=365).total_seconds())
    budget_of(db, ahead).reserve(signed_in=True)
    assert budget_of(db, FakeClock()).reserve(signed_in=True) <= WINDOW + 2


def test_the_queue_is_reported_without_taking_a_slot(db: Database) -> None:
    clock = FakeClock()
    budget = budget_of(db, clock)
    assert budget.queue(signed_in=True) == 0
    for _ in range(6):
        budget.reserve(signed_in=True)
    reported = [budget.queue(signed_in=True) for _ in range(3)]
    assert reported == pytest.approx([120 / 55] * 3, abs=1e-4)
    assert budget.reserve(signed_in=True) == pytest.approx(reported[0], abs=1e-4)


def test_four_processes_together_keep_the_window_and_use_it(empty_address: str) -> None:
    """The window holds at each try; a stalled machine loses slots for good, so one of three must use it."""
    migrate(open_database(empty_address))
    used = 0.0
    for _ in range(3):
        sent, share = sent_by_four(empty_address)
        assert most_in_a_window(sent, 3.0) <= 60
        used = max(used, share)
        if used >= 0.9:
            break
    assert used >= 0.9


def sent_by_four(address: str) -> tuple[list[float], float]:
    """When four processes sent, and the share of the allowed rate used while all of them did."""
    together, reported = FORKED.Barrier(4), FORKED.Queue()
    processes = [FORKED.Process(target=send_for, args=(address, together, 7.0, reported)) for _ in range(4)]
    for process in processes:
        process.start()
    parts = [reported.get(timeout=90) for _ in processes]
    for process in processes:
        process.join(30)
    sent = sorted(moment for part in parts for moment in part)
    first, last = max(part[0] for part in parts), min(part[-1] for part in parts)
    return sent, sum(first < moment <= last for moment in sent) / (last - first) * 3.0 / 60
