"""Opening and migrating databases, and what goes wrong with them."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, make_url, select, text, update
from tests.forked import FORKED
from tests.store.fakes import NOW, make_listing
from tests.store.processes import count_up, version_after_migrating

from discogs_assistant.errors import BadInputError, NotFoundError, StorageError
from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store import schema_version
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database, migrate, open_database
from discogs_assistant.store.market import listings
from discogs_assistant.store.schema import account, lease, metadata


def test_migrating_makes_exactly_the_tables_of_the_schema(db: Database) -> None:
    with db.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(db: Database, owner: OwnerId) -> None:
    migrate(db)
    assert accounts.local_account(db, NOW) == owner


def test_processes_that_migrate_at_once_do_not_meet(empty_address: str) -> None:
    with FORKED.Pool(4) as pool:
        versions = pool.map(version_after_migrating, [empty_address] * 8, chunksize=1)
    assert set(versions) == {schema_version.known_versions()[-1]}


def test_processes_that_read_and_write_one_file_lose_nothing(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'assistant.db'}"
    db = open_database(address)
    migrate(db)
    accounts.local_account(db, NOW)
    with FORKED.Pool(4) as pool:
        pool.map(count_up, [address] * 4, chunksize=1)
    with db.read() as connection:
        assert connection.scalar(select(account.c.country)) == "200"


def test_readers_do_not_wait_for_a_writer(db: Database, owner: OwnerId) -> None:
    read: list[bool] = []
    with db.write() as connection:
        connection.execute(update(account).values(consent=True))
        reader = threading.Thread(target=lambda: read.append(accounts.consent(db, owner)))
        reader.start()
        reader.join(10)
    assert read == [False]


def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    row = {"executor_id": "a", "renewed_at": NOW, "claimed": False}
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        connection.execute(insert(lease).values(row))
        raise ZeroDivisionError
    with db.read() as connection:
        assert connection.execute(select(lease)).all() == []


def test_a_database_of_a_newer_version_is_refused(empty_address: str) -> None:
    db = open_database(empty_address)
    migrate(db)
    with db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer version"):
        migrate(db)
    db.close()
    with pytest.raises(StorageError, match="newer version"):
        open_database(empty_address)


def test_personal_data_of_a_deleted_account_cannot_be_added(db: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="gone"):
        discogs_tokens.save_token(db, Vault.open(tmp_path, "key"), OwnerId(12345), PersonalToken("token"))


def test_the_data_folder_and_file_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'data' / 'assistant.db'}").close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "assistant.db").stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_reported_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    path.write_bytes(b"Catalog#,Artist,Title\n" * 500)
    with pytest.raises(StorageError, match="not a database"):
        open_database(f"sqlite:///{path}")


def test_a_folder_in_place_of_the_file_is_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_reported_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StorageError, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path / 'taken' / 'assistant.db'}")


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_neither_is_reported_in_a_sentence(address: str) -> None:
    with pytest.raises(StorageError, match="database"):
        open_database(address)


def test_a_postgres_that_is_not_there_is_reported_without_its_password() -> None:
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        open_database("postgresql://me:hunter2@127.0.0.1:1/name")
    assert "hunter2" not in str(caught.value)


def test_a_full_disk_is_reported_in_a_sentence_and_keeps_what_was_there(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'assistant.db'}")
    migrate(db)
    owner = accounts.local_account(db, NOW)
    with pytest.raises(StorageError, match="disk is full"), db.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(500):
            row = {"executor_id": "x" * 1000 + str(number), "renewed_at": NOW, "claimed": False}
            connection.execute(insert(lease).values(row))
    db.close()
    assert accounts.local_account(open_database(f"sqlite:///{tmp_path / 'assistant.db'}"), NOW) == owner


def test_a_postgres_database_that_is_missing_is_reported_in_a_sentence(postgres_server: str) -> None:
    missing = make_url(postgres_server).set(database="missing")
    with pytest.raises(StorageError, match="no database of that name"):
        open_database(missing.render_as_string(hide_password=False))


def test_a_number_too_large_to_keep_is_bad_input(db: Database, owner: OwnerId) -> None:
    for large in (2**63, 10**30):
        with pytest.raises(BadInputError, match="too large"):
            listings.save_listings(db, owner, [make_listing(large)], [])


def test_a_damaged_database_is_reported_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    db = open_database(f"sqlite:///{path}")
    migrate(db)
    db.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StorageError, match="damaged"):
        migrate(open_database(f"sqlite:///{path}"))


def test_a_database_without_tables_is_reported_in_a_sentence(empty_address: str) -> None:
    db = open_database(empty_address)
    with pytest.raises(StorageError, match="no tables"):
        accounts.local_account(db, NOW)
    db.close()


def test_tables_of_the_workflow_library_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE workflow_status (id TEXT)")
    db = open_database(f"sqlite:///{path}")
    migrate(db)
    assert "workflow_status" in inspect(db.engine).get_table_names()
