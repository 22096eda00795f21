"""A failure that makes requests to Discogs useless: once a stage meets it, later stages send no requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from discogs_assistant.errors import AssistantError, NoConnectionError, TokenRefusedError, error_of
from discogs_assistant.model.ids import RunId
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, results

_WORK = "why nothing more is asked"


@contextmanager
def asked_once(db: Database, run_id: RunId) -> Iterator[None]:
    """Wraps requests to Discogs' API: a failure that the run has met before is raised at once.

    That is `NoConnectionError` or `TokenRefusedError`. It is stored in the run's work, so it applies to
    all workers and after a restart, and to this run only. Requests that other workers have already started
    are not stopped.
    """
    met = met_before(db, run_id)
    if met is not None:
        raise met
    try:
        yield
    except (NoConnectionError, TokenRefusedError) as error:
        remember(db, run_id, error)
        raise


def met_before(db: Database, run_id: RunId) -> AssistantError | None:
    """What the run met, if it did."""
    met = results.work(db, run_id, _WORK)
    return None if met is None else error_of(*met)


def remember(
    db: Database, run_id: RunId, error: NoConnectionError | TokenRefusedError, more: str = ""
) -> None:
    """Report it on the run, followed by `more`; later stages neither send requests nor report it again."""
    progress.add_partial(db, run_id, f"{only_known(reason(error))} {more}".strip())
    results.save_work(db, run_id, _WORK, [error.code, error.sentence, error.next_step])


def reason(error: NoConnectionError | TokenRefusedError) -> str:
    """Why no more requests are sent; for a token, which has to be replaced, with what to do."""
    return str(error) if isinstance(error, TokenRefusedError) else error.sentence


def only_known(reason: str) -> str:
    """The sentence about it."""
    return f"{reason} Only what was known before is used. Run it again later."
