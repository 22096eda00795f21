"""The page of a run: how long it still takes, and on to its result."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from discogs_assistant.errors import ConflictError
from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunState
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.runs import progress as stored_progress
from discogs_assistant.web.redirects import see_other
from discogs_assistant.web.runs.events import event_stream, states
from discogs_assistant.web.runs.run_view import RunView
from discogs_assistant.web.session import TheRun, TheVisitor, Visitor

router = APIRouter(prefix="/runs/{run}", include_in_schema=False)


@router.get("")
def page(run: TheRun, visitor: TheVisitor) -> HTMLResponse:
    """Stage, counts, time left, log lines."""
    lines = stored_progress.log_lines(visitor.ctx.db, visitor.owner, run)
    return visitor.page("runs/run.html", view=_view(visitor, run), lines=lines)


@router.get("/progress")
def progress(run: TheRun, visitor: TheVisitor) -> Response:
    """The changing part of the page, for those whose events do not arrive."""
    view = _view(visitor, run)
    if view.run.state.ended:
        return _lead_on(view, by_script=True)
    return visitor.page("runs/progress.html", view=view)


@router.get("/log")
def log(run: TheRun, visitor: TheVisitor) -> HTMLResponse:
    """The log lines alone."""
    runs.find(visitor.ctx.db, visitor.owner, run)
    return visitor.page("runs/log.html", lines=stored_progress.log_lines(visitor.ctx.db, visitor.owner, run))


@router.get("/next")
def lead_on(run: TheRun, visitor: TheVisitor, request: Request) -> Response:
    """Redirect to the result, or back to the run's page while there is none."""
    return _lead_on(_view(visitor, run), by_script="hx-request" in request.headers)


@router.get("/stream")
def stream(run: TheRun, visitor: TheVisitor) -> StreamingResponse:
    """The changing part of the page at each change, then the event `done`."""
    runs.find(visitor.ctx.db, visitor.owner, run)
    return event_stream(_fragments(visitor, run))


@router.post("/cancel")
def cancel(run: TheRun, visitor: TheVisitor) -> RedirectResponse:
    """Cancel it; a run that has just ended by itself is shown as it is."""
    try:
        runs.cancel(visitor.ctx, visitor.owner, run)
    except ConflictError:
        return see_other(f"/runs/{run}")
    return see_other(f"/runs/{run}")


@router.post("/again")
def again(run: TheRun, visitor: TheVisitor) -> RedirectResponse:
    """Request the same again."""
    return ask_again(visitor, run)


def ask_again(visitor: Visitor, run: RunId, **changes: object) -> RedirectResponse:
    """Request a run with another's criteria, except for `changes`."""
    old = runs.find(visitor.ctx.db, visitor.owner, run)
    options = {name: value for name, value in old.criteria.items() if value not in (None, [], "")}
    answer = runs.request(
        visitor.ctx,
        visitor.site.queue,
        visitor.owner,
        old.kind,
        old.user,
        options | changes | {"run_anew": True},
    )
    return see_other(f"/runs/{answer.run.id}")


def _view(visitor: Visitor, run: RunId) -> RunView:
    return RunView(runs.find(visitor.ctx.db, visitor.owner, run), visitor.now, visitor.ctx.kinds)


def _lead_on(view: RunView, *, by_script: bool) -> Response:
    address = view.result_address if view.run.state is RunState.DONE else view.address
    return Response(headers={"HX-Redirect": address}) if by_script else see_other(address)


async def _fragments(visitor: Visitor, run: RunId) -> AsyncIterator[str]:
    async for found in states(visitor, run):
        if found is None:
            yield ": still here\n\n"
        elif found.state.ended:
            yield f"event: done\ndata: {found.state.value}\n\n"
        else:
            view = RunView(found, visitor.ctx.clock.now(), visitor.ctx.kinds)
            lines = visitor.site.templates.render("runs/progress.html", view=view).splitlines()
            yield "".join(f"data: {line}\n" for line in lines) + "\n"
