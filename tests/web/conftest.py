"""Fixtures of the web's tests: an instance on an SQLite file, empty or with a made-up collector's world."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from tests.web.catalogue_fakes import import_small_month
from tests.web.fakes import Instance, furnish, make_instance
from tests.web.people import Town, settled_file, town

from discogs_assistant.store.database import migrate, open_database


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("web") / "empty.db"
    db = open_database(f"sqlite:///{path}")
    migrate(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


@pytest.fixture
def instance(empty_file: Path, tmp_path: Path) -> Iterator[Instance]:
    """An instance where nobody has done anything yet."""
    path = tmp_path / "assistant.db"
    shutil.copy(empty_file, path)
    db = open_database(f"sqlite:///{path}")
    yield make_instance(tmp_path, db)
    db.close()


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a catalogue with a small month in it, to be copied."""
    return import_small_month(tmp_path_factory.mktemp("month"))


@pytest.fixture
def dumped(empty_file: Path, month: Path, tmp_path: Path) -> Iterator[Instance]:
    """An instance with a month of dumps, where nobody has done anything yet."""
    folder = tmp_path / "dumped"
    shutil.copytree(month, folder / "catalogue")
    shutil.copy(empty_file, folder / "assistant.db")
    db = open_database(f"sqlite:///{folder / 'assistant.db'}")
    yield make_instance(folder, db)
    db.close()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that a database of this process is asked."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def full(instance: Instance) -> Instance:
    """An instance with a collector's records, recommendations, copies for sale and carts."""
    return furnish(instance)


@pytest.fixture(scope="session")
def settled(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with all people of a hosted instance in it."""
    return settled_file(empty_file, tmp_path_factory.mktemp("settled"))


@pytest.fixture
def place(settled: Path, tmp_path: Path) -> Iterator[Town]:
    """A hosted instance of the test's own, where people have done something."""
    made = town(tmp_path / "town", settled)
    yield made
    made.instance.db.close()
