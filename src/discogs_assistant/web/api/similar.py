"""The JSON API's answer to what is more like one record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.recommendations.similar import MOST, more_like
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.api.catalogue_schemas import Like, answers
from discogs_assistant.web.api.schemas import FAILURES
from discogs_assistant.web.catalogue.release_view import find_release
from discogs_assistant.web.json_answer import json_answer
from discogs_assistant.web.session import TheNumber, TheVisitor

router = APIRouter(
    prefix="/api/users/{user}", tags=["recommendations"], responses=FAILURES, dependencies=COMPUTED
)
_USUAL = 24


@router.get("/like/{id}", responses=answers(Like, "The most alike first."))
def like(
    user: str, id: TheNumber, visitor: TheVisitor, limit: Annotated[int, Query(ge=1, le=MOST)] = _USUAL
) -> JSONResponse:
    """Records that are most like a release, weighed by the user's taste, each as a list has it.

    404 for an unknown release; 409 before anything was learned from the user's records.
    """
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        raise NotFoundError(f"No release {id} is known here.", "Look on Discogs, or import a newer month.")
    return json_answer(more_like(visitor.ctx, visitor.owner, visitor.spelled(user), known.release, limit))
