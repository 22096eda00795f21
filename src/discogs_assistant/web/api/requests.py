"""The JSON API's requests: each starts a run, or names the run that has the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from discogs_assistant.errors import BadInputError
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.registry import Registry, RunDefinition
from discogs_assistant.web.api.schemas import FAILURES, RunRef, body_of
from discogs_assistant.web.json_answer import Responses
from discogs_assistant.web.session import TheVisitor

_ACCEPTED: Responses = {202: {"model": RunRef, "description": "A run is under way."}}


async def read_options(request: Request, visitor: TheVisitor) -> dict[str, object]:
    """The JSON object in the body of a known person's request; an empty body is no options."""
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


TheOptions = Annotated[dict[str, object], Depends(read_options)]


def router_of(kinds: Registry) -> APIRouter:
    """An address for each kind of run that programs may start."""
    router = APIRouter(prefix="/api/users/{user}", tags=["requests"], responses=FAILURES)
    for kind in kinds:
        if kind.in_api:
            router.add_api_route(
                f"/{kind.kind}",
                _endpoint(kind),
                methods=["POST"],
                response_model=RunRef,
                responses=_ACCEPTED,
                openapi_extra=body_of(kind.options_model),
                name=str(kind.kind),
                summary=kind.title,
                description=kind.question,
            )
    return router


def _endpoint(kind: RunDefinition) -> Callable[..., JSONResponse]:
    def start(user: str, options: TheOptions, visitor: TheVisitor) -> JSONResponse:
        answer = runs.request(visitor.ctx, visitor.site.queue, visitor.owner, kind.kind, user, options)
        return JSONResponse({"run": answer.run.id}, 200 if answer.status == "finished" else 202)

    return start
