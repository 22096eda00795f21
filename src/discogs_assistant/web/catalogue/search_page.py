"""The page that finds records: one box, narrow fields, and suggestions while one types."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from discogs_assistant.errors import InvalidFieldsError
from discogs_assistant.pipelines.catalogue import suggestions as catalogue_suggestions
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.web.catalogue.search_query import DECADES, FILTERS, NARROW, query_of, read_question
from discogs_assistant.web.catalogue.search_view import search_view
from discogs_assistant.web.catalogue.state import catalogue_state
from discogs_assistant.web.forms import Form, TheQuery
from discogs_assistant.web.route_limits import COMPUTED
from discogs_assistant.web.session import TheVisitor, Visitor

router = APIRouter(prefix="/search", include_in_schema=False, dependencies=COMPUTED)
_LONGEST = 100


@router.get("")
def page(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """What the address looks for, a page of it; how to begin where it looks for nothing."""
    try:
        question = read_question(query)
    except InvalidFieldsError as error:
        return _page(visitor, query.refused(error.fields), Question(), 422)
    return _page(visitor, query, question)


@router.get("/suggestions")
def suggestions(visitor: TheVisitor, query: TheQuery) -> HTMLResponse:
    """What may be meant by what is typed so far."""
    typed = query.text("q").strip()[:_LONGEST]
    found = (
        catalogue_suggestions.suggestions(visitor.ctx.db, visitor.ctx.catalogue, typed, owner=visitor.owner)
        if typed
        else []
    )
    return visitor.page("catalogue/search_suggestions.html", found=found, typed=typed, all=query_of(query))


def _page(visitor: Visitor, form: Form, question: Question, status: int = 200) -> HTMLResponse:
    return visitor.page(
        "catalogue/search.html",
        status,
        form=form,
        narrowed=sum(bool(form.text(name).strip()) for name in (*NARROW, *FILTERS, "decade")),
        found=search_view(visitor, form, question) if question != Question() else None,
        state=catalogue_state(visitor.ctx.catalogue),
        narrow=NARROW,
        filters=FILTERS,
        decades=DECADES,
    )
