"""The JSON API of one user: what is more like a record, the newest list as a file, taste, wantlist."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import ReleaseId, parse_user_name
from discogs_assistant.pipelines.profiles import wantlist
from discogs_assistant.pipelines.recommendations.atom_feed import MEDIA
from discogs_assistant.pipelines.recommendations.similar import MOST, more_like
from discogs_assistant.pipelines.recommendations.taste_result import TasteDocument
from discogs_assistant.store.profiles import profiles
from discogs_assistant.web.api.catalogue_schemas import Like, answers
from discogs_assistant.web.api.schemas import FAILURES, LIST_QUERY, UPSTREAM, WantDocument
from discogs_assistant.web.catalogue.release_view import find_release
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.json_answer import Responses, json_answer
from discogs_assistant.web.recommendations.list_answers import atom_answer, csv_answer
from discogs_assistant.web.recommendations.taste_document import known_taste
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheNumber, TheVisitor, Visitor

router = APIRouter(prefix="/api/users/{user}", responses=FAILURES)
_USUAL = 24


@router.get(
    "/like/{id}",
    tags=["recommendations"],
    dependencies=COMPUTED,
    responses=answers(Like, "The most alike first."),
)
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


def _file(media: str) -> Responses:
    schema = {"schema": {"type": "string"}}
    return {200: {"content": {media: schema}, "description": "The list, the best first."}}


@router.get(
    "/recommendations.csv",
    tags=["recommendations"],
    dependencies=COMPUTED,
    response_class=Response,
    responses=_file("text/csv"),
    openapi_extra=LIST_QUERY,
)
def as_csv(user: str, visitor: TheVisitor, query: TheQuery) -> Response:
    """The user's newest list for a spreadsheet."""
    return csv_answer(_of(visitor, user), query)


@router.get(
    "/recommendations.atom",
    tags=["recommendations"],
    dependencies=COMPUTED,
    response_class=Response,
    responses=_file(MEDIA),
    openapi_extra=LIST_QUERY,
)
def as_atom(user: str, visitor: TheVisitor, query: TheQuery, request: Request) -> Response:
    """The user's newest list as an Atom feed, without prices."""
    return atom_answer(_of(visitor, user), query, request)


@router.get("/taste", tags=["taste"], dependencies=COMPUTED)
def taste(user: str, visitor: TheVisitor) -> TasteDocument:
    """What the user owns by style, decade, label and country, the map of styles, and what each love moved."""
    found = known_taste(visitor, visitor.spelled(user))
    if found is None:
        raise NotFoundError(f"Nothing was read of {user} yet.", "Read the profile first: POST …/sync.")
    return found.document


@router.put("/wants/{id}", tags=["wantlist"], responses=UPSTREAM)
def put(user: str, id: TheNumber, visitor: TheVisitor) -> WantDocument:
    """Put a release on the wantlist at Discogs with the user's token, and then on the stored one."""
    want = wantlist.add(visitor.ctx, visitor.owner, visitor.spelled(user), ReleaseId(id))
    return WantDocument(release_id=want.release_id, added=want.added.isoformat() if want.added else None)


@router.delete("/wants/{id}", status_code=204, tags=["wantlist"], responses=UPSTREAM)
def delete(user: str, id: TheNumber, visitor: TheVisitor) -> Response:
    """Take a release off both; a release that is on neither is no error."""
    wantlist.drop(visitor.ctx, visitor.owner, visitor.spelled(user), ReleaseId(id))
    return Response(status_code=204)


def _of(visitor: Visitor, user: str) -> Visitor:
    return replace(visitor, user=profiles.spelling(visitor.ctx.db, visitor.owner, parse_user_name(user)))
