"""Which version of the tables a database has, and bringing it to ours."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from discogs_assistant.store.failures import newer_version

_LOCK = 7_246_001
"""Names the lock by which one process at a time migrates a Postgres database."""


def check(connection: Connection) -> None:
    """`StorageError` where a newer version of the program made the tables."""
    if version_of(connection) not in {None, *known_versions()}:
        raise newer_version()


def version_of(connection: Connection) -> str | None:
    """The version of the database's tables; None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known_versions() -> list[str]:
    """The versions this program knows, oldest first: the numbers that the migrations' files begin with."""
    folder = files("discogs_assistant.store") / "migrations" / "versions"
    return sorted(file.name.split("_")[0] for file in folder.iterdir() if file.name[0].isdigit())


def upgrade(connection: Connection) -> None:
    """Make or change the tables inside the caller's transaction, while no other process does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    check(connection)
    if version_of(connection) == known_versions()[-1]:
        return
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "discogs_assistant.store:migrations")
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
