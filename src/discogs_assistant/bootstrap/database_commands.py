"""What commands do with the database alone: copy it, restore a copy, read exchange rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from discogs_assistant.bootstrap.settings import read_settings
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.store.database import migrate, open_database
from discogs_assistant.store.operations import backup


def save_backup(target: Path) -> int:
    """Write a copy of the SQLite database as of this moment; its bytes. Nothing needs to be stopped."""
    db = open_database(read_settings().database)
    try:
        return backup.save_copy(backup.file_of(db), target)
    finally:
        db.close()


def restore_backup(copy: Path) -> Path:
    """Restore a copy as the database that the settings name, if there is none yet; returns its place."""
    address = read_settings().database
    if not address.startswith("sqlite:///"):
        raise BadInputError(
            "The setting DATABASE_URL names a Postgres.",
            "Put it back with pg_restore, as docs/hosting.md shows.",
        )
    place = Path(address.removeprefix("sqlite:///"))
    backup.put_back(copy, place)
    return place


def rates_into(target: Currency, day: date | None) -> RateTable:
    """The newest stored rates that are not after `day`, or not after today."""
    db = open_database(read_settings().database)
    try:
        migrate(db)
        return rate_table(db, target, day or SystemClock().now().date())
    finally:
        db.close()
