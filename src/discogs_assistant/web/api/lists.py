"""The JSON API's two files of the newest list, narrowed by their addresses as the page is."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from discogs_assistant.model.ids import parse_user_name
from discogs_assistant.pipelines.recommendations.atom_feed import MEDIA
from discogs_assistant.store.profiles import profiles
from discogs_assistant.web.admission import COMPUTED
from discogs_assistant.web.api.schemas import FAILURES, LIST_QUERY
from discogs_assistant.web.forms import TheQuery
from discogs_assistant.web.json_answer import Responses
from discogs_assistant.web.recommendations.list_answers import atom_answer, csv_answer
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(
    prefix="/api/users/{user}/recommendations",
    tags=["recommendations"],
    responses=FAILURES,
    dependencies=COMPUTED,
)


def _file(media: str) -> Responses:
    schema = {"schema": {"type": "string"}}
    return {200: {"content": {media: schema}, "description": "The list, the best first."}}


@router.get(".csv", response_class=Response, responses=_file("text/csv"), openapi_extra=LIST_QUERY)
def as_csv(user: str, visitor: TheVisitor, query: TheQuery) -> Response:
    """The user's newest list for a spreadsheet."""
    return csv_answer(_of(visitor, user), query)


@router.get(".atom", response_class=Response, responses=_file(MEDIA), openapi_extra=LIST_QUERY)
def as_atom(user: str, visitor: TheVisitor, query: TheQuery, request: Request) -> Response:
    """The user's newest list as an Atom feed, without prices."""
    return atom_answer(_of(visitor, user), query, request)


def _of(visitor: Visitor, user: str) -> Visitor:
    return replace(visitor, user=profiles.spelling(visitor.ctx.db, visitor.owner, parse_user_name(user)))
