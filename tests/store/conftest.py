"""Fixtures of the store's tests: each test runs on SQLite and on Postgres, in empty tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Select, Table, exists, literal, select, text, union_all
from tests.store.fakes import NOW
from tests.store.files import empty_file, open_copy
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.schema import metadata

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A Postgres server's address; a visible skip where none can be had."""
    try:
        with postgres() as address:
            yield address
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[Database]:
    """A database of this session's own with all tables."""
    with fresh_database(postgres_server) as address:
        db = open_database(address)
        migrate(db)
        yield db
        db.close()


def _empty(connection: Connection) -> None:
    """No rows, and numbers from one on, as after a TRUNCATE of all tables, which takes ten times as long."""
    filled = connection.execute(union_all(*(_filled(table) for table in metadata.sorted_tables))).scalars()
    names = set(filled)
    for table in reversed(metadata.sorted_tables):
        if table.name in names:
            connection.execute(table.delete())
    used = text(
        "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    )
    for name in connection.execute(used).scalars().all():
        connection.execute(text(f'ALTER SEQUENCE "{name}" RESTART'))


def _filled(table: Table) -> Select[str]:
    """The table's name where it has a row."""
    return select(literal(table.name)).where(exists(select(literal(1)).select_from(table)))


@pytest.fixture(params=BACKENDS)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database with empty tables, once of each kind."""
    if request.param == "sqlite":
        opened = open_copy(empty_file(), tmp_path / "assistant.db")
        yield opened
        opened.close()
        return
    shared: Database = request.getfixturevalue("migrated_postgres")
    yield shared
    with shared.write() as connection:
        _empty(connection)


@pytest.fixture(params=BACKENDS)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'assistant.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as address:
        yield address


@pytest.fixture
def owner(db: Database) -> OwnerId:
    """The local account."""
    return accounts.local_account(db, NOW)


@pytest.fixture
def stranger(db: Database) -> OwnerId:
    """Somebody else's account."""
    return accounts.add_account(db, "stranger", NOW)
