"""Which of a database's own errors pass by themselves."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from discogs_assistant.errors import DatabaseAwayError, StorageError
from discogs_assistant.store.database import Database
from discogs_assistant.store.database_errors import error_for_person, is_away

PASSES = [
    errors.AdminShutdown("terminating connection due to administrator command"),
    errors.CannotConnectNow("the database system is starting up"),
    errors.ConnectionFailure("the connection broke"),
    errors.IdleInTransactionSessionTimeout("terminating connection due to idle-in-transaction timeout"),
    errors.DeadlockDetected("deadlock detected"),
    psycopg.OperationalError("server closed the connection unexpectedly"),
    psycopg.OperationalError("connection failed: No such file or directory"),
]
STAYS = [
    errors.DiskFull("could not extend file"),
    errors.InsufficientPrivilege("permission denied"),
    psycopg.OperationalError('FATAL: password authentication failed for user "x"'),
    psycopg.OperationalError('FATAL: database "x" does not exist'),
]


@pytest.mark.parametrize("error", PASSES, ids=lambda error: type(error).__name__)
def test_a_restarting_server_or_a_broken_connection_is_temporary(error: Exception) -> None:
    assert isinstance(error_for_person(error), DatabaseAwayError)


@pytest.mark.parametrize("error", STAYS, ids=lambda error: type(error).__name__)
def test_what_a_person_must_mend_does_not(error: Exception) -> None:
    found = error_for_person(error)
    assert isinstance(found, StorageError)
    assert not isinstance(found, DatabaseAwayError)


@pytest.mark.postgres
def test_a_process_that_stops_in_a_transaction_keeps_its_locks_for_seconds_only(
    migrated_postgres: Database,
) -> None:
    with migrated_postgres.read() as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "15s"


def test_a_lost_connection_is_recognised_at_any_depth_and_from_any_library() -> None:
    lost = OperationalError("SELECT 1", None, psycopg.OperationalError("consuming input failed"))
    outer = RuntimeError("the library's own sentence")
    outer.__cause__ = lost
    assert is_away(outer)
    assert is_away(InterfaceError("SELECT 1", None, psycopg.InterfaceError("cursor closed")))
    assert not is_away(RuntimeError("a mistake of ours"))
