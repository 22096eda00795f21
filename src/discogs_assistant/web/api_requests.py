"""The JSON API's requests: each starts a run, or names the one that has the answer."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines import runs
from discogs_assistant.web.api_schemas import FAILURES, RECOMMEND_BODY, SHOP_BODY, SYNC_BODY, RunRef
from discogs_assistant.web.visitor import TheVisitor, Visitor

router = APIRouter(prefix="/api/users/{user}", tags=["requests"], responses=FAILURES)
_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"model": RunRef, "description": "A run is under way."}}


async def read_options(request: Request, visitor: TheVisitor) -> dict[str, Any]:
    """The JSON object in the body of somebody known; none is no options."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        options = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInputError("The body is not JSON.", "Send an object of options, such as {}.") from error
    if not isinstance(options, dict):
        raise BadInputError("The body is not a JSON object.", "Send an object of options, such as {}.")
    return options


TheOptions = Annotated[dict[str, Any], Depends(read_options)]


@router.post("/sync", response_model=RunRef, responses=_ACCEPTED, openapi_extra=SYNC_BODY)
def sync(user: str, options: TheOptions, visitor: TheVisitor) -> JSONResponse:
    """Read a profile from Discogs."""
    return _request(visitor, RunKind.SYNC, user, options)


@router.post("/recommendations", response_model=RunRef, responses=_ACCEPTED, openapi_extra=RECOMMEND_BODY)
def recommendations(user: str, options: TheOptions, visitor: TheVisitor) -> JSONResponse:
    """Find what the user would love."""
    return _request(visitor, RunKind.RECOMMEND, user, options)


@router.post("/carts", response_model=RunRef, responses=_ACCEPTED, openapi_extra=SHOP_BODY)
def carts(user: str, options: TheOptions, visitor: TheVisitor) -> JSONResponse:
    """Build the best cart of each seller."""
    return _request(visitor, RunKind.SHOP, user, options)


def _request(visitor: Visitor, kind: RunKind, user: str, options: dict[str, Any]) -> JSONResponse:
    answer = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, kind, user, options)
    return JSONResponse({"run": answer.run.id}, 200 if answer.status == "finished" else 202)
