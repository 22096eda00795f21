"""The JSON API's runs: their state, result, cancellation, and events as they happen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress

from anyio import sleep
from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response, StreamingResponse

from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import Run
from discogs_assistant.pipelines import runs
from discogs_assistant.pipelines.expiry import shown_result
from discogs_assistant.pipelines.what_if import what_if
from discogs_assistant.store import runs as stored_runs
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.api_schemas import FAILURES, MOVES_QUERY, RunDocument
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.json_answer import json_answer
from discogs_assistant.web.moves import asked_moves
from discogs_assistant.web.visitor import TheRun, TheVisitor, Visitor

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=FAILURES)
_SILENCE = 15.0
"""Seconds after which a watcher is sent a comment, so that nothing between us and it hangs up."""


@router.get("/{run}")
def state(run: TheRun, visitor: TheVisitor) -> RunDocument:
    """How far a run is."""
    return RunDocument(**runs.run_json(runs.find(visitor.ctx, visitor.owner, run), visitor.now))


@router.get("/{run}/result")
def result(run: TheRun, visitor: TheVisitor) -> JSONResponse:
    """The finished answer, as the command line prints it; 409 where there is none.

    Prices that may be shown no more are left out of it, and `partial` says so.
    """
    return json_answer(shown_result(visitor.ctx, visitor.owner, run))


@router.get("/{run}/what-if", dependencies=COMPUTED, openapi_extra=MOVES_QUERY)
def if_moved(run: TheRun, visitor: TheVisitor, query: TheQuery) -> JSONResponse:
    """The carts of a finished search as if it had been asked with these options in place of its own."""
    return json_answer(what_if(visitor.ctx, visitor.owner, run, asked_moves(query)))


@router.delete("/{run}", status_code=204)
def cancel(run: TheRun, visitor: TheVisitor) -> Response:
    """End a run; 409 where it has ended."""
    runs.cancel(visitor.ctx, visitor.owner, run)
    return Response(status_code=204)


@router.get(
    "/{run}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "The run's JSON at each change."}},
)
def events(run: TheRun, visitor: TheVisitor) -> StreamingResponse:
    """The run's JSON at each change, until it has ended."""
    runs.find(visitor.ctx, visitor.owner, run)
    return event_stream(_messages(visitor, run))


async def states(visitor: Visitor, run: RunId) -> AsyncIterator[Run | None]:
    """The run now and at each change, the last time when it has ended; None while nothing happens.

    They end before where the process leaves or the database is away: whoever watches asks again, and may be
    answered by another process. They end within five seconds of the session or token that asked for them, by
    whatever process that was ended. No thread waits between two looks.
    """
    with suppress(DatabaseAwayError), visitor.site.watching.of(run, visitor.credential):
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
    """Server-sent events that no proxy may hold back."""
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(messages, media_type="text/event-stream", headers=headers)


async def _messages(visitor: Visitor, run: RunId) -> AsyncIterator[str]:
    async for found in states(visitor, run):
        if found is None:
            yield ": still here\n\n"
        else:
            yield f"data: {json.dumps(runs.run_json(found, visitor.ctx.clock.now()))}\n\n"
