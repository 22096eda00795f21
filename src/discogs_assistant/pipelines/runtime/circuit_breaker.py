"""What makes asking Discogs useless a run meets once: what one stage met, the later ones do not ask."""

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
    """Around requests to Discogs' API: what the run has met before is raised at once.

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
    """Report it on the run, followed by `more`; later stages neither ask nor report it again."""
    progress.add_partial(db, run_id, f"{only_known(reason(error))} {more}".strip())
    results.save_work(db, run_id, _WORK, [error.code, error.sentence, error.next_step])


def reason(error: NoConnectionError | TokenRefusedError) -> str:
    """Why nothing more is asked; of a token, which does not mend by itself, with what to do."""
    return str(error) if isinstance(error, TokenRefusedError) else error.sentence


def only_known(reason: str) -> str:
    """The sentence about it."""
    return f"{reason} Only what was known before is used. Run it again later."
