"""The JSON API's runs: their state, result, cancellation, and events as they happen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response, StreamingResponse

from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.carts.price_expiry import shown_result
from discogs_assistant.pipelines.carts.what_if import what_if
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.web.api.schemas import FAILURES, OVERRIDES_QUERY, RunDocument
from discogs_assistant.web.carts.overrides import asked_overrides
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.json_answer import json_answer
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.runs.events import event_stream, states
from discogs_assistant.web.session import TheRun, TheVisitor, Visitor

router = APIRouter(prefix="/api/runs", tags=["runs"], responses=FAILURES)


@router.get("/{run}")
def state(run: TheRun, visitor: TheVisitor) -> RunDocument:
    """How far a run is."""
    return RunDocument(**runs.run_json(runs.find(visitor.ctx.db, visitor.owner, run), visitor.now))


@router.get("/{run}/result")
def result(run: TheRun, visitor: TheVisitor) -> JSONResponse:
    """The finished answer, as the command line prints it; 409 where there is none.

    Prices that may be shown no more are left out of it, and `partial` says so.
    """
    return json_answer(shown_result(visitor.ctx, visitor.owner, run))


@router.get("/{run}/what-if", dependencies=COMPUTED, openapi_extra=OVERRIDES_QUERY)
def if_moved(run: TheRun, visitor: TheVisitor, query: TheQuery) -> JSONResponse:
    """The carts of a finished search as if it had been requested with these options in place of its own."""
    return json_answer(what_if(visitor.ctx, visitor.owner, run, asked_overrides(query)))


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
    runs.find(visitor.ctx.db, visitor.owner, run)
    return event_stream(_messages(visitor, run))


async def _messages(visitor: Visitor, run: RunId) -> AsyncIterator[str]:
    async for found in states(visitor, run):
        if found is None:
            yield ": still here\n\n"
        else:
            yield f"data: {json.dumps(runs.run_json(found, visitor.ctx.clock.now()))}\n\n"
