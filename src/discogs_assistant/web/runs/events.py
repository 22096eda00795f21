"""A run's changes as they happen, and the stream of server-sent events that carries them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

from anyio import sleep
from anyio.to_thread import run_sync
from starlette.responses import StreamingResponse

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import Run
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.web.session import Visitor

_SILENCE = 15.0
"""Seconds after which a watcher is sent a comment, so that nothing between us and it hangs up."""


async def states(visitor: Visitor, run: RunId) -> AsyncIterator[Run | None]:
    """The run now and at each change, the last time when it has ended; None while nothing happens.

    They end earlier if the process stops or the database is away: the browser reconnects, maybe to another
    process. They end within five seconds after their session or token is ended, whatever process ended it.
    No thread waits between two looks.
    """
    with suppress(DatabaseAwayError), visitor.site.watching.of(visitor.owner, run, visitor.credential):
        async for found in _states(visitor, run):
            yield found


async def _states(visitor: Visitor, run: RunId) -> AsyncIterator[Run | None]:
    site, owner = visitor.site, visitor.owner
    seen: int | None = None
    silent = 0.0
    while not site.leaving.is_set():
        if not await site.watching.signed_in(site.ctx, visitor.credential):
            return
        revision = await site.watching.revision(site.ctx.db, owner, run, site.poll)
        if revision is None:
            return
        if revision != seen:
            seen, silent = revision, 0.0
            found = await run_sync(stored_runs.run, site.ctx.db, owner, run)
            if found is None:
                return
            yield found
            if found.state.ended:
                return
        elif silent >= _SILENCE:
            silent = 0.0
            yield None
        await sleep(site.poll)
        silent += site.poll


def event_stream(messages: AsyncIterator[str]) -> StreamingResponse:
    """Server-sent events that no proxy may buffer."""
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(messages, media_type="text/event-stream", headers=headers)
