"""Whether the service lives, and whether it can do its work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from discogs_assistant.errors import StorageError
from discogs_assistant.pipelines.runs import worker_lives
from discogs_assistant.web.visitor import TheSite

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> dict[str, Any]:
    """200 while the process answers."""
    return {"alive": True}


@router.get("/ready", responses={503: {"description": "The reason why not."}})
def ready(site: TheSite) -> JSONResponse:
    """200 when the database answers and a worker's lease is live."""
    try:
        lives = worker_lives(site.ctx)
    except StorageError as error:
        return JSONResponse({"ready": False, "reason": error.sentence}, 503)
    if not lives:
        return JSONResponse({"ready": False, "reason": "No worker is running: start one."}, 503)
    return JSONResponse({"ready": True, "reason": None})
