"""SQLite files with all tables, made once a process and copied: to make the tables takes 0.1 s each time."""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from discogs_assistant.store.database import Database, migrate, open_database


@cache
def empty_file() -> Path:
    """A file with all tables and no rows."""
    folder = Path(tempfile.mkdtemp(prefix="tables"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "empty.db"
    db = open_database(f"sqlite:///{path}")
    migrate(db)
    close_whole(db)
    return path


def open_copy(file: Path, path: Path) -> Database:
    """A copy of the file at `path`, opened."""
    shutil.copy(file, path)
    return open_database(f"sqlite:///{path}")


def close_whole(db: Database) -> None:
    """Close a database, all of which is in its one file then."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


@contextmanager
def usual_umask() -> Iterator[None]:
    """As most systems have it: others may read what is made without saying more."""
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


def modes_below(folder: Path) -> dict[str, str]:
    """The permissions of all that is in a folder, by path."""
    found = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): oct(stat.S_IMODE(path.stat().st_mode)) for path in found}
