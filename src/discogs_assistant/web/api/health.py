"""Whether the service is alive, and whether it can do its work; neither holds personal data."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse

from discogs_assistant.errors import AssistantError
from discogs_assistant.pipelines.catalogue import overview
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.runs import Readiness, readiness
from discogs_assistant.web.session import TheSite

router = APIRouter(tags=["health"])


class ReadyDocument(BaseModel):
    """`workers` live; the oldest queued run waits for `oldest_queued` seconds; both null where unknown.

    `catalogue` is the state of the imported dumps: an instance works without any.
    """

    ready: bool
    reason: str | None
    workers: int | None
    oldest_queued: float | None
    catalogue: Literal["readable", "none", "unreadable"]


@router.get("/health")
async def health() -> dict[str, bool]:
    """200 while the process answers."""
    return {"alive": True}


@router.get("/ready", response_model=ReadyDocument, responses={503: {"model": ReadyDocument}})
def ready(site: TheSite) -> JSONResponse:
    """200 when the database answers, a worker's lease is live and no run waits too long for one."""
    try:
        found = readiness(site.ctx)
    except AssistantError as error:
        return _status_of(site.ctx, error.sentence, None)
    if not found.workers:
        return _status_of(site.ctx, "No worker is running: start one.", found)
    if found.oldest_queued > site.ctx.settings.ready_queue_age:
        return _status_of(site.ctx, "Runs wait too long for a worker: start more.", found)
    return _status_of(site.ctx, None, found)


def _status_of(ctx: Context, reason: str | None, found: Readiness | None) -> JSONResponse:
    document = ReadyDocument(
        ready=reason is None,
        reason=reason,
        workers=found.workers if found else None,
        oldest_queued=round(found.oldest_queued, 1) if found else None,
        catalogue=_catalogue(ctx),
    )
    headers = {} if reason is None else {"Retry-After": "5"}
    return JSONResponse(document.model_dump(), 200 if reason is None else 503, headers)


def _catalogue(ctx: Context) -> Literal["readable", "none", "unreadable"]:
    try:
        held = overview.status(ctx.catalogue)
    except (AssistantError, OSError, ValueError):
        return "unreadable"
    return "readable" if held.imported_at else "none"
