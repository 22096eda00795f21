"""What the workflow library's errors are to us: a database that is away, or a mistake that must be seen."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import pytest
from sqlalchemy import exc, text

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ids import OwnerId, new_run_id
from discogs_assistant.pipelines.runtime.workflow_library import Library
from discogs_assistant.store.database import Database


class Failing:
    """Stands where the library's client does: every question ends in this error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    @property
    def _sys_db(self) -> Failing:
        return self

    def __getattr__(self, name: str) -> Any:
        def ask(*values: object, **more: object) -> None:
            raise self.error

        return ask


def failing(db: Database, error: Exception) -> Library:
    library = Library(db)
    library._client = Failing(error)  # type: ignore[assignment]
    return library


def ask_everything(library: Library) -> list[Any]:
    run = new_run_id()
    return [
        lambda: library.register_queues(1),
        lambda: library.enqueue(run, OwnerId(1)),
        lambda: library.lead("1"),
        lambda: library.hand_over("worker", "1"),
        lambda: library.put_back(run, "worker"),
        lambda: library.workflow_states([run]),
        library.holders,
        lambda: library.pending("worker"),
        lambda: library.forget([run]),
        lambda: library.forget_runs([run]),
    ]


PASSES = [
    exc.OperationalError(
        "SELECT", None, psycopg.OperationalError("server closed the connection unexpectedly")
    ),
    exc.OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full")),
    exc.OperationalError("INSERT", None, sqlite3.OperationalError("database is locked")),
    exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
]
MISTAKES = [
    exc.OperationalError("SELEC", None, sqlite3.OperationalError('near "SELEC": syntax error')),
    exc.ProgrammingError("SELECT", None, psycopg.errors.UndefinedColumn("column x does not exist")),
    exc.InvalidRequestError("This connection has already begun a transaction"),
]


@pytest.mark.parametrize("error", PASSES, ids=lambda error: str(error)[:60])
def test_what_passes_or_the_machine_is_to_blame_for_is_tried_again(db: Database, error: Exception) -> None:
    for ask in ask_everything(failing(db, error)):
        with pytest.raises(DatabaseAwayError):
            ask()


@pytest.mark.parametrize("error", MISTAKES, ids=lambda error: str(error)[:60])
def test_a_mistake_of_ours_is_seen_as_it_is(db: Database, error: Exception) -> None:
    for ask in ask_everything(failing(db, error)):
        with pytest.raises(type(error)):
            ask()


def test_tables_that_are_not_there_yet_are_a_database_that_is_away(db: Database) -> None:
    library = Library(db)
    library.prepare()
    with db.write() as connection:
        connection.execute(text("DROP TABLE workflow_status"))
    with pytest.raises(DatabaseAwayError):
        library.pending("worker")
    library.close()
