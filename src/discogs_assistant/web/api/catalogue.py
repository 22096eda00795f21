"""The JSON API's catalogue: releases by number, and found by words."""

from __future__ import annotations

from fastapi import APIRouter

from discogs_assistant.errors import BadInputError, NotFoundError
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.catalogue import releases
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.web.api.catalogue_schemas import Found, FoundShape, ReleaseShape
from discogs_assistant.web.api.schemas import FAILURES, SEARCH_QUERY
from discogs_assistant.web.catalogue.release_view import find_release
from discogs_assistant.web.catalogue.search_query import read_question
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheNumber, TheVisitor

router = APIRouter(prefix="/api", tags=["catalogue"], responses=FAILURES, dependencies=COMPUTED)
_USUAL, _MOST = 20, 200


@router.get("/releases/{id}", response_description="What is known.")
def release(id: TheNumber, visitor: TheVisitor) -> ReleaseShape:
    """All that is known of a release, with where from and since when; 404 where nothing is."""
    known = find_release(visitor, ReleaseId(id))
    if known is None:
        raise NotFoundError(f"No release {id} is known here.", "Look on Discogs, or import a newer month.")
    return ReleaseShape.of(known)


@router.get("/search", response_description="The best first.", openapi_extra=SEARCH_QUERY)
def search(visitor: TheVisitor, query: TheQuery) -> Found:
    """Releases that answer, the best first, a line each; 422 where nothing is looked for."""
    question, limit = read_question(query), _limit(query)
    if question == Question():
        raise BadInputError("Nothing to look for was given.", "Give q, or a field such as artist.", field="q")
    db, files = visitor.ctx.db, visitor.ctx.catalogue
    found = releases.search(db, files, question, limit, owner=visitor.owner)
    return Found(releases=tuple(FoundShape.of(release) for release in found))


def _limit(query: Form) -> int:
    asked = query.text("limit") or str(_USUAL)
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:5]) <= _MOST):
        raise BadInputError(f"“limit” is a number from 1 to {_MOST}.", field="limit")
    return int(asked)
