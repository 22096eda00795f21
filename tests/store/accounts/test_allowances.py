"""A number of times in a window, for each subject, whichever process counts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.store.fakes import NOW

from discogs_assistant.store.accounts.allowances import Allowance, Refused, forget_spent, take, take_all, wait
from discogs_assistant.store.database import Database
from discogs_assistant.store.schema import allowance

THREE = Allowance("sign-in", 3, timedelta(seconds=30))


def test_so_many_go_at_once_and_then_one_for_each_part_of_the_window(db: Database) -> None:
    assert [round(take(db, THREE, "a", NOW), 2) for _ in range(5)] == [0, 0, 0, 10, 10]
    later = NOW + timedelta(seconds=10)
    assert [round(take(db, THREE, "a", later), 2) for _ in range(2)] == [0, 10]


def test_each_subject_and_kind_has_its_own(db: Database) -> None:
    for _ in range(4):
        take(db, THREE, "a", NOW)
    assert take(db, THREE, "b", NOW) == 0
    assert take(db, Allowance("run", 3, THREE.window), "a", NOW) == 0


def test_of_several_all_are_counted_or_none(db: Database) -> None:
    single = Allowance("all", 1, THREE.window)
    assert take_all(db, [(THREE, "a"), (single, "")], NOW) is None
    refused = [take_all(db, [(THREE, "a"), (single, "")], NOW) for _ in range(3)]
    assert refused == [Refused("all", 30.0)] * 3
    assert [round(take(db, THREE, "a", NOW), 2) for _ in range(3)] == [0, 0, 10]


def test_a_row_written_by_a_wrong_clock_blocks_no_caller(db: Database) -> None:
    take(db, THREE, "a", NOW + timedelta(days=365))
    assert take(db, THREE, "a", NOW) == 0


def test_used_up_allowances_are_deleted(db: Database) -> None:
    take(db, THREE, "a", NOW)
    take(db, THREE, "b", NOW + timedelta(seconds=100))
    forget_spent(db, NOW + timedelta(seconds=50))
    with db.read() as connection:
        assert connection.scalar(select(func.count()).select_from(allowance)) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 20), min_size=1, max_size=30))
def test_asking_for_the_wait_gives_the_same_answer_as_trying_and_counts_nothing(
    db: Database, gaps: list[float]
) -> None:
    subject, moment = str(uuid4()), NOW
    for gap in gaps:
        moment += timedelta(seconds=gap)
        waits = [wait(db, THREE, subject, moment) for _ in range(5)]
        assert waits == [take(db, THREE, subject, moment)] * 5


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 20), min_size=1, max_size=30))
def test_no_window_sees_twice_its_most(db: Database, gaps: list[float]) -> None:
    """By an oracle: the moments that were allowed, counted."""
    subject, moment, allowed = str(uuid4()), NOW, []
    for gap in gaps:
        moment += timedelta(seconds=gap)
        if take(db, THREE, subject, moment) == 0:
            allowed.append(moment)
    for first in allowed:
        within = [
            moment_allowed for moment_allowed in allowed if first <= moment_allowed < first + THREE.window
        ]
        assert len(within) < 2 * THREE.most
    assert len(allowed) <= THREE.most + (moment - NOW) / THREE.window * THREE.most + 1
