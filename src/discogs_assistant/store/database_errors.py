"""What a database's own errors mean for a person."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from discogs_assistant.errors import (
    AssistantError,
    BadInputError,
    DatabaseAwayError,
    NotFoundError,
    StorageError,
)

Table = tuple[tuple[str, str, str], ...]
"""A phrase of the database's own error, a sentence for the person, and the next step."""

_NO_TABLES = (
    "The database has no tables yet, or only some of them.",
    "Start the program once to create them.",
)
_SQLITE: Table = (
    ("disk is full", "The disk is full; what was saved before is kept.", "Free some space and try again."),
    (
        "disk i/o error",
        "The disk reports an error. What was saved before is kept.",
        "Check the disk and its free space.",
    ),
    (
        "not a database",
        "The database file is not a database.",
        "Move it away, or set DATABASE_URL to another database.",
    ),
    (
        "malformed",
        "The database file is damaged.",
        "Restore it from a copy, or move it away to start with an empty database.",
    ),
    (
        "unable to open",
        "The database file cannot be opened.",
        "Check that its folder exists and that you can write to it.",
    ),
    (
        "readonly database",
        "The database file is read-only.",
        "Check that you can write to it and to its folder.",
    ),
    (
        "locked",
        "Another program has locked the database for too long.",
        "Close other programs that use it and try again.",
    ),
    ("no such table", *_NO_TABLES),
)
_AWAY = ("The database is starting or shutting down.", "Try again in a minute.")
_POSTGRES: Table = (
    ("53100", "The database's disk is full; what was saved before is kept.", "Free some space there."),
    ("42P01", *_NO_TABLES),
    ("25006", "The database is read-only.", "Check that it is not a standby."),
    (
        "42501",
        "The database does not allow what this program needs.",
        "Give this user the right to make tables.",
    ),
    ("57P", *_AWAY),
    ("25P03", *_AWAY),
    ("08", *_AWAY),
    ("40", "The database undid a change because another one was in its way.", "Try again."),
)
_PASSES = ("57P", "25P03", "08", "40")
"""States of a server that stops or starts, lost a connection, or ended a deadlock or an idle transaction."""
_LOST = ("OperationalError", "InterfaceError")
_NO_ANSWER = ("The database cannot be reached.", "Start it, or check the setting DATABASE_URL.")
_REACHING: Table = (
    (
        "password authentication failed",
        "The database refuses the user name or password.",
        "Check the setting DATABASE_URL.",
    ),
    ("does not exist", "There is no database of that name.", "Create it, or check the setting DATABASE_URL."),
    (
        "too many",
        "The database has no free connection.",
        "Allow more connections, or run fewer workers.",
    ),
    ("", *_NO_ANSWER),
)


def error_for_person(error: Exception) -> AssistantError | None:
    """The error for the person, or None for a bug of ours that should stay visible."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    kind, state = type(cause).__name__, getattr(cause, "sqlstate", None)
    if state == "23503" or (kind == "IntegrityError" and "FOREIGN KEY" in str(cause)):
        return NotFoundError(
            "The account or run that this belongs to is gone.", "It was deleted in the meantime."
        )
    if state == "22003" or kind == "OverflowError":
        return BadInputError("A number in this data is too large to store.", "Correct it and try again.")
    if state is not None:
        found = _first(str(state), _POSTGRES, str.startswith)
        return _passing(found) if found and str(state).startswith(_PASSES) else found
    if type(cause).__module__.startswith("psycopg") and kind in _LOST:
        found = _first(str(cause).casefold(), _REACHING, str.__contains__)
        return _passing(found) if found and found.sentence == _NO_ANSWER[0] else found
    return _first(str(cause).casefold(), _SQLITE, str.__contains__)


def is_away(error: BaseException | None) -> bool:
    """Whether what the workflow library's own reading or writing met is that the database went away."""
    if error is None or isinstance(error, DatabaseAwayError):
        return error is not None
    if isinstance(error, DBAPIError) and (
        error.connection_invalidated or isinstance(error_for_person(error), DatabaseAwayError)
    ):
        return True
    return is_away(error.__cause__ or error.__context__)


def newer_version() -> StorageError:
    """The database was made by a later version of the program."""
    return StorageError(
        "This database was made by a newer version of this program.",
        "Install that version, or set DATABASE_URL to another database.",
    )


def _passing(error: StorageError) -> DatabaseAwayError:
    return DatabaseAwayError(error.sentence, error.next_step)


def _first(text: str, table: Table, fits: Callable[[str, str], bool]) -> StorageError | None:
    for phrase, sentence, next_step in table:
        if fits(text, phrase):
            return StorageError(sentence, next_step)
    return None
