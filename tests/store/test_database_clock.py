"""The time of the database: the same on every machine, whatever its own clock shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.store.files import empty_file, open_copy

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.store import database_clock
from discogs_assistant.store.database import Database
from discogs_assistant.store.database_clock import DatabaseClock, clock_of

AN_ANSWER = timedelta(seconds=0.5)


def servers_time(db: Database) -> datetime:
    with db.read() as connection:
        answer: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return answer.astimezone(UTC)


@pytest.mark.postgres
def test_it_is_the_servers_and_no_machines_own(
    migrated_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda self: datetime(2001, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("time.time", lambda: 0.0)
    clock = clock_of(migrated_postgres)
    before, now, after = servers_time(migrated_postgres), clock.now(), servers_time(migrated_postgres)
    assert before - AN_ANSWER < now < after + AN_ANSWER
    assert clock.now() <= clock.now()


@pytest.mark.postgres
def test_it_goes_on_while_the_server_is_away(
    migrated_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, ticks = DatabaseClock(migrated_postgres), [1000.0]
    monkeypatch.setattr(database_clock, "_ticks", lambda: ticks[0])
    first = clock.now()

    def away(self: DatabaseClock) -> tuple[float, float]:
        raise DatabaseAwayError("The database cannot be reached.")

    monkeypatch.setattr(DatabaseClock, "_answer", away)
    ticks[0] += 60
    assert clock.now() - first == timedelta(seconds=60)
    with pytest.raises(DatabaseAwayError):
        DatabaseClock(migrated_postgres).now()


@pytest.mark.postgres
def test_an_answer_that_came_late_is_asked_for_again(
    migrated_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [(5.0, 900.0), (0.01, 500.0), (0.0, 100.0)]
    monkeypatch.setattr(DatabaseClock, "_answer", lambda self: answers.pop(0))
    monkeypatch.setattr(database_clock, "_ticks", lambda: 1000.0)
    assert DatabaseClock(migrated_postgres).now() == datetime.fromtimestamp(1500, UTC)


def test_on_a_file_it_is_the_machines_own(tmp_path: Path) -> None:
    db = open_copy(empty_file(), tmp_path / "assistant.db")
    assert isinstance(clock_of(db), SystemClock)
    db.close()
