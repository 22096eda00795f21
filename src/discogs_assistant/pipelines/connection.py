"""Where Discogs cannot be reached a run finds out once: what one stage met, the later ones do not ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from discogs_assistant.errors import NoConnectionError
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import results, run_progress

_WORK = "no connection"


@contextmanager
def asked_once(ctx: Context, run_id: RunId) -> Iterator[None]:
    """Around requests to Discogs' API: `NoConnectionError` at once where the run has met it before.

    What is met is kept in the run's work, so it holds for all workers and after a restart, and for this run
    only. Requests that other workers have begun meanwhile are not held back.
    """
    met = no_connection(ctx, run_id)
    if met is not None:
        raise met
    try:
        yield
    except NoConnectionError as error:
        remember(ctx, run_id, error)
        raise


def no_connection(ctx: Context, run_id: RunId) -> NoConnectionError | None:
    """What the run met, if it did."""
    met = results.work(ctx.db, run_id, _WORK)
    return None if met is None else NoConnectionError(*met)


def remember(ctx: Context, run_id: RunId, error: NoConnectionError, more: str = "") -> None:
    """Say it on the run, with `more` behind it, and let the later stages neither ask nor say it again."""
    run_progress.add_partial(ctx.db, run_id, f"{only_known(error.sentence)} {more}".strip())
    results.save_work(ctx.db, run_id, _WORK, [error.sentence, error.next_step])


def only_known(sentence: str) -> str:
    """What is said of it."""
    return f"{sentence} Only what was known before is used; run it anew later."
