"""A copy of an SQLite database, made while it is in use, and restored where there is no database."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from discogs_assistant.errors import BadInputError
from discogs_assistant.store.database import Database, open_database
from discogs_assistant.store.database_errors import error_for_person
from discogs_assistant.store.private_files import make_private_folder

_WAITING = 60.0
_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps of a database: the file itself, and those beside it that it reads changes from."""


def file_of(db: Database) -> Path:
    """The database's file; `BadInputError` where it is a Postgres, which has tools of its own for this."""
    if db.dialect != "sqlite":
        raise BadInputError(
            "This instance uses a Postgres database.",
            "Copy it with pg_dump and pg_restore, as docs/hosting.md shows.",
        )
    return Path(db.engine.url.database or "")


def save_copy(source: Path, target: Path) -> int:
    """Write a whole copy as of one moment, while others read and write; its bytes.

    `BadInputError` if the target exists: an older copy is never overwritten.
    """
    if target.exists():
        raise BadInputError(f"{target} is there already.", "Name a new file, or move that one away.")
    unready = target.with_name(f"{target.name}.part")
    unready.unlink(missing_ok=True)
    try:
        unready.touch(mode=0o600)
        with closing(sqlite3.connect(source, timeout=_WAITING)) as connection:
            connection.execute("VACUUM INTO ?", (str(unready),))
        unready.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    except sqlite3.Error as error:
        raise error_for_person(error) or error from error
    finally:
        unready.unlink(missing_ok=True)
    return target.stat().st_size


def put_back(copy: Path, target: Path) -> str:
    """Make the copy the database at `target`; the version of its tables.

    `BadInputError` if a database is there, or remains of one: SQLite would read its last changes
    into the copy. The same if the copy is not a database; `StorageError` if it is of a newer program.
    """
    for file in (target.with_name(target.name + ending) for ending in _BESIDE):
        if file.exists():
            what = "a database" if file == target else "a part of a database"
            raise BadInputError(
                f"There is {what} already: {file}.",
                "Stop the program and move that file away, with those beside it that end in -wal, -shm "
                "or -journal.",
            )
    version = _version_of(copy)
    unready = target.with_name(f"{target.name}.part")
    try:
        make_private_folder(target.parent)
        unready.unlink(missing_ok=True)
        unready.touch(mode=0o600)
        shutil.copyfile(copy, unready)
        unready.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    return version


def _version_of(copy: Path) -> str:
    if not copy.is_file():
        raise BadInputError(f"The file {copy} does not exist.", "Name the copy that `backup` wrote.")
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise _no_copy(copy) from error
    if not sound or row is None:
        raise _no_copy(copy)
    open_database(f"sqlite:///{copy}").close()
    return str(row[0])


def _no_copy(copy: Path) -> BadInputError:
    return BadInputError(f"{copy} is no sound copy of this program's database.", "Name another copy.")


def _unwritable(target: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{target} cannot be written: {os.strerror(error.errno or 0)}.", "Choose another place."
    )
