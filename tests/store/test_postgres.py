"""Connections to Postgres: what was lost while it rested is replaced before anybody notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from discogs_assistant.store import postgres as module
from discogs_assistant.store.postgres import postgres_engine

pytestmark = pytest.mark.postgres
PID = text("SELECT pg_backend_pid()")


class Seconds:
    """Stands in for the clock that never goes back."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    made = Seconds()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def engine(postgres_server: str, seconds: Seconds) -> Iterator[Engine]:
    """An engine with one connection."""
    made = postgres_engine(make_url(postgres_server), pool_size=1, max_overflow=0)
    yield made
    made.dispose()


def backend(engine: Engine) -> int:
    """The process that serves the engine's connection."""
    with engine.connect() as connection:
        return int(connection.scalar(PID) or 0)


def cut(engine: Engine, server: str) -> int:
    """End the connection from the other side, which its process notices first when it speaks."""
    lost = backend(engine)
    other = postgres_engine(make_url(server), pool_size=1, max_overflow=0)
    with other.connect() as connection:
        # Waits until that process is gone.
        connection.execute(text("SELECT pg_terminate_backend(:lost, 5000)"), {"lost": lost})
    other.dispose()
    return lost


def test_a_connection_lost_while_it_rested_is_replaced(
    engine: Engine, postgres_server: str, seconds: Seconds
) -> None:
    lost = cut(engine, postgres_server)
    seconds.now += 1.0
    assert backend(engine) != lost


def test_one_that_was_just_used_is_not_asked_and_lost_it_fails_once(
    engine: Engine, postgres_server: str
) -> None:
    lost = cut(engine, postgres_server)
    with pytest.raises(OperationalError) as met:
        backend(engine)
    assert met.value.connection_invalidated
    assert backend(engine) != lost


def test_a_connection_that_is_used_at_once_sends_nothing_else(
    engine: Engine, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    for moment in (0.0, 0.9, 0.9, 1.0):
        seconds.now += moment
        backend(engine)
    assert len(asked) == 1
